#include "manipulation/hours_of_day.hpp"

namespace fettle::manipulation {
namespace {

constexpr Option from{"from", 7, 0, 23};
constexpr Option to{"to", 17, 1, 24};

/// What is said of some hours of the day only, by the clock on the site's walls: of a heating that may rest at night, for one.
class WithinHours final : public Feature {
 public:
  explicit WithinHours(const FeatureSettings& settings)
      : target_{settings.target}, source_{only_point_of(settings)}, hours_{settings, from, to} {}

  std::vector<PointId> inputs() const override { return {source_.point}; }

  std::optional<Reading> derive(const Reading& reading) override {
    if (!reading.is_good()) return bad(target_, reading.time, reading.reason);
    if (!hours_.holds(hours_.wall_second(reading.time))) return bad(target_, reading.time, Reason::undefined);
    return good(target_, reading.time, reading.value);
  }

 private:
  PointId target_;
  Input source_;
  HoursOfDay hours_;
};

const Registration<Feature> entry{
    "within_hours", "its readings of the local hours `from` to `to`, and none of others",
    [](FeatureSettings&& settings) -> std::unique_ptr<Feature> { return std::make_unique<WithinHours>(settings); }};

}  // namespace
}  // namespace fettle::manipulation
