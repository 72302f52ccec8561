#include "manipulation/counter.hpp"
#include "manipulation/held_value.hpp"
#include "manipulation/options.hpp"

namespace fettle::manipulation {
namespace {

constexpr double least_cover = 0.5;

/// How fast a counter counted in each period (aligned to UTC), per hour: kWh become kW, m3 become m3/h. Exact from the last reading before the
/// period to the last one in it, however irregular they are and whatever was missed in between. A meter that runs over or is replaced loses
/// nothing but what the old one counted last. A period of which less than half is known is bad.
class PeriodRate final : public Feature {
 public:
  explicit PeriodRate(FeatureSettings&& settings)
      : target_{settings.target},
        every_{settings.every},
        source_{only_point_of(settings)},
        counter_{rule_of(settings)} {}

  std::vector<PointId> inputs() const override { return {source_.point}; }

  std::optional<Reading> derive(const Reading& reading) override {
    if (!reading.is_good()) return std::nullopt;
    const auto event = counter_.take(reading.time, reading.value);
    if (event != CounterEvent::none && event != CounterEvent::wrapped && event != CounterEvent::replaced)
      return std::nullopt;
    const Mark now{reading.time, counter_.total()};
    const auto period = period_of(now.time, every_);
    if (!last_ || now.time <= last_->time) {
      begin_ = last_ = now;
      return std::nullopt;
    }
    std::optional<Reading> finished;
    const auto before = period_of(last_->time, every_);
    if (period > before) {
      finished = close(before);
      // What was counted in a longer gap belongs to no period.
      const bool is_near = Time{every_ * period} - last_->time <= 3 * source_.every;
      begin_ = is_near ? last_ : now;
    }
    last_ = now;
    return finished;
  }

 private:
  struct Mark {
    Time time{};
    double total = 0;
  };

  static MotionRule rule_of(const FeatureSettings& settings) {
    MotionRule rule;
    constexpr Option wraps_at{"wraps_at", 0, 0, 1e18};
    refuse_other_options(settings, {wraps_at});
    if (const double limit = chosen(settings, wraps_at); limit > 0) rule.wraps_at = limit;
    return rule;
  }

  Reading close(std::int64_t period) const {
    const Time end{every_ * (period + 1)};
    const auto span = last_->time - begin_->time;
    if (span < every_ * least_cover) return bad(target_, end, Reason::too_few);
    return good(target_, end, (last_->total - begin_->total) / to_hours(span));
  }

  PointId target_;
  Duration every_;
  Input source_;
  Counter counter_;
  std::optional<Mark> begin_, last_;
};

const Registration<Feature> entry{"period_rate", "how fast a counter counted in each period, per hour",
                                  [](FeatureSettings&& settings) -> std::unique_ptr<Feature> {
                                    return std::make_unique<PeriodRate>(std::move(settings));
                                  }};

}  // namespace
}  // namespace fettle::manipulation
