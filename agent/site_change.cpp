#include "site_change.hpp"

#include <fmt/format.h>

namespace fettle {
namespace {

constexpr std::size_t longest_list = 5;

std::string first_of(const settings::Mistakes& mistakes) {
  std::string text;
  std::size_t listed = 0;
  for (const auto& each : mistakes.all()) {
    if (++listed > longest_list) return fmt::format("{}; and {} more", text, mistakes.size() - longest_list);
    text += (text.empty() ? "" : "; ") + settings::to_text(each);
  }
  return text;
}

}  // namespace

Result<Installation> patched_installation(const Installation& now, const SitePatches& patches) {
  try {
    auto then = load_installation(now.site.file, patches);
    if (const auto lasting = lasting_change(now, then)) {
      return failure(Fault::refused,
                     lasting->path() + " cannot be changed from afar (an installer changes it on the gateway)");
    }
    if (leaves_out_more(now, then)) return failure(Fault::malformed, first_of(then.confined));
    return then;
  } catch (const settings::SettingsError& error) {
    return failure(Fault::malformed, first_of(error.mistakes()));
  }
}

std::optional<settings::Node> lasting_change(const Installation& now, const Installation& then) {
  const auto& root = then.site.root;
  if (now.site.gateway.id != then.site.gateway.id) return root["gateway"]["id"];
  if (now.site.store != then.site.store) return root["store"]["folder"];
  if (now.site.broker && !then.site.broker) return root["broker"];
  return std::nullopt;
}

bool leaves_out_more(const Installation& now, const Installation& then) {
  return then.confined.size() > now.confined.size() || then.missing > now.missing;
}

}  // namespace fettle
