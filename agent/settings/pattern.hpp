#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace fettle::settings {

/// What stands for what in one repetition of an entry: {"n": "4", "flat": "1.04"}.
using Variables = std::map<std::string, std::string, std::less<>>;

/// A text with places for variables: "METER-{n:02}". "{{" and "}}" stand for the braces themselves.
struct Pattern {
  /// Some text, and a variable behind it.
  struct Piece {
    std::string text;
    std::string variable;      ///< empty at the end of a pattern
    std::size_t width = 0;     ///< a number is filled up with zeros to so many digits; 0: it is left alone
    std::size_t position = 0;  ///< of the variable's brace
  };

  std::vector<Piece> pieces;
  std::string mistake;       ///< empty if the text can be read
  std::size_t position = 0;  ///< of what is wrong
};

/// True if a text is anything but itself.
bool is_pattern(std::string_view text);

Pattern read_pattern(std::string_view text);

/// With every variable in its place; one that is not among `variables` leaves nothing.
std::string fill(const Pattern& pattern, const Variables& variables);

/// [a-z][a-z0-9_]*
bool is_variable_name(std::string_view text);

/// Digits alone.
bool is_natural_number(std::string_view text);

}  // namespace fettle::settings
