#pragma once

#include "core/time.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fettle::delivery {

/// A text member of an object; empty if there is none.
inline std::string text_of(const boost::json::object& object, std::string_view key) {
  const auto* const value = object.if_contains(key);
  return value != nullptr && value->is_string() ? boost::json::value_to<std::string>(*value) : std::string{};
}

/// Reads the members of a JSON object one by one; a member of the wrong kind is noted in `problem` and reads as absent.
class Members {
 public:
  Members(const boost::json::object* object, std::string& problem) : object_{object}, problem_{problem} {}

  bool has(std::string_view key) const { return find(key) != nullptr; }
  std::string text(std::string_view key) const {
    const auto* const value = find(key);
    if (value == nullptr || !fits(value->is_string(), key)) return {};
    return boost::json::value_to<std::string>(*value);
  }
  std::optional<double> number(std::string_view key) const {
    const auto* const value = find(key);
    if (value == nullptr || value->is_null() || !fits(value->is_number(), key)) return std::nullopt;
    return value->to_number<double>();
  }
  int integer(std::string_view key) const {
    const auto value = number(key).value_or(0);
    return fits(std::abs(value) <= std::numeric_limits<int>::max(), key) ? static_cast<int>(value) : 0;
  }
  bool flag(std::string_view key) const {
    const auto* const value = find(key);
    return value != nullptr && fits(value->is_bool(), key) && value->get_bool();
  }
  std::optional<Time> time(std::string_view key) const {
    if (find(key) == nullptr) return std::nullopt;
    const auto value = parse_rfc3339(text(key));
    fits(value.has_value(), key);
    return value;
  }
  std::optional<Members> object(std::string_view key) const {
    const auto* const value = find(key);
    if (value == nullptr || !fits(value->is_object(), key)) return std::nullopt;
    return Members{&value->get_object(), problem_};
  }
  std::vector<Members> objects(std::string_view key) const {
    std::vector<Members> result;
    for (const auto& value : list(key)) {
      if (fits(value.is_object(), key)) result.emplace_back(&value.get_object(), problem_);
    }
    return result;
  }
  std::vector<std::string> texts(std::string_view key) const {
    std::vector<std::string> result;
    for (const auto& value : list(key)) {
      if (fits(value.is_string(), key)) result.push_back(boost::json::value_to<std::string>(value));
    }
    return result;
  }
  std::vector<double> numbers(std::string_view key) const {
    std::vector<double> result;
    for (const auto& value : list(key)) {
      result.push_back(value.is_number() ? value.to_number<double>() : std::numeric_limits<double>::quiet_NaN());
    }
    return result;
  }
  /// One of the words that `name_of` has for the first `count` values.
  template <class Word>
  Word word(std::string_view key, std::uint8_t count) const {
    const auto name = text(key);
    for (std::uint8_t each = 0; each < count; ++each) {
      if (name_of(static_cast<Word>(each)) == name) return static_cast<Word>(each);
    }
    fits(false, key);
    return {};
  }

 private:
  const boost::json::value* find(std::string_view key) const { return object_->if_contains(key); }
  bool fits(bool holds, std::string_view key) const {
    if (!holds && problem_.empty()) problem_ = fmt::format("\"{}\" is not what the contract says", key);
    return holds;
  }
  std::span<const boost::json::value> list(std::string_view key) const {
    const auto* const value = find(key);
    if (value == nullptr || !fits(value->is_array(), key)) return {};
    return {value->get_array().data(), value->get_array().size()};
  }

  const boost::json::object* object_;
  std::string& problem_;
};

}  // namespace fettle::delivery
