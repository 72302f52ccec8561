#pragma once

#include "core/result.hpp"

#include <cstdint>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fettle::csv {

/// A text file of rows (RFC 4180, and what spreadsheets make of it): the delimiter is the one that its header has most of, cells may be
/// quoted and then hold anything, lines end as they like, a byte order mark is passed over.
class Table {
 public:
  /// Reads the header. The error names file and remedy.
  static Result<Table> open(const std::string& file);
  /// A table without rows.
  static Table of_header(std::string_view header);

  const std::string& file() const { return file_; }
  char delimiter() const { return delimiter_; }
  /// Without blanks at both ends.
  const std::vector<std::string>& header() const { return header_; }
  std::optional<std::size_t> column(std::string_view name) const;

  /// The next row that is not empty; false at the end.
  bool next(std::vector<std::string>& cells);
  /// The same, to be looked at in record().
  bool next();
  /// What was read last, as it stands in the file: the header, or a row.
  const std::string& record() const { return record_; }
  /// Where it stands, counted from 1, and how many lines it has.
  std::uint64_t line() const { return line_; }
  std::uint64_t lines() const { return read_ + 1 - line_; }
  /// A quote in it is never closed: what follows in the file belongs to it, whatever it was meant to be.
  bool is_open() const { return open_; }

  /// To read rows in another order: where the next one begins.
  struct Place {
    std::streamoff offset = 0;
    std::uint64_t line = 0;
  };
  Place place();
  void seek(const Place& place);
  /// Bytes of the file.
  std::uint64_t size() const { return size_; }

 private:
  void read_header(std::string_view header);
  bool take_record(std::string& record);

  std::string file_;
  std::uint64_t size_ = 0;
  std::ifstream stream_;
  char delimiter_ = ',';
  std::vector<std::string> header_;
  std::string record_, more_;
  std::uint64_t line_ = 0, read_ = 0;
  bool open_ = false;
};

/// The cells of one record.
void split(std::string_view record, char delimiter, std::vector<std::string>& cells);

/// Takes some columns out of records that may have hundreds, and only counts what lies behind the last of them.
class CellPicker {
 public:
  CellPicker() = default;
  explicit CellPicker(const std::vector<std::size_t>& columns);

  /// Afterwards cells() are those of `columns`, in their order, as they stand in the record; empty where it ends before. They are valid as
  /// long as the record is.
  void pick(std::string_view record, char delimiter);
  const std::vector<std::string_view>& cells() const { return cells_; }
  /// How many cells the record has, without blank ones at its end.
  std::size_t width() const { return width_; }

 private:
  struct Wanted {
    std::size_t column = 0, place = 0;
  };
  void pick_quoted(std::string_view record, char delimiter);

  std::vector<Wanted> wanted_;  ///< by column
  std::vector<std::string_view> cells_;
  std::size_t width_ = 0;
  std::vector<std::string> quoted_;
};

}  // namespace fettle::csv
