#pragma once

#include "acquisition/registers.hpp"
#include "core/result.hpp"
#include "core/zone.hpp"
#include "csv/number.hpp"
#include "csv/stamp.hpp"
#include "csv/table.hpp"

#include <cstdint>
#include <optional>
#include <string>
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
  std::vector<std::string> texts;           ///< the same as they were written
};

/// What was left out, and where that was first.
struct Left {
  std::uint64_t undated = 0;   ///< rows whose time cannot be read
  std::uint64_t repeated = 0;  ///< rows of a moment that there was one of already
  std::uint64_t late = 0;      ///< rows from before the one in front of them
  std::string first;           ///< "ahu.csv:17: ..."

  std::uint64_t all() const { return undated + repeated + late; }
};

/// Recorded history, row by row, from the oldest to the newest; never more of it in memory than one row. Several files follow each other
/// in the order they are given in. A file that begins with its newest row is read from its end. Asks no clock.
class History {
 public:
  History(Layout layout, std::vector<std::string> files) : layout_{std::move(layout)}, files_{std::move(files)} {}

  /// The next row; null at the end. An Error about a file ends the history.
  Result<const Row*> next();

  const Left& left() const { return left_; }

 private:
  struct Columns {
    std::size_t time = 0;
    std::vector<std::size_t> values;
  };

  Result<bool> open_next();
  void find_direction();
  std::optional<Moments> moments_of(const std::vector<std::string>& cells) const;
  bool next_cells();
  bool accept();
  void leave(std::uint64_t& count, std::string_view why);
  void decode();

  Layout layout_;
  std::vector<std::string> files_;
  std::size_t opened_ = 0;
  std::optional<Table> table_;
  Columns columns_;
  bool newest_first_ = false;
  std::vector<Table::Place> backwards_;  ///< where the rows begin that are still to be read, if the newest comes first
  std::vector<std::string> cells_;
  Row row_;
  std::optional<Time> last_;
  Left left_;
};

/// Fails with the names that there are if a file lacks a column of the layout.
Result<std::vector<std::size_t>> find_columns(const Table& table, const std::vector<std::string>& names);

}  // namespace fettle::csv
