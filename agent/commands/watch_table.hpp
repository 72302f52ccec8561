#pragma once

#include "commands/table.hpp"
#include "field_watch.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace fettle::commands {

/// How much a terminal shows.
struct Window {
  std::size_t columns = 80, rows = 24;
};

/// Draws the field for people, and remembers what it has drawn, so that changes stand out.
class WatchTable {
 public:
  explicit WatchTable(Colours colours) : colours_{colours} {}

  /// One screen: as many points as there is room for, beginning with the `first`, and the lines below them.
  std::vector<std::string> screen(const FieldView& view, Window window, std::size_t first);
  /// Everything, for a pipe or a printer.
  std::string whole(const FieldView& view);
  /// One line for each reading since the last call, and one for each new hint.
  std::string news(const FieldView& view);

 private:
  std::vector<std::string> points(const FieldView& view, std::size_t columns);
  std::vector<std::string> lines(const FieldView& view, std::size_t columns) const;
  void remember(const FieldView& view);

  Colours colours_;
  std::vector<Reading> before_;  ///< by point, as drawn last
  std::vector<std::string> hints_;
};

/// The quality of every line and device, with the hints above; one line an element. Columns that do not fit are
/// left out.
std::vector<std::string> line_table(const std::vector<BusStatus>& buses, Colours colours,
                                    std::size_t columns = endless);

/// "0.4 s", "12 s", "3 min", "2 h", "5 d".
std::string age_text(Duration age);

}  // namespace fettle::commands
