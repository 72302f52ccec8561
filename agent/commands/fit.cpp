#include "commands/fit.hpp"

#include <algorithm>

namespace fettle::commands {
namespace {

constexpr std::size_t gap = 2;
constexpr std::size_t narrowest = 8;  ///< that a column is made
constexpr std::string_view ellipsis = "…";

std::size_t columns_in(const Lines& lines) {
  std::size_t count = 0;
  for (const auto& line : lines) count = std::max(count, line.size());
  return count;
}

std::size_t width_of_column(const Lines& lines, std::size_t column) {
  std::size_t width = 0;
  for (const auto& line : lines) {
    if (column < line.size()) width = std::max(width, width_of(line[column].text));
  }
  return width;
}

std::size_t width_of_all(const Lines& lines) {
  std::size_t width = 0;
  for (std::size_t column = 0; column < columns_in(lines); ++column)
    width += width_of_column(lines, column) + (column > 0 ? gap : 0);
  return width;
}

void drop(Lines& lines, std::size_t column) {
  for (auto& line : lines) {
    if (column < line.size()) line.erase(line.begin() + static_cast<std::ptrdiff_t>(column));
  }
}

void shorten(Lines& lines, std::size_t column, std::size_t width) {
  for (auto& line : lines) {
    if (column >= line.size() || width_of(line[column].text) <= width) continue;
    line[column].text = clipped(line[column].text, width - 1) + std::string{ellipsis};
  }
}

}  // namespace

void drop_empty_columns(Lines& lines) {
  for (auto column = columns_in(lines); column-- > 0;) {
    const auto says_nothing = [column](const std::vector<Cell>& line) {
      return column >= line.size() || line[column].text.empty() || line[column].text == "-";
    };
    if (lines.size() > 1 && std::all_of(lines.begin() + 1, lines.end(), says_nothing)) drop(lines, column);
  }
}

void fit(Lines& lines, std::size_t columns, std::span<const std::string_view> dispensable) {
  for (const auto name : dispensable) {
    if (lines.empty() || width_of_all(lines) <= columns) return;
    const auto& head = lines.front();
    const auto found = std::find_if(head.begin(), head.end(), [name](const Cell& each) { return each.text == name; });
    if (found != head.end()) drop(lines, static_cast<std::size_t>(found - head.begin()));
  }
  for (auto width = width_of_all(lines); width > columns; width = width_of_all(lines)) {
    std::size_t widest = 0;
    for (std::size_t column = 1; column < columns_in(lines); ++column) {
      if (width_of_column(lines, column) > width_of_column(lines, widest)) widest = column;
    }
    const auto own = width_of_column(lines, widest);
    if (own <= narrowest) return;
    shorten(lines, widest, std::max(narrowest, own - std::min(own, width - columns)));
  }
}

std::string wrapped(std::string_view text, std::size_t columns, std::size_t indent) {
  std::string result;
  std::size_t used = 0;
  while (!text.empty()) {
    const auto blanks = std::min(text.find_first_not_of(' '), text.size());
    const auto end = std::min(text.find(' ', blanks), text.size());
    const auto word = text.substr(blanks, end - blanks);
    const bool begins = result.empty();
    if (!begins && used + blanks + width_of(word) > columns && columns > indent) {
      result.append("\n").append(indent, ' ').append(word);
      used = indent + width_of(word);
    } else {
      result.append(text.substr(0, end));
      used += blanks + width_of(word);
    }
    text.remove_prefix(end);
  }
  return result;
}

}  // namespace fettle::commands
