#pragma once

#include "commands/table.hpp"

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace fettle::commands {

using Lines = std::vector<std::vector<Cell>>;

/// Takes out every column that has nothing but "-" or blanks under its name.
void drop_empty_columns(Lines& lines);

/// Makes a table as narrow as a terminal: takes out the columns of these names, one after the other, until the rest fits; what is still too
/// wide then loses the ends of its longest cells.
void fit(Lines& lines, std::size_t columns, std::span<const std::string_view> dispensable);

/// A text on lines of at most so many characters, broken between words; all but the first begin with so many blanks.
std::string wrapped(std::string_view text, std::size_t columns, std::size_t indent);

}  // namespace fettle::commands
