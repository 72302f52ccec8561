#include "core/median.hpp"
#include "manipulation/options.hpp"

#include <algorithm>

namespace fettle::manipulation {
namespace {

/// The median of the good readings of each period (aligned to UTC), handed on when the period is over: it calms noise, ignores
/// outliers, and gives everything after it one rhythm. A period with fewer than a quarter of its readings, or fewer than three
/// (where so many are due), is bad.
class PeriodMedian final : public Feature {
 public:
  explicit PeriodMedian(FeatureSettings&& settings)
      : target_{settings.target}, every_{settings.every}, source_{only_point_of(settings)} {
    refuse_other_options(settings, {});
    const auto due = std::max<std::int64_t>(1, every_ / std::max(source_.every, Duration{1}));
    needed_ = static_cast<std::size_t>(std::max<std::int64_t>(std::min<std::int64_t>(3, due), due / 4));
    while (static_cast<std::size_t>(due) / stride_ > capacity) stride_ *= 2;
    needed_ = std::max<std::size_t>(1, needed_ / stride_);
    values_.reserve(std::min(capacity, static_cast<std::size_t>(due) / stride_ + spare));
  }

  std::vector<PointId> inputs() const override { return {source_.point}; }

  std::optional<Reading> derive(const Reading& reading) override {
    std::optional<Reading> finished;
    const auto period = reading.time.time_since_epoch() / every_;
    if (period != period_) {
      if (period > period_) finished = close();
      period_ = period;
      values_.clear();
      seen_ = 0;
      why_ = Reason::too_few;
    }
    if (!reading.is_good()) why_ = reading.reason;
    if (reading.is_good() && seen_++ % stride_ == 0 && values_.size() < capacity) values_.push_back(reading.value);
    return finished;
  }

 private:
  static constexpr std::size_t capacity = 1024;
  static constexpr std::size_t spare =
      4;  ///< polls that came early, by another clock than the one that rounds the period

  std::optional<Reading> close() {
    if (period_ < 0) return std::nullopt;
    const Time end{every_ * (period_ + 1)};
    if (values_.size() < needed_) return bad(target_, end, why_);
    return good(target_, end, median_in_place(values_));
  }

  PointId target_;
  Duration every_;
  Input source_;
  std::size_t needed_ = 1;
  std::size_t stride_ = 1;
  std::size_t seen_ = 0;
  Reason why_ = Reason::too_few;  ///< why the latest one was not good
  std::int64_t period_ = -1;
  std::vector<double> values_;
};

const Registration<Feature> entry{"period_median", "the median of each period's good readings",
                                  [](FeatureSettings&& settings) -> std::unique_ptr<Feature> {
                                    return std::make_unique<PeriodMedian>(std::move(settings));
                                  }};

}  // namespace
}  // namespace fettle::manipulation
