#pragma once

#include "core/time.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fettle::commands {

enum class Colours : bool { off, on };
enum class Tone : unsigned char { plain, good, warning, bad, faint, fresh };

/// Colours where a person looks at the standard output, and none in a pipe or with NO_COLOR.
Colours colours_of_stdout();

std::string painted(std::string_view text, Tone tone, Colours colours);

enum class Side : bool { left, right };

struct Cell {
  std::string text;
  Tone tone = Tone::plain;
  Side side = Side::left;  ///< of its column that it keeps to: numbers to the right
};

inline Cell number_cell(std::string text, Tone tone = Tone::plain) { return {std::move(text), tone, Side::right}; }

/// How many errors there were, none of which is good.
inline Cell errors_cell(std::uint64_t count) {
  return number_cell(std::to_string(count), count == 0 ? Tone::plain : Tone::bad);
}

/// Lines of cells in columns, the first line in faint letters as their names.
std::string to_text(const std::vector<std::vector<Cell>>& lines, Colours colours);

/// How many characters a text takes on a terminal; colours take no room.
std::size_t width_of(std::string_view text);

inline constexpr std::size_t endless = std::string::npos;  ///< wide, as a pipe is

/// How wide the terminal is that this descriptor leads to; nothing for a pipe or a file.
std::optional<std::size_t> terminal_columns(int descriptor);

/// The text cut off after so many characters, with whatever colour was on switched off. Colours take no room.
std::string clipped(std::string_view text, std::size_t width);

/// "2026-11-21 09:14" in UTC.
std::string minute_text(Time time);

}  // namespace fettle::commands
