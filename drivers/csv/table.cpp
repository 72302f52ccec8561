#include "csv/table.hpp"

#include "text/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
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

bool is_open(std::string_view record) { return std::count(record.begin(), record.end(), '"') % 2 != 0; }

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

Result<Table> Table::open(const std::string& file) {
  Table table;
  table.file_ = file;
  table.stream_.open(file, std::ios::binary);
  if (!table.stream_)
    return failure(Fault::offline,
                   fmt::format("cannot read {}; check the path and that the agent's user may read it", file));
  std::string header;
  while (table.take_record(header) && text::trimmed(header).empty()) continue;
  if (header.starts_with(byte_order_mark)) header.erase(0, byte_order_mark.size());
  if (text::trimmed(header).empty())
    return failure(Fault::malformed, fmt::format("{} is empty; its first line must name the columns", file));
  if (header.starts_with("\xFF\xFE") || header.find('\0') != std::string::npos)
    return failure(Fault::malformed, fmt::format("{} is not UTF-8; save it as \"CSV UTF-8\"", file));
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
  record.clear();
  line_ = read_ + 1;
  std::string line;
  while (std::getline(stream_, line)) {
    ++read_;
    if (line.ends_with('\r')) line.pop_back();
    record += line;
    if (!is_open(record) || record.size() > longest_record) return true;
    record += '\n';
  }
  return !record.empty();
}

bool Table::next(std::vector<std::string>& cells) {
  do {
    if (!take_record(record_)) return false;
  } while (text::trimmed(record_).empty());
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
