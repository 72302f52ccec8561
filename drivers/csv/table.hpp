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
  /// What was read last, as it stands in the file: the header, or a row.
  const std::string& record() const { return record_; }
  /// Where it stands, counted from 1.
  std::uint64_t line() const { return line_; }

  /// To read rows in another order: where the next one begins.
  struct Place {
    std::streamoff offset = 0;
    std::uint64_t line = 0;
  };
  Place place();
  void seek(const Place& place);

 private:
  void read_header(std::string_view header);
  bool take_record(std::string& record);

  std::string file_;
  std::ifstream stream_;
  char delimiter_ = ',';
  std::vector<std::string> header_;
  std::string record_;
  std::uint64_t line_ = 0, read_ = 0;
};

/// The cells of one record.
void split(std::string_view record, char delimiter, std::vector<std::string>& cells);

}  // namespace fettle::csv
