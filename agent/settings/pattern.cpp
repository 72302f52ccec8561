#include "settings/pattern.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <utility>

namespace fettle::settings {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// What stands between two braces: "n" or "n:02". False if it is neither.
bool read_inside(std::string_view inside, Pattern::Piece& piece) {
  const auto colon = inside.find(':');
  piece.variable = inside.substr(0, colon);
  if (!is_variable_name(piece.variable)) return false;
  if (colon == std::string_view::npos) return true;
  const auto width = inside.substr(colon + 1);
  if (width.size() != 2 || width[0] != '0' || !is_digit(width[1]) || width[1] == '0') return false;
  piece.width = static_cast<std::size_t>(width[1] - '0');
  return true;
}

}  // namespace

bool is_variable_name(std::string_view text) {
  const auto letter = [](char c) { return c >= 'a' && c <= 'z'; };
  return !text.empty() && letter(text.front()) &&
         std::all_of(text.begin(), text.end(), [&](char c) { return letter(c) || is_digit(c) || c == '_'; });
}

bool is_natural_number(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

bool is_pattern(std::string_view text) { return text.find('{') != text.npos || text.find("}}") != text.npos; }

Pattern read_pattern(std::string_view text) {
  Pattern pattern;
  Pattern::Piece piece;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool doubled = i + 1 < text.size() && text[i + 1] == text[i];
    if (text[i] != '{') {
      piece.text += text[i];
      if (text[i] == '}' && doubled) ++i;
      continue;
    }
    if (doubled) {
      piece.text += text[i++];
      continue;
    }
    const auto end = text.find('}', i);
    piece.position = i;
    if (end == std::string_view::npos || !read_inside(text.substr(i + 1, end - i - 1), piece)) {
      pattern.position = i;
      pattern.mistake = fmt::format("\"{}\" is no variable (write {{n}} or {{n:02}}, and {{{{ for a brace)",
                                    text.substr(i, end == std::string_view::npos ? end : end - i + 1));
      return pattern;
    }
    pattern.pieces.push_back(std::exchange(piece, {}));
    i = end;
  }
  pattern.pieces.push_back(std::move(piece));
  return pattern;
}

std::string fill(const Pattern& pattern, const Variables& variables) {
  std::string text;
  for (const auto& piece : pattern.pieces) {
    text += piece.text;
    const auto found = variables.find(piece.variable);
    if (found == variables.end()) continue;
    const auto& value = found->second;
    text += std::string(piece.width - std::min(piece.width, value.size()), '0') + value;
  }
  return text;
}

}  // namespace fettle::settings
