#include "manipulation/interval_means.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace fettle::manipulation {

IntervalMeans::IntervalMeans(const FeatureSettings& settings, double least_share)
    : arguments_{settings.arguments},
      every_{std::max(settings.every, Duration{1})},
      least_share_{least_share},
      gate_{settings.gate},
      zone_{settings.zone ? settings.zone : std::make_shared<const Zone>()},
      sums_(arguments_.size()),
      means_(arguments_.size()) {}

std::vector<PointId> IntervalMeans::inputs() const {
  std::vector<PointId> result;
  for (const auto& each : arguments_) {
    if (each.point) result.push_back(each.point->point);
  }
  return gate_.with(std::move(result));
}

std::int64_t IntervalMeans::wall_second(Time time) const { return zone_->wall_second(time); }

std::int64_t IntervalMeans::number_of(Time time) const {
  const bool whole_days = every_ >= Days{1};
  const Duration since = whole_days ? Duration{std::chrono::seconds{wall_second(time)}} : time.time_since_epoch();
  return since / every_ - (since % every_ < Duration{0} ? 1 : 0);
}

void IntervalMeans::begin(std::int64_t number) {
  number_ = number;
  closed_ = Reason::too_few;
  std::fill(sums_.begin(), sums_.end(), Sum{});
}

std::optional<Interval> IntervalMeans::take(const Reading& reading) {
  gate_.take(reading);
  std::optional<Interval> finished;
  const auto number = number_of(reading.time);
  if (number != number_) {
    // When the clock was set back, what was gathered belongs to no interval any more.
    if (number > number_ && last_ != Time{}) finished = close();
    begin(number);
  }
  last_ = reading.time;
  const auto why = gate_.closed(reading.time);
  if (why != Reason::none) closed_ = why;
  if (why != Reason::none || !reading.is_good() || !std::isfinite(reading.value)) return finished;
  for (std::size_t i = 0; i < arguments_.size(); ++i) {
    if (!arguments_[i].point || arguments_[i].point->point != reading.point) continue;
    sums_[i].sum += reading.value;
    ++sums_[i].count;
  }
  return finished;
}

Interval IntervalMeans::close() {
  const bool whole_days = every_ >= Days{1};
  Interval interval;
  interval.end = whole_days ? last_ : Time{every_ * (number_ + 1)};
  interval.wall_second = wall_second(whole_days ? last_ : interval.end - every_ / 2);
  for (std::size_t i = 0; i < arguments_.size(); ++i) {
    const auto& [point, constant] = arguments_[i];
    const double due = point ? static_cast<double>(every_ / std::max(point->every, Duration{1})) : 0;
    if (point && sums_[i].count < std::max(1.0, std::floor(least_share_ * due))) interval.why = closed_;
    means_[i] = point ? sums_[i].sum / std::max(1U, sums_[i].count) : constant;
  }
  interval.means = means_;
  return interval;
}

void IntervalMeans::save(StateWriter& writer) const {
  writer.put(sums_);
  writer.put(number_);
  writer.put(last_);
}

bool IntervalMeans::restore(StateReader& reader) {
  std::vector<Sum> sums;
  reader.get(sums);
  reader.get(number_);
  reader.get(last_);
  if (!reader.ok() || sums.size() != sums_.size()) return false;
  sums_ = std::move(sums);
  return true;
}

}  // namespace fettle::manipulation
