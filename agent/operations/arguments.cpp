#include "operations/arguments.hpp"

#include "core/level.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <boost/json.hpp>

namespace fettle::operations {
namespace {

constexpr std::size_t most_parts = 16;

}  // namespace

void Arguments::reject(std::string_view key, std::string_view what) {
  if (mistake_.empty()) mistake_ = fmt::format("{}.{} {}", path_, key, what);
}

const boost::json::value* Arguments::find(std::string_view key) const {
  const auto* value = object_.if_contains(key);
  return value == nullptr || value->is_null() ? nullptr : value;
}

bool Arguments::has(std::string_view key) const { return object_.contains(key); }

bool Arguments::is_null(std::string_view key) const {
  const auto* value = object_.if_contains(key);
  return value != nullptr && value->is_null();
}

std::string Arguments::text(std::string_view key, std::size_t shortest, std::size_t longest) {
  auto text = text_if_any(key, longest);
  if (text.size() < shortest) {
    reject(key, text.empty() ? "is missing" : fmt::format("is too short (at least {} characters)", shortest));
  }
  return text;
}

std::string Arguments::text_if_any(std::string_view key, std::size_t longest) {
  const auto* value = find(key);
  if (value == nullptr) return {};
  if (!value->is_string()) return reject(key, "must be a text"), std::string{};
  const std::string text{value->get_string()};
  if (text.size() > longest) return reject(key, fmt::format("is too long (at most {} bytes)", longest)), std::string{};
  return text;
}

std::string Arguments::level_if_any(std::string_view key) {
  auto text = text_if_any(key, 64);
  if (!text.empty() && !is_level(text)) reject(key, "may have letters, digits, - and _ only");
  return text;
}

Time Arguments::time(std::string_view key) {
  const auto time = time_if_any(key);
  if (!time) reject(key, "is missing (a time such as 2026-11-24T14:31:00Z)");
  return time.value_or(Time{});
}

std::optional<Time> Arguments::time_if_any(std::string_view key) {
  const auto* value = find(key);
  if (value == nullptr) return std::nullopt;
  const auto time = value->is_string() ? parse_rfc3339(value->get_string()) : std::nullopt;
  if (!time) reject(key, "is no time (write 2026-11-24T14:31:00Z)");
  return time;
}

std::optional<double> Arguments::number_if_any(std::string_view key, double lowest, double highest) {
  const auto* value = find(key);
  if (value == nullptr) return std::nullopt;
  const auto number = value->is_number() ? value->to_number<double>() : lowest - 1;
  if (number >= lowest && number <= highest) return number;
  reject(key, fmt::format("must be a number from {} to {}", lowest, highest));
  return std::nullopt;
}

std::optional<bool> Arguments::flag_if_any(std::string_view key) {
  const auto* value = find(key);
  if (value == nullptr) return std::nullopt;
  if (value->is_bool()) return value->get_bool();
  reject(key, "must be true or false");
  return std::nullopt;
}

std::vector<std::string> Arguments::texts_if_any(std::string_view key, std::size_t most) {
  const auto* value = find(key);
  if (value == nullptr) return {};
  std::vector<std::string> texts;
  if (!value->is_array() || value->get_array().size() > most) {
    reject(key, fmt::format("must be a list of at most {} texts", most));
    return texts;
  }
  for (const auto& each : value->get_array()) {
    if (!each.is_string()) reject(key, "must be a list of texts");
    if (each.is_string()) texts.emplace_back(each.get_string());
  }
  return texts;
}

boost::json::object Arguments::object_if_any(std::string_view key) {
  const auto* value = find(key);
  if (value == nullptr) return {};
  if (value->is_object()) return value->get_object();
  reject(key, "must be an object");
  return {};
}

std::optional<Reference> Arguments::reference_if_any(std::string_view key) {
  if (find(key) == nullptr) return std::nullopt;
  const auto object = object_if_any(key);
  Arguments inner{object, fmt::format("{}.{}", path_, key)};
  Reference reference{inner.text("system", 1, 64), inner.text("type", 1, 64), inner.text("id", 1, 128),
                      inner.text_if_any("url", 500)};
  if (mistake_.empty()) mistake_ = inner.mistake();
  return reference;
}

std::vector<Part> Arguments::parts_if_any(std::string_view key) {
  const auto* value = find(key);
  if (value == nullptr) return {};
  std::vector<Part> parts;
  if (!value->is_array() || value->get_array().size() > most_parts) {
    reject(key, fmt::format("must be a list of at most {} parts", most_parts));
    return parts;
  }
  for (const auto& each : value->get_array()) {
    if (!each.is_object()) return reject(key, "must be a list of {sku, qty}"), parts;
    Arguments inner{each.get_object(), fmt::format("{}.{}", path_, key)};
    parts.push_back({inner.text("sku", 1, 64), inner.text_if_any("name", 200),
                     inner.number_if_any("qty", 0.001, 100'000).value_or(0)});
    if (parts.back().quantity <= 0) inner.reject("qty", "is missing");
    if (mistake_.empty()) mistake_ = inner.mistake();
  }
  return parts;
}

}  // namespace fettle::operations
