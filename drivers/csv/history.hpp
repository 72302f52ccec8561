#pragma once

#include "acquisition/registers.hpp"
#include "core/result.hpp"
#include "core/zone.hpp"
#include "csv/number.hpp"
#include "csv/stamp.hpp"
#include "csv/table.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fettle::csv {

/// Which columns of a recorded history mean what.
struct Layout {
  std::string time_column;
  StampFormat format;
  Zone zone;  ///< of times that name no offset
  Decimal decimal = Decimal::guess;
  struct Column {
    std::string name;
    text::States states;
  };
  std::vector<Column> columns;
};

/// All that was recorded for one moment.
struct Row {
  Time time{};
  std::vector<acquisition::Decoded> cells;  ///< in the layout's order, before scaling
};

/// What was left out, and where that was.
struct Left {
  std::uint64_t undated = 0;       ///< rows whose time cannot be read
  std::uint64_t repeated = 0;      ///< rows of a moment that there was one of already
  std::uint64_t late = 0;          ///< rows from before the one in front of them
  std::uint64_t wide = 0;          ///< rows with more cells than the header names
  std::uint64_t unclosed = 0;      ///< lines that a quote took in which is never closed
  std::uint64_t garbled = 0;       ///< cells that are no number; the rest of their rows counts
  std::vector<std::string> named;  ///< the first few rows: "ahu.csv:17: ..."
  std::vector<std::string> named_cells;
  std::uint64_t rows = 0;  ///< that were looked at
  char delimiter = ',';    ///< of the last file

  std::uint64_t all() const { return undated + repeated + late + wide + unclosed; }
  /// "2 without a time, 0 repeated, ...", and what to do where most rows are left out for one reason.
  std::string reasons() const;
  std::string remedy() const;
};

/// Recorded history, row by row, from the oldest to the newest; never more of it in memory than one row. Several files follow each other
/// in the order they are given in. A file that begins with its newest row is read from its end. Asks no clock.
class History {
 public:
  History(Layout layout, std::vector<std::string> files);

  /// The next row; null at the end. An Error about a file ends the history.
  Result<const Row*> next();

  /// How the cell at a place of the layout was written in the row that was given last.
  std::string_view text(std::size_t place) const { return picker_.cells().at(place + 1); }

  const Left& left() const { return left_; }
  /// How many bytes were read so far, and how many there are in all.
  std::uint64_t bytes_read();
  std::uint64_t bytes() const { return bytes_; }

 private:
  Result<bool> open_next();
  void find_direction();
  std::optional<Moments> moments() const;
  bool next_cells();
  bool take_cells();
  bool accept();
  bool is_whole();
  void leave(std::uint64_t& count, const std::function<std::string()>& why);
  std::string why_undated() const;
  void decode();

  Layout layout_;
  std::vector<std::string> files_;
  std::size_t opened_ = 0;
  std::optional<Table> table_;
  CellPicker picker_;  ///< the time, then the values
  std::uint64_t bytes_ = 0, bytes_before_ = 0;
  bool newest_first_ = false;
  std::vector<Table::Place> backwards_;  ///< where the rows begin that are still to be read, if the newest comes first
  Row row_;
  std::optional<Time> last_;
  Left left_;
};

/// Fails with the names that there are if a file lacks a column of the layout.
Result<std::vector<std::size_t>> find_columns(const Table& table, const std::vector<std::string>& names);

}  // namespace fettle::csv
