#include "health/customer_note.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

namespace fettle::health {
namespace {

using settings::Fields;
using settings::Mistakes;
using settings::Node;

constexpr std::size_t longest_note = 260;  // characters; with long names filled in it must stay below 300

/// A customer reads the note: words that alarm are the technician's, not the customer's.
constexpr std::array<std::string_view, 10> alarming{"fault",  "failure", "broken",    "urgent", "alarm",
                                                    "danger", "defect",  "emergency", "damage", "error"};
constexpr std::array<std::string_view, 3> placeholders{"building", "floor", "area"};

void check_words(const std::string& note, const Node& node, Mistakes& mistakes) {
  const auto letter = [](unsigned char c) { return std::isalpha(c) != 0; };
  std::string lower;
  for (const char c : note) lower += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  for (const auto word : alarming) {
    for (auto at = lower.find(word); at != std::string::npos; at = lower.find(word, at + 1)) {
      if (at > 0 && letter(static_cast<unsigned char>(lower[at - 1]))) continue;
      mistakes.add(node, fmt::format("\"{}\" alarms a customer; say it kindly", word));
      break;
    }
  }
}

/// Two capitals in a row, or a digit beside a letter, are how codes and part numbers look.
void check_codes(std::string_view note, const Node& node, Mistakes& mistakes) {
  const auto is_upper = [](char c) { return c >= 'A' && c <= 'Z'; };
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto is_letter = [](char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; };
  for (std::size_t at = 1; at < note.size(); ++at) {
    const char left = note[at - 1];
    const char right = note[at];
    const bool mixed = (is_digit(left) && is_letter(right)) || (is_letter(left) && is_digit(right));
    if (!mixed && !(is_upper(left) && is_upper(right))) continue;
    mistakes.add(node, fmt::format("\"{}\" looks like a code; a customer cannot know it", note.substr(at - 1, 2)));
    return;
  }
}

void check_placeholders(std::string_view note, const Node& node, Mistakes& mistakes) {
  for (auto begin = note.find('{'); begin != std::string_view::npos; begin = note.find('{', begin + 1)) {
    const auto end = note.find('}', begin);
    const auto name = note.substr(begin + 1, end == std::string_view::npos ? end : end - begin - 1);
    if (end != std::string_view::npos &&
        std::find(placeholders.begin(), placeholders.end(), name) != placeholders.end())
      continue;
    mistakes.add(node, fmt::format("\"{{{}\" is no placeholder (there are {{building}}, {{floor}} and {{area}})",
                                   note.substr(begin + 1, end == std::string_view::npos ? end : end - begin)));
  }
}

}  // namespace

std::string read_note(Fields& fields, std::string_view key) {
  auto note = fields.text(key, "");
  const auto node = fields.node()[key];
  const auto is_first_byte = [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; };
  const auto length = static_cast<std::size_t>(std::count_if(note.begin(), note.end(), is_first_byte));
  if (length > longest_note) {
    fields.mistakes().add(
        node, fmt::format("the note has {} characters; at most {} leave room for names", length, longest_note));
  }
  check_words(note, node, fields.mistakes());
  check_codes(note, node, fields.mistakes());
  check_placeholders(note, node, fields.mistakes());
  return note;
}

}  // namespace fettle::health
