#include "csv/table.hpp"

#include "text/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <system_error>
#include <utility>

namespace fettle::csv {
namespace {

constexpr std::array<char, 4> delimiters{',', ';', '\t', '|'};
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
/// A quote that is never closed would otherwise take in the whole file.
constexpr std::size_t longest_record = 1'000'000;

/// Outside of quotes.
std::size_t count(std::string_view record, char delimiter) {
  std::size_t found = 0;
  bool quoted = false;
  for (const char each : record) {
    if (each == '"') quoted = !quoted;
    if (each == delimiter && !quoted) ++found;
  }
  return found;
}

char delimiter_of(std::string_view header) {
  return *std::max_element(delimiters.begin(), delimiters.end(),
                           [header](char left, char right) { return count(header, left) < count(header, right); });
}

bool has_odd_quotes(std::string_view text) {
  const auto first = std::min(text.find('"'), text.size());
  return std::count(text.begin() + static_cast<std::ptrdiff_t>(first), text.end(), '"') % 2 != 0;
}

/// Up to the last cell that is not blank.
std::string_view filled(std::string_view record, char delimiter) {
  const std::array<char, 4> blanks{' ', '\t', '\r', delimiter};
  return record.substr(0, record.find_last_not_of(blanks.data(), std::string_view::npos, blanks.size()) + 1);
}

}  // namespace

void split(std::string_view record, char delimiter, std::vector<std::string>& cells) {
  std::size_t used = 0;
  const auto cell = [&cells, &used]() -> std::string& {
    if (used == cells.size()) cells.emplace_back();
    cells[used].clear();
    return cells[used++];
  };
  auto* into = &cell();
  bool quoted = false;
  for (std::size_t place = 0; place < record.size(); ++place) {
    const char each = record[place];
    if (each == '"' && quoted && place + 1 < record.size() && record[place + 1] == '"') {
      into->push_back(record[++place]);
    } else if (each == '"') {
      quoted = !quoted;
    } else if (each == delimiter && !quoted) {
      into = &cell();
    } else {
      into->push_back(each);
    }
  }
  cells.resize(used);
}

CellPicker::CellPicker(const std::vector<std::size_t>& columns) : cells_(columns.size()) {
  for (std::size_t place = 0; place < columns.size(); ++place) wanted_.push_back({columns[place], place});
  std::stable_sort(wanted_.begin(), wanted_.end(),
                   [](const Wanted& left, const Wanted& right) { return left.column < right.column; });
}

void CellPicker::pick(std::string_view record, char delimiter) {
  std::fill(cells_.begin(), cells_.end(), std::string_view{});
  if (record.find('"') != std::string_view::npos) return pick_quoted(record, delimiter);
  std::size_t column = 0;
  std::size_t begin = 0;
  for (auto wanted = wanted_.begin(); wanted != wanted_.end();) {
    const auto end = std::min(record.find(delimiter, begin), record.size());
    for (; wanted != wanted_.end() && wanted->column == column; ++wanted)
      cells_[wanted->place] = record.substr(begin, end - begin);
    if (end == record.size()) break;
    begin = end + 1;
    ++column;
  }
  const auto all = filled(record, delimiter);
  const auto rest = all.substr(std::min(begin, all.size()));
  width_ = column + 1 + static_cast<std::size_t>(std::count(rest.begin(), rest.end(), delimiter));
}

void CellPicker::pick_quoted(std::string_view record, char delimiter) {
  split(record, delimiter, quoted_);
  for (const auto& [column, place] : wanted_) {
    if (column < quoted_.size()) cells_[place] = quoted_[column];
  }
  width_ = quoted_.size();
  while (width_ > 0 && text::trimmed(quoted_[width_ - 1]).empty()) --width_;
}

Result<Table> Table::open(const std::string& file) {
  Table table;
  table.file_ = file;
  std::error_code unknown;
  if (std::filesystem::is_directory(file, unknown))
    return failure(Fault::malformed, fmt::format("{} is a folder, not a table", file));
  table.stream_.open(file, std::ios::binary);
  if (!table.stream_)
    return failure(Fault::offline,
                   fmt::format("cannot read {}; check the path and that the agent's user may read it", file));
  const auto size = std::filesystem::file_size(file, unknown);
  if (!unknown) table.size_ = size;
  std::string header;
  while (table.take_record(header) && text::trimmed(header).empty()) continue;
  if (header.starts_with(byte_order_mark)) header.erase(0, byte_order_mark.size());
  if (text::trimmed(header).empty())
    return failure(Fault::malformed, fmt::format("{} is empty; its first line must name the columns", file));
  if (header.starts_with("\xFF\xFE") || header.find('\0') != std::string::npos)
    return failure(Fault::malformed, fmt::format("{} is not UTF-8; save it as \"CSV UTF-8\"", file));
  if (table.open_)
    return failure(Fault::malformed, fmt::format("{}:{}: a quote in the header is never closed", file, table.line_));
  table.read_header(header);
  table.record_ = std::move(header);
  return table;
}

Table Table::of_header(std::string_view header) {
  Table table;
  table.file_ = "the example";
  table.read_header(header);
  return table;
}

void Table::read_header(std::string_view header) {
  delimiter_ = delimiter_of(header);
  split(header, delimiter_, header_);
  for (auto& name : header_) name = text::trimmed(name);
}

std::optional<std::size_t> Table::column(std::string_view name) const {
  const auto found = std::find(header_.begin(), header_.end(), text::trimmed(name));
  if (found == header_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - header_.begin());
}

/// One line, or several where a quoted cell runs over their ends.
bool Table::take_record(std::string& record) {
  line_ = read_ + 1;
  if (!std::getline(stream_, record)) return false;
  ++read_;
  if (record.ends_with('\r')) record.pop_back();
  open_ = has_odd_quotes(record);
  while (open_ && record.size() <= longest_record && std::getline(stream_, more_)) {
    ++read_;
    if (more_.ends_with('\r')) more_.pop_back();
    if (has_odd_quotes(more_)) open_ = false;
    record.append(1, '\n').append(more_);
  }
  return true;
}

bool Table::next() {
  do {
    if (!take_record(record_)) return false;
  } while (text::trimmed(record_).empty());
  return true;
}

bool Table::next(std::vector<std::string>& cells) {
  if (!next()) return false;
  split(record_, delimiter_, cells);
  return true;
}

Table::Place Table::place() { return {static_cast<std::streamoff>(stream_.tellg()), read_}; }

void Table::seek(const Place& place) {
  stream_.clear();
  stream_.seekg(place.offset);
  read_ = place.line;
}

}  // namespace fettle::csv
