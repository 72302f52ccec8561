#include "delivery/json_writer.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <boost/json/serialize.hpp>
#include <cmath>
#include <iterator>

namespace fettle::delivery {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";
constexpr std::string_view ellipsis = "\xE2\x80\xA6";
constexpr std::size_t longest_list = 16;

unsigned octet(char letter) { return static_cast<unsigned char>(letter); }

/// What may follow a first byte (Unicode, table 3-7: no overlong forms, no surrogates, nothing beyond U+10FFFF).
struct Form {
  unsigned first_low, first_high;
  unsigned second_low, second_high;
  std::size_t length;
};

constexpr std::array<Form, 9> forms{{
    {0x00, 0x7F, 0x00, 0x00, 1},
    {0xC2, 0xDF, 0x80, 0xBF, 2},
    {0xE0, 0xE0, 0xA0, 0xBF, 3},
    {0xE1, 0xEC, 0x80, 0xBF, 3},
    {0xED, 0xED, 0x80, 0x9F, 3},
    {0xEE, 0xEF, 0x80, 0xBF, 3},
    {0xF0, 0xF0, 0x90, 0xBF, 4},
    {0xF1, 0xF3, 0x80, 0xBF, 4},
    {0xF4, 0xF4, 0x80, 0x8F, 4},
}};

bool follows(std::string_view bytes, const Form& form) {
  if (bytes.size() < form.length) return false;
  if (form.length > 1 && (octet(bytes[1]) < form.second_low || octet(bytes[1]) > form.second_high)) return false;
  const auto rest = bytes.substr(0, form.length).substr(std::min<std::size_t>(2, form.length));
  return std::all_of(rest.begin(), rest.end(), [](char letter) { return (octet(letter) & 0xC0U) == 0x80; });
}

/// The length of the character in front of `bytes`; 0 if they are no UTF-8.
std::size_t character_length(std::string_view bytes) {
  const unsigned first = octet(bytes.front());
  const auto* const form = std::find_if(forms.begin(), forms.end(), [first](const Form& each) {
    return first >= each.first_low && first <= each.first_high;
  });
  return form != forms.end() && follows(bytes, *form) ? form->length : 0;
}

/// Nothing of it has to be escaped, and each byte is a character.
bool is_simple(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char letter) {
    return octet(letter) >= 0x20 && octet(letter) < 0x7F && letter != '"' && letter != '\\';
  });
}

std::string escaped(char letter) {
  switch (letter) {
    case '"': return "\\\"";
    case '\\': return "\\\\";
    case '\n': return "\\n";
    case '\r': return "\\r";
    case '\t': return "\\t";
    default:
      return octet(letter) < 0x20 || octet(letter) == 0x7F ? fmt::format("\\u{:04x}", octet(letter))
                                                           : std::string(1, letter);
  }
}

}  // namespace

std::string plain_text(std::string_view text, std::size_t limit) {
  if (text.size() <= limit && is_simple(text)) return std::string{text};
  std::vector<std::string_view> characters;
  while (!text.empty() && characters.size() <= limit) {
    const auto length = character_length(text);
    characters.push_back(length == 0 ? replacement : text.substr(0, length));
    text.remove_prefix(std::max<std::size_t>(1, length));
  }
  if (characters.size() > limit) {
    characters.resize(limit);
    if (limit > 0) characters.back() = ellipsis;
  }
  std::string result;
  for (const auto character : characters) result += character;
  return result;
}

double significant(double value, int digits) {
  if (value == 0 || !std::isfinite(value)) return value;
  // What a meter counts is whole as a rule, and has not more digits than that.
  if (std::abs(value) < std::pow(10, digits) && std::trunc(value) == value) return value;
  return std::stod(fmt::format("{:.{}e}", value, digits - 1));
}

double decimals(double value, int digits) { return std::stod(fmt::format("{:.{}f}", value, digits)); }

std::string number_text(double value) {
  if (value == 0) return "0";
  const double size = std::abs(value);
  return size >= 1e-4 && size < 1e15 ? fmt::format("{}", value) : fmt::format("{:e}", value);
}

std::string json_text(const boost::json::value& value) {
  std::string text;
  if (const auto* const object = value.if_object()) {
    for (const auto& [key, member] : *object) {
      text += fmt::format("{}{}:{}", text.empty() ? "" : ",", boost::json::serialize(key), json_text(member));
    }
    return "{" + text + "}";
  }
  if (const auto* const list = value.if_array()) {
    for (const auto& entry : *list) text += (text.empty() ? "" : ",") + json_text(entry);
    return "[" + text + "]";
  }
  if (const auto* const number = value.if_double()) return std::isfinite(*number) ? number_text(*number) : "null";
  return boost::json::serialize(value);
}

void JsonWriter::separate() {
  if (!first_) json_ += ',';
  first_ = false;
}

void JsonWriter::key(std::string_view key) {
  separate();
  quoted(key);
  json_ += ':';
}

void JsonWriter::quoted(std::string_view text) {
  json_ += '"';
  if (is_simple(text)) {
    json_ += text;
  } else {
    for (const char letter : text) json_ += escaped(letter);
  }
  json_ += '"';
}

void JsonWriter::open_object() {
  separate();
  json_ += '{';
  first_ = true;
}

void JsonWriter::open_object(std::string_view key) {
  this->key(key);
  json_ += '{';
  first_ = true;
}

void JsonWriter::open_list(std::string_view key) {
  this->key(key);
  json_ += '[';
  first_ = true;
}

void JsonWriter::close_object() {
  json_ += '}';
  first_ = false;
}

void JsonWriter::close_list() {
  json_ += ']';
  first_ = false;
}

void JsonWriter::text(std::string_view key, std::string_view value, std::size_t limit) {
  this->key(key);
  if (value.size() <= limit && is_simple(value)) return quoted(value);
  quoted(plain_text(value, limit));
}

void JsonWriter::text_if_any(std::string_view key, std::string_view value, std::size_t limit) {
  if (!value.empty()) text(key, value, limit);
}

void JsonWriter::number(std::string_view key, double value) {
  this->key(key);
  json_ += std::isfinite(value) ? number_text(value) : "null";
}

void JsonWriter::integer(std::string_view key, std::int64_t value) {
  this->key(key);
  fmt::format_to(std::back_inserter(json_), "{}", value);
}

void JsonWriter::flag(std::string_view key, bool value) {
  this->key(key);
  json_ += value ? "true" : "false";
}

void JsonWriter::null(std::string_view key) {
  this->key(key);
  json_ += "null";
}

void JsonWriter::time(std::string_view key, Time value) { text(key, to_rfc3339(value)); }

void JsonWriter::texts_if_any(std::string_view key, std::span<const std::string> values) {
  if (values.empty()) return;
  open_list(key);
  for (const auto& value : values.first(std::min(values.size(), longest_list))) {
    separate();
    quoted(plain_text(value, usual_limit));
  }
  close_list();
}

void JsonWriter::numbers(std::string_view key, std::span<const double> values) {
  open_list(key);
  for (const double value : values) {
    separate();
    json_ += std::isfinite(value) ? number_text(value) : "null";
  }
  close_list();
}

}  // namespace fettle::delivery
