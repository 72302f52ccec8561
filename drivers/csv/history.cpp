#include "csv/history.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>

namespace fettle::csv {

Result<std::vector<std::size_t>> find_columns(const Table& table, const std::vector<std::string>& names) {
  std::vector<std::size_t> places;
  for (const auto& name : names) {
    const auto place = table.column(name);
    if (!place) {
      return failure(Fault::unsupported, fmt::format("there is no column \"{}\" in {} (there are: {})", name,
                                                     table.file(), fmt::join(table.header(), ", ")));
    }
    places.push_back(*place);
  }
  return places;
}

Result<bool> History::open_next() {
  table_.reset();
  backwards_.clear();
  if (opened_ == files_.size()) return false;
  auto table = Table::open(files_[opened_++]);
  if (!table) return table.error();
  std::vector<std::string> names{layout_.time_column};
  for (const auto& column : layout_.columns) names.push_back(column.name);
  const auto places = find_columns(*table, names);
  if (!places) return places.error();
  columns_ = {places->front(), {std::next(places->begin()), places->end()}};
  table_ = std::move(*table);
  find_direction();
  return true;
}

/// A file whose second row is older than its first has its newest row on top, as many exports do.
void History::find_direction() {
  const auto begin = table_->place();
  std::vector<Moments> first;
  while (first.size() < 2 && table_->next(cells_)) {
    if (const auto moments = moments_of(cells_); moments && (first.empty() || moments->first != first[0].first))
      first.push_back(*moments);
  }
  table_->seek(begin);
  newest_first_ = first.size() == 2 && first[1].second < first[0].first;
  if (!newest_first_) return;
  auto place = begin;
  while (table_->next(cells_)) {
    backwards_.push_back(place);
    place = table_->place();
  }
}

std::optional<Moments> History::moments_of(const std::vector<std::string>& cells) const {
  if (columns_.time >= cells.size()) return std::nullopt;
  const auto stamp = layout_.format.read(cells[columns_.time]);
  if (!stamp) return std::nullopt;
  if (!stamp->offset) return layout_.zone.moments(stamp->wall);
  const Time moment{stamp->wall.time_since_epoch() - *stamp->offset};
  return Moments{moment, moment};
}

bool History::next_cells() {
  if (!newest_first_) return table_->next(cells_);
  if (backwards_.empty()) return false;
  table_->seek(backwards_.back());
  backwards_.pop_back();
  return table_->next(cells_);
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
  const auto moments = moments_of(cells_);
  if (!moments) {
    leave(left_.undated, "its time cannot be read");
    return false;
  }
  const bool comes_again = last_ && moments->first <= *last_ && moments->second > *last_;
  row_.time = comes_again ? moments->second : moments->first;
  if (last_ && row_.time == *last_) {
    leave(left_.repeated, "there was a row of this moment already");
    return false;
  }
  if (last_ && row_.time < *last_) {
    leave(left_.late, "it is older than the row in front of it");
    return false;
  }
  last_ = row_.time;
  return true;
}

void History::leave(std::uint64_t& count, std::string_view why) {
  ++count;
  if (left_.first.empty()) left_.first = fmt::format("{}:{}: {}", table_->file(), table_->line(), why);
}

void History::decode() {
  row_.cells.resize(columns_.values.size());
  row_.texts.resize(columns_.values.size());
  for (std::size_t place = 0; place < columns_.values.size(); ++place) {
    const auto column = columns_.values[place];
    row_.texts[place] = column < cells_.size() ? cells_[column] : std::string{};
    row_.cells[place] =
        number_in(row_.texts[place], table_->delimiter(), layout_.decimal, layout_.columns[place].states);
  }
}

}  // namespace fettle::csv
