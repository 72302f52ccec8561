#include "operations/operation.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace fettle::operations {
namespace {

template <Tier tier>
const auto& registered() {
  return Registry<Operation<tier>>::instance();
}

template <Tier tier>
std::optional<Deed> perform_if(Desk& desk, const Claims& claims) {
  const auto* entry = registered<tier>().find(claims.op);
  return entry == nullptr ? std::nullopt : std::optional{entry->make(desk, claims)};
}

template <Tier tier>
void append_names(std::vector<std::string>& names) {
  for (const auto& [name, entry] : registered<tier>().entries()) names.push_back(name);
}

}  // namespace

std::optional<Tier> tier_of(std::string_view name) {
  if (registered<Tier::read>().find(name) != nullptr) return Tier::read;
  if (registered<Tier::service>().find(name) != nullptr) return Tier::service;
  if (registered<Tier::maintenance>().find(name) != nullptr) return Tier::maintenance;
  return std::nullopt;
}

std::vector<std::string> names() {
  std::vector<std::string> names;
  append_names<Tier::read>(names);
  append_names<Tier::service>(names);
  append_names<Tier::maintenance>(names);
  return names;
}

std::vector<std::string> signed_names() {
  std::vector<std::string> names;
  append_names<Tier::maintenance>(names);
  return names;
}

Deed perform(Desk& desk, const Claims& claims) {
  if (auto deed = perform_if<Tier::read>(desk, claims)) return std::move(*deed);
  if (auto deed = perform_if<Tier::service>(desk, claims)) return std::move(*deed);
  if (auto deed = perform_if<Tier::maintenance>(desk, claims)) return std::move(*deed);
  return refusal(404, fmt::format("there is no operation {}", claims.op));
}

Deed refusal(int status, std::string error, std::string hint) {
  Deed deed;
  deed.answer.status = status;
  deed.answer.error = std::move(error);
  deed.answer.hint = std::move(hint);
  return deed;
}

}  // namespace fettle::operations
