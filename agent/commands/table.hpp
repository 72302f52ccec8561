#pragma once

#include "core/time.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace fettle::commands {

enum class Colours : bool { off, on };
enum class Tone : unsigned char { plain, good, warning, bad, faint, fresh };

/// Colours where a person looks at the standard output, and none in a pipe or with NO_COLOR.
Colours colours_of_stdout();

std::string painted(std::string_view text, Tone tone, Colours colours);

struct Cell {
  std::string text;
  Tone tone = Tone::plain;
};

/// Lines of cells in columns, the first line in faint letters as their names.
std::string to_text(const std::vector<std::vector<Cell>>& lines, Colours colours);

/// The text cut off after so many characters, with whatever colour was on switched off. Colours take no room.
std::string clipped(std::string_view text, std::size_t width);

/// "2026-11-21 09:14" in UTC.
std::string minute_text(Time time);

}  // namespace fettle::commands
