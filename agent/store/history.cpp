#include "store/history.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <algorithm>
#include <filesystem>
#include <map>
#include <system_error>

namespace fettle::store {
namespace {

namespace fs = std::filesystem;

/// How long after its end a quarter of an hour waits for late readings before it is written.
constexpr Duration patience = std::chrono::seconds{20};

/// Beyond this no clock of ours has ever been.
constexpr Time earliest{};
constexpr Time latest{Duration{std::int64_t{1} << 42}};  // the year 2109

constexpr Duration longest_step = Days{366};

/// Joins what falls into one step.
class Steps {
 public:
  Steps(Time from, Duration step) : from_{from}, step_{step} {}

  void add(Time time, double lowest, double mean, double highest) {
    auto& row = rows_.try_emplace((time - from_) / step_, Row{lowest, 0, highest, 0}).first->second;
    row.lowest = std::min(row.lowest, lowest);
    row.highest = std::max(row.highest, highest);
    row.sum += mean;
    ++row.count;
  }
  void add(Time begin, const Aggregate& values) {
    add(begin, static_cast<double>(values.lowest), static_cast<double>(values.mean),
        static_cast<double>(values.highest));
  }
  HistoryAnswer answer() const {
    HistoryAnswer result{{}, step_};
    for (const auto& [place, row] : rows_) {
      result.rows.push_back({from_ + place * step_, row.lowest, row.sum / static_cast<double>(row.count), row.highest});
    }
    return result;
  }

 private:
  struct Row {
    double lowest, sum, highest;
    std::uint64_t count;
  };
  Time from_;
  Duration step_;
  std::map<std::int64_t, Row> rows_;
};

/// A history that is damaged is worth one copy, for whoever wants to know why.
void move_aside(const std::string& file, const Error& why) {
  std::error_code code;
  for (const auto* const suffix : {"-wal", "-shm"}) fs::remove(file + suffix, code);
  fs::rename(file, file + ".damaged", code);
  spdlog::error("the history is damaged: {}; it is kept as {}.damaged, and a new one is begun", why.detail, file);
}

/// Rounded up to a multiple.
Duration multiple_of(Duration unit, Duration step) {
  return std::max<std::int64_t>(1, (step + unit - Duration{1}) / unit) * unit;
}

}  // namespace

History::History(std::string file, const HistorySettings& settings, std::vector<std::string> points)
    : path_{std::move(file)},
      settings_{settings},
      points_{std::move(points)},
      raw_{settings.raw},
      recent_{points_.size()} {}

Result<std::unique_ptr<History>> History::open(const std::string& folder, const HistorySettings& settings,
                                               std::vector<std::string> points) {
  std::error_code ignored;
  fs::create_directories(folder, ignored);
  std::unique_ptr<History> history{
      new History{(fs::path{folder} / "history.db").string(), settings, std::move(points)}};
  const auto opened = history->open_file();
  if (!opened && opened.error().fault == Fault::refused) return opened.error();
  if (const auto told = history->told(opened); !told) {
    spdlog::error("history is kept in memory for now: {}", told.error().detail);
  }
  return history;
}

Result<void> History::open_file() {
  auto opened = HistoryFile::open(path_, settings_.size);
  if (!opened && opened.error().fault == Fault::malformed) {
    move_aside(path_, opened.error());
    opened = HistoryFile::open(path_, settings_.size);
  }
  if (!opened) return opened.error();
  file_.emplace(std::move(*opened));
  return {};
}

void History::add(const Reading& reading) {
  if (!reading.is_good() || !std::isfinite(reading.value) || reading.point.index >= points_.size()) return;
  if (reading.time < earliest || reading.time >= latest) return;
  raw_.add(reading);
  recent_.add(reading);
}

Result<void> History::tick(Time now) {
  const auto present = quarter_of(now - patience);
  if (!recent_.has_before(present) && !in_trouble_) return {};
  return told(write(now, present));
}

Result<void> History::flush(Time now) { return told(write(now, std::numeric_limits<std::int64_t>::max())); }

Result<void> History::write(Time now, std::int64_t before) {
  if (!file_) {
    if (const auto opened = open_file(); !opened) return opened;
  }
  const auto written = write_recent(now, before);
  if (written) return {};
  const auto error = noticed(written.error());
  // A new file takes what the damaged one refused.
  if (error.fault == Fault::malformed && file_) return write_recent(now, before);
  return error;
}

/// What is written twice because of a failure in between is joined with itself, which changes nothing.
Result<void> History::write_recent(Time now, std::int64_t before) {
  const auto written = recent_.each_before(
      before, [this](const std::vector<HistoryBlock>& blocks) { return file_->write(blocks, points_); });
  if (!written) return written;
  recent_.forget_before(before);
  if (const auto done = file_->roll_up(now - settings_.minutes); !done) return done;
  const auto kept = file_->keep_size();
  file_->rest();
  return kept;
}

Error History::noticed(const Error& error) {
  if (error.fault != Fault::malformed) return error;
  file_.reset();
  move_aside(path_, error);
  if (const auto opened = open_file(); !opened) return opened.error();
  return error;
}

/// The error when trouble begins; later ones are the same trouble.
Result<void> History::told(const Result<void>& outcome) {
  const bool was = std::exchange(in_trouble_, !outcome);
  if (!outcome && !was) return outcome;
  if (outcome && was) spdlog::info("history is on disk again ({} quarters of an hour were dropped)", recent_.dropped());
  return {};
}

Result<HistoryAnswer> History::rows(const std::string& point, Time from, Time to, Duration step) {
  from = std::clamp(from, earliest, latest);
  to = std::clamp(to, earliest, latest);
  step = std::clamp(step, Duration{1}, longest_step);
  const auto name = std::find(points_.begin(), points_.end(), point);
  const auto live =
      name == points_.end() ? std::nullopt : std::optional{PointId{static_cast<std::uint32_t>(name - points_.begin())}};
  if (live && step < one_minute && from >= raw_.since()) {
    Steps steps{from, step};
    raw_.each(*live, from, to, [&steps](Time time, double value) { steps.add(time, value, value, value); });
    return steps.answer();
  }
  const auto number = number_of(point);
  if (!number) return noticed(number.error());
  if (!live && !*number) {
    return failure(Fault::unsupported, fmt::format("\"{}\": the history knows no such point", point));
  }
  const auto answer = aggregated(live, *number, from, to, step);
  if (!answer) return noticed(answer.error());
  return answer;
}

Result<std::optional<std::int64_t>> History::number_of(const std::string& point) {
  return file_ ? file_->number_of(point) : std::optional<std::int64_t>{};
}

Result<HistoryAnswer> History::aggregated(std::optional<PointId> live, std::optional<std::int64_t> number, Time from,
                                          Time to, Duration step) {
  const auto unit = number ? stored_unit(from) : one_minute;
  if (!unit) return unit.error();
  const auto begin = Time{floor_ratio(from.time_since_epoch().count(), unit->count()) * *unit};
  Steps steps{begin, multiple_of(*unit, step)};
  const auto take = [&](Time time, const Aggregate& values) {
    if (time >= begin && time < to) steps.add(time, values);
  };
  if (number) {
    if (const auto done = file_->quarters(*number, begin, to, take); !done) return done.error();
    if (const auto done = file_->minutes(*number, begin, to, take); !done) return done.error();
  }
  if (live) recent_.each(*live, take);
  return steps.answer();
}

/// Quarters of an hour where the file has no minutes any more.
Result<Duration> History::stored_unit(Time from) {
  const auto end = file_->end_of_quarters();
  if (!end) return end.error();
  return *end && from < **end ? one_quarter : one_minute;
}

}  // namespace fettle::store
