#include "mqtt/payload.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace fettle::mqtt_input {
namespace {

using acquisition::Decoded;
namespace json = boost::json;

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t longest_raw = 40;

Member member_of_text(std::string_view text, const text::States& states) {
  text = text::trimmed(text);
  return {std::string{text.substr(0, longest_raw)}, text::number_of(text, states)};
}

Member member_of(const json::value& value, const text::States& states) {
  if (value.is_string()) return member_of_text(std::string_view{value.get_string()}, states);
  const auto raw = json::serialize(value).substr(0, longest_raw);
  if (const auto state = states.find(raw); state != states.end()) return {raw, {state->second, Reason::none}};
  if (value.is_number()) return {raw, {value.to_number<double>(), Reason::none}};
  if (value.is_bool()) return {raw, {value.get_bool() ? 1.0 : 0.0, Reason::none}};
  return {raw, {not_a_number, value.is_null() ? Reason::no_value : Reason::malformed}};
}

bool says(std::string_view text, std::string_view word) {
  return text.size() == word.size() && std::equal(text.begin(), text.end(), word.begin(), [](char left, char right) {
           return left == right || left == right - 'a' + 'A';
         });
}

std::optional<bool> availability_in(std::string_view text) {
  constexpr std::array<std::string_view, 4> there{"online", "true", "1", "connected"};
  constexpr std::array<std::string_view, 4> away{"offline", "false", "0", "disconnected"};
  for (const auto word : there) {
    if (says(text, word)) return true;
  }
  for (const auto word : away) {
    if (says(text, word)) return false;
  }
  return std::nullopt;
}

}  // namespace

const json::value* Payload::document() {
  if (!parsed_) {
    parsed_ = true;
    json::error_code error;
    auto value = json::parse(json::string_view{text_.data(), text_.size()}, error);
    if (!error) document_ = std::move(value);
  }
  return document_ ? &*document_ : nullptr;
}

std::optional<Member> Payload::at(std::string_view pointer, const text::States& states) {
  if (pointer.empty()) return member_of_text(text_, states);
  const auto* const whole = document();
  if (whole == nullptr) return Member{std::string{text_.substr(0, longest_raw)}, {not_a_number, Reason::malformed}};
  json::error_code error;
  const auto* const found = whole->find_pointer(json::string_view{pointer.data(), pointer.size()}, error);
  if (found == nullptr) return std::nullopt;
  return member_of(*found, states);
}

std::optional<bool> Payload::availability() {
  const auto plain = text::trimmed(text_);
  if (!plain.starts_with('{')) return availability_in(plain);
  const auto* const whole = document();
  const auto* const state = whole == nullptr ? nullptr : whole->get_object().if_contains("state");
  if (state == nullptr || !state->is_string()) return std::nullopt;
  return availability_in(std::string_view{state->get_string()});
}

bool is_pointer(std::string_view pointer) {
  if (!pointer.empty() && pointer.front() != '/') return false;
  for (auto place = pointer.find('~'); place != std::string_view::npos; place = pointer.find('~', place + 1)) {
    if (place + 1 >= pointer.size() || (pointer[place + 1] != '0' && pointer[place + 1] != '1')) return false;
  }
  return true;
}

}  // namespace fettle::mqtt_input
