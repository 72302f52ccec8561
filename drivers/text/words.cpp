#include "text/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

namespace fettle::text {
namespace {

using acquisition::Decoded;

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

/// How software says that it has no value, in small letters.
constexpr std::array<std::string_view, 14> nothings{"",    "-",    "--", "---",     "nan",         "null",    "none",
                                                    "n/a", "#n/a", "na", "unknown", "unavailable", "#value!", "nil"};

std::string in_small_letters(std::string_view text) {
  std::string result{text};
  for (auto& letter : result) {
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  }
  return result;
}

std::string to_words(const std::optional<Decoded>& decoded) {
  if (!decoded) return "nothing";
  if (decoded->reason != Reason::none) return std::string{name_of(decoded->reason)};
  return fmt::format("{:.9g}", decoded->value);
}

}  // namespace

States read_states(settings::Fields& fields) {
  States states;
  const auto node = fields.child("states");
  if (!node) return states;
  settings::Fields words{node, fields.mistakes()};
  for (const auto& [word, value] : node.entries()) states.emplace(word, words.number(word, -1e9, 1e9));
  return states;
}

std::optional<double> parse_number(std::string_view text) {
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
  double value = 0;
  const auto* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const auto begin = text.find_first_not_of(blanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

Decoded number_of(std::string_view text, const States& states) {
  text = trimmed(text);
  if (const auto state = states.find(text); state != states.end()) return {state->second, Reason::none};
  if (const auto number = parse_number(text)) return {*number, Reason::none};
  const auto small = in_small_letters(text);
  if (small == "true") return {1, Reason::none};
  if (small == "false") return {0, Reason::none};
  const bool nothing = std::find(nothings.begin(), nothings.end(), small) != nothings.end();
  return {not_a_number, nothing ? Reason::no_value : Reason::malformed};
}

void compare_example(const acquisition::DeviceProfile& profile, settings::Fields& example,
                     std::span<const std::optional<Decoded>> decoded) {
  for (const auto& [name, node] : example.required_child("readings").entries()) {
    const auto point = profile.find(name);
    if (!point) {
      example.mistakes().add(node, fmt::format("the profile has no point \"{}\"", name));
      continue;
    }
    const auto number = parse_number(node.scalar());
    const auto promised = number ? fmt::format("{:.9g}", *number) : node.scalar();
    const auto found = to_words(decoded[*point]);
    if (found == promised) continue;
    example.mistakes().add(node, fmt::format("the example gives {} for \"{}\", not {}", found, name, promised));
  }
}

}  // namespace fettle::text
