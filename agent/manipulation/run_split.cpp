#include "manipulation/run_split.hpp"

#include <algorithm>
#include <cmath>

namespace fettle::manipulation {
namespace {

constexpr double lowest = 0.001;     ///< kW; what draws less is off
constexpr double bins_per_unit = 8;  ///< of the natural logarithm: 13 % a bin
constexpr double on_above = 0.5, off_below = 0.3;
constexpr double idle_share = 0.02;   ///< of the highest power: below it there are no differences that matter
constexpr double least_ratio = 5;     ///< of running and standby, on average: a fan's lower speed is no standstill
constexpr std::size_t least_gap = 7;  ///< bins; a ratio of 2.4
constexpr double least_readings = 3;  ///< on either side
constexpr double strays = 0.08;       ///< readings within a gap on each side of the cut, as a share of the smaller side
constexpr double blur = 0.3;          ///< readings between the thresholds of a gap that is none any more
constexpr double standby_share = 0.1;  ///< of the rated power, if that is known
constexpr std::uint32_t most_readings = 60'000;
constexpr std::uint32_t first_look = 30;    ///< readings; among fewer there are gaps by chance
constexpr std::uint32_t few_readings = 64;  ///< each of them may show something new
constexpr std::uint32_t rethought_after = 16;
constexpr Duration pace = std::chrono::minutes{1};  ///< readings that count are this far apart
constexpr Duration whole_day = std::chrono::hours{24};

double level_of(double power) { return std::log(std::max(power, lowest) / lowest); }
double middle_of(std::size_t bin) { return (static_cast<double>(bin) + 0.5) / bins_per_unit; }

}  // namespace

struct RunSplit::Sums {
  std::array<double, bins + 1> count{}, levels{};

  double below(std::size_t cut) const { return count.at(cut); }
  double above(std::size_t cut) const { return count.back() - count.at(cut); }
  double lesser(std::size_t cut) const { return std::min(below(cut), above(cut)); }
  double mean_below(std::size_t cut) const { return levels.at(cut) / below(cut); }
  double mean_above(std::size_t cut) const { return (levels.back() - levels.at(cut)) / above(cut); }
};

std::optional<bool> RunSplit::take(Time time, double power) {
  const double level = level_of(power);
  count(time, level);
  const auto gap = known();
  if (!gap) return std::nullopt;
  if (level >= gap->at(on_above)) on_ = true;
  if (level <= gap->at(off_below)) on_ = false;
  // The very first reading may lie between the two.
  if (!on_) on_ = level >= gap->at((on_above + off_below) / 2);
  return on_;
}

/// One reading a minute is enough, and makes what is remembered reach back six weeks or more.
void RunSplit::count(Time time, double level) {
  if (total_ == 0) first_ = counted_ = time;
  const bool set_back = time < counted_;
  if (total_ > 0 && !set_back && time - counted_ < pace) return;
  first_ = std::min(first_, time);
  counted_ = time;
  ++seen_.at(std::min(bins - 1, static_cast<std::size_t>(level * bins_per_unit)));
  ++total_;
  if (total_ >= first_look && (total_ < few_readings || total_ % rethought_after == 0)) learn();
  if (total_ < most_readings) return;
  total_ = 0;
  for (auto& each : seen_) total_ += each /= 2;
}

/// One state may have been forgotten in a long season of the other: that is no reason to doubt the gap.
void RunSplit::learn() {
  const auto highest = top();
  if (!highest) return;
  const double idle = middle_of(*highest) + std::log(idle_share);
  const auto floor = static_cast<std::size_t>(std::max(0.0, idle * bins_per_unit));
  Sums sums;
  for (std::size_t bin = 0; bin < bins; ++bin) {
    const double count = seen_.at(bin);
    sums.count.at(bin + 1) = sums.count.at(bin) + count;
    sums.levels.at(bin + 1) = sums.levels.at(bin) + count * middle_of(std::max(bin, floor));
  }
  std::optional<Gap> widest;
  for (std::size_t cut = floor + 1; cut <= *highest; ++cut) {
    if (seen_.at(cut) == 0 || sums.lesser(cut) < least_readings) continue;
    auto gap = gap_at(cut, sums);
    gap.off = std::max(gap.off, static_cast<double>(floor) / bins_per_unit);
    if (parts(cut, gap, sums) && gap.width() > (widest ? widest->width() : 0)) widest = gap;
  }
  if (widest) gap_ = widest;
  if (!widest && gap_ && is_blurred(*gap_)) gap_.reset();
}

/// The gap around a cut, if a few stray readings on each side are left out.
RunSplit::Gap RunSplit::gap_at(std::size_t cut, const Sums& sums) const {
  const double few = std::max(1.0, strays * sums.lesser(cut));
  auto lower = cut;
  while (lower > 0 && sums.count.at(cut) - sums.count.at(lower - 1) <= few) --lower;
  auto upper = cut;
  while (upper < bins && sums.count.at(upper + 1) - sums.count.at(cut) <= few) ++upper;
  return {static_cast<double>(lower) / bins_per_unit, static_cast<double>(upper) / bins_per_unit};
}

/// True if that gap may lie between standstill and running.
bool RunSplit::parts(std::size_t cut, const Gap& gap, const Sums& sums) const {
  if (gap.width() < least_gap / bins_per_unit) return false;
  if (sums.mean_above(cut) - sums.mean_below(cut) < std::log(least_ratio)) return false;
  if (rated_ <= 0) return true;
  const double standby = level_of(standby_share * rated_);
  return gap.off <= standby && sums.mean_above(cut) >= standby;
}

/// True if both states are known, and the machine is often between the two.
bool RunSplit::is_blurred(const Gap& gap) const {
  double below = 0, between = 0, above = 0;
  for (std::size_t bin = 0; bin < bins; ++bin) {
    const double level = middle_of(bin);
    (level < gap.at(off_below) ? below : level < gap.at(on_above) ? between : above) += seen_.at(bin);
  }
  const double lesser = std::min(below, above);
  return lesser >= least_readings && between > blur * lesser;
}

/// The highest bin that is more than a stray reading.
std::optional<std::size_t> RunSplit::top() const {
  double above = 0;
  for (std::size_t bin = bins; bin-- > 0;) {
    above += seen_.at(bin);
    if (above >= least_readings) return bin;
  }
  return std::nullopt;
}

/// What was learned; else what the rated power says; else, after a day, that it does always the same.
std::optional<RunSplit::Gap> RunSplit::known() const {
  if (gap_) return gap_;
  if (rated_ > 0) return Gap{level_of(idle_share * rated_), level_of(rated_ / 2)};
  if (!top() || counted_ - first_ < whole_day) return std::nullopt;
  // On with anything that it draws at all.
  return Gap{0, 4 / bins_per_unit};
}

void RunSplit::save(StateWriter& writer) const {
  writer.put(seen_);
  writer.put(gap_.value_or(Gap{}));
  writer.put(static_cast<std::uint8_t>(gap_ ? 1 : 0));
  writer.put(static_cast<std::uint8_t>(on_ ? 1 + (*on_ ? 1 : 0) : 0));
  writer.put(first_);
  writer.put(counted_);
}

bool RunSplit::restore(StateReader& reader) {
  RunSplit read{rated_};
  Gap gap;
  std::uint8_t learned = 0;
  std::uint8_t on = 0;
  reader.get(read.seen_);
  reader.get(gap);
  reader.get(learned);
  reader.get(on);
  reader.get(read.first_);
  reader.get(read.counted_);
  for (const auto each : read.seen_) read.total_ += each;
  const bool sane = read.total_ < most_readings && std::isfinite(gap.off) && std::isfinite(gap.on) && gap.off <= gap.on;
  if (!reader.ok() || !sane) return false;
  if (learned == 1) read.gap_ = gap;
  if (on > 0) read.on_ = on == 2;
  *this = read;
  return true;
}

}  // namespace fettle::manipulation
