#include "manipulation/feature.hpp"
#include "manipulation/options.hpp"

#include <cmath>
#include <stdexcept>

namespace fettle::manipulation {
namespace {

constexpr Option minutes{"minutes", 20, 1, 240};

/// How warm a winding or a breaker is, as an overload relay reckons it: 1 after a long time at the rated current, falling and rising
/// with the square of the current and one time constant. What came before the first reading is unknown until that time has passed.
class ThermalState final : public Feature {
 public:
  explicit ThermalState(FeatureSettings&& settings)
      : target_{settings.target}, time_constant_{static_cast<std::int64_t>(chosen(settings, minutes) * 60'000)} {
    refuse_other_options(settings, {minutes});
    const auto& of = settings.arguments;
    if (of.size() != 2 || !of[0].point || of[1].point)
      throw std::invalid_argument{"takes a current and a parameter (such as `of: [current, rated_current]`)"};
    current_ = of[0].point->point;
    rated_ = of[1].constant;
  }

  std::vector<PointId> inputs() const override { return {current_}; }

  std::optional<Reading> derive(const Reading& reading) override {
    if (!reading.is_good()) return bad(target_, reading.time, reading.reason);
    if (rated_ <= 0) return bad(target_, reading.time, Reason::undefined);
    const double wanted = std::pow(reading.value / rated_, 2);
    const auto passed = reading.time - last_;
    last_ = reading.time;
    if (!known_since_ || passed < Duration{0} || passed > time_constant_) {
      known_since_ = reading.time;
      heat_ = wanted;
    } else {
      heat_ += -std::expm1(-to_hours(passed) / to_hours(time_constant_)) * (wanted - heat_);
    }
    if (reading.time - *known_since_ < time_constant_) return bad(target_, reading.time, Reason::too_few);
    return good(target_, reading.time, heat_);
  }

 private:
  PointId target_;
  Duration time_constant_;
  PointId current_;
  double rated_ = 0;
  double heat_ = 0;
  Time last_{};
  std::optional<Time> known_since_;
};

const Registration<Feature> entry{
    "thermal_state", "heat of a winding or breaker by its current, 1 at the rated one (`minutes`: time constant)",
    [](FeatureSettings&& settings) -> std::unique_ptr<Feature> {
      return std::make_unique<ThermalState>(std::move(settings));
    }};

}  // namespace
}  // namespace fettle::manipulation
