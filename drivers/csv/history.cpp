#include "csv/history.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

namespace fettle::csv {
namespace {

constexpr std::size_t most_named = 3, longest_quote = 40;
constexpr int rows_for_direction = 20;

}  // namespace

Result<std::vector<std::size_t>> find_columns(const Table& table, const std::vector<std::string>& names) {
  std::vector<std::size_t> places;
  for (const auto& name : names) {
    const auto place = table.column(name);
    if (!place) {
      return failure(Fault::unsupported, fmt::format("there is no column \"{}\" in {} (there are: {})", name,
                                                     table.file(), fmt::join(table.header(), ", ")));
    }
    const auto twin = std::find(table.header().begin() + static_cast<std::ptrdiff_t>(*place) + 1, table.header().end(),
                                table.header()[*place]);
    if (twin != table.header().end()) {
      return failure(Fault::unsupported,
                     fmt::format("\"{}\" stands twice in the header of {} (columns {} and {}); rename one of them",
                                 table.header()[*place], table.file(), *place + 1, twin - table.header().begin() + 1));
    }
    places.push_back(*place);
  }
  return places;
}

std::string Left::reasons() const {
  auto text = fmt::format("{} without a time, {} repeated, {} out of order", undated, repeated, late);
  if (wide > 0) text += fmt::format(", {} with more cells than the header", wide);
  if (unclosed > 0) text += fmt::format(", {} behind a quote that is never closed", unclosed);
  return text;
}

std::string Left::remedy() const {
  if (wide * 2 <= rows) return {};
  return fmt::format(
      "most rows have more cells than the header: if their numbers have a decimal comma, let the table be delimited by "
      "\"{}\" in place of \"{}\", and set profile.decimal: comma",
      delimiter == ';' ? '|' : ';', delimiter);
}

History::History(Layout layout, std::vector<std::string> files) : layout_{std::move(layout)}, files_{std::move(files)} {
  for (const auto& file : files_) {
    std::error_code unknown;
    if (const auto size = std::filesystem::file_size(file, unknown); !unknown) bytes_ += size;
  }
}

Result<bool> History::open_next() {
  if (table_) bytes_before_ += table_->size();
  table_.reset();
  backwards_.clear();
  if (opened_ == files_.size()) return false;
  auto table = Table::open(files_[opened_++]);
  if (!table) return table.error();
  std::vector<std::string> names{layout_.time_column};
  for (const auto& column : layout_.columns) names.push_back(column.name);
  const auto places = find_columns(*table, names);
  if (!places) return places.error();
  picker_ = CellPicker{*places};
  table_ = std::move(*table);
  left_.delimiter = table_->delimiter();
  find_direction();
  return true;
}

/// A file whose rows mostly become older at its beginning has its newest row on top, as many exports do.
void History::find_direction() {
  const auto begin = table_->place();
  std::optional<Moments> former;
  int falling = 0;
  for (int row = 0; row < rows_for_direction && take_cells(); ++row) {
    const auto each = moments();
    if (!each) continue;
    if (former && each->second < former->first) ++falling;
    if (former && each->first > former->second) --falling;
    former = each;
  }
  table_->seek(begin);
  newest_first_ = falling > 0;
  if (!newest_first_) return;
  auto place = begin;
  while (table_->next()) {
    backwards_.push_back(place);
    place = table_->place();
  }
}

std::optional<Moments> History::moments() const {
  const auto stamp = layout_.format.read(picker_.cells().front());
  if (!stamp) return std::nullopt;
  if (!stamp->offset) return layout_.zone.moments(stamp->wall);
  const Time moment{stamp->wall.time_since_epoch() - *stamp->offset};
  return Moments{moment, moment};
}

bool History::take_cells() {
  if (!table_->next()) return false;
  picker_.pick(table_->record(), table_->delimiter());
  return true;
}

bool History::next_cells() {
  if (!newest_first_) return take_cells();
  if (backwards_.empty()) return false;
  table_->seek(backwards_.back());
  backwards_.pop_back();
  return take_cells();
}

std::uint64_t History::bytes_read() {
  if (!table_) return bytes_before_;
  const auto place = newest_first_ && !backwards_.empty()
                         ? table_->size() - static_cast<std::uint64_t>(backwards_.back().offset)
                         : static_cast<std::uint64_t>(std::max<std::streamoff>(0, table_->place().offset));
  return bytes_before_ + std::min(place, table_->size());
}

Result<const Row*> History::next() {
  while (true) {
    if (table_ && next_cells()) {
      if (!accept()) continue;
      decode();
      return &row_;
    }
    const auto opened = open_next();
    if (!opened) return opened.error();
    if (!*opened) return nullptr;
  }
}

/// In the hour that comes twice, a row belongs to the second time if it would be out of order in the first.
bool History::accept() {
  ++left_.rows;
  if (!is_whole()) return false;
  const auto moments = this->moments();
  if (!moments) {
    leave(left_.undated, [this] { return why_undated(); });
    return false;
  }
  const bool comes_again = last_ && moments->first <= *last_ && moments->second > *last_;
  row_.time = comes_again ? moments->second : moments->first;
  if (last_ && row_.time == *last_) {
    leave(left_.repeated, [] { return "there was a row of this moment already"; });
    return false;
  }
  if (last_ && row_.time < *last_) {
    leave(left_.late, [] { return "it is older than the row in front of it"; });
    return false;
  }
  last_ = row_.time;
  return true;
}

/// Cells beyond the header say that all the others may stand in wrong columns.
bool History::is_whole() {
  if (table_->is_open()) {
    const auto lines = table_->lines();
    leave(left_.unclosed, [lines] { return fmt::format("a quote is never closed; it took in {} lines", lines); });
    left_.unclosed += lines - 1;
    return false;
  }
  const auto columns = table_->header().size();
  if (picker_.width() <= columns) return true;
  leave(left_.wide,
        [this, columns] { return fmt::format("{} cells, but the header has {}", picker_.width(), columns); });
  return false;
}

std::string History::why_undated() const {
  const auto cell = text::trimmed(picker_.cells().front());
  if (cell.empty()) return "it has no time";
  auto why = fmt::format("\"{}\" is not \"{}\"", cell.substr(0, longest_quote), layout_.format.text());
  if (const auto meant = likely_format(cell); !meant.empty())
    why += fmt::format("; set profile.time.format, such as \"{}\"", meant);
  return why;
}

void History::leave(std::uint64_t& count, const std::function<std::string()>& why) {
  ++count;
  if (left_.named.size() < most_named)
    left_.named.push_back(fmt::format("{}:{}: {}", table_->file(), table_->line(), why()));
}

void History::decode() {
  row_.cells.resize(layout_.columns.size());
  for (std::size_t place = 0; place < row_.cells.size(); ++place) {
    auto& cell = row_.cells[place];
    const auto& column = layout_.columns[place];
    cell = number_in(text(place), table_->delimiter(), layout_.decimal, column.states);
    if (cell.reason != Reason::malformed || ++left_.garbled > most_named) continue;
    left_.named_cells.push_back(fmt::format("{}:{}: {}: \"{}\" is no number", table_->file(), table_->line(),
                                            column.name, text(place).substr(0, longest_quote)));
  }
}

}  // namespace fettle::csv
