#include "manipulation/feature.hpp"
#include "manipulation/options.hpp"

#include <stdexcept>

namespace fettle::manipulation {
namespace {

constexpr Option from{"from", 7, 0, 23};
constexpr Option to{"to", 17, 1, 24};
constexpr std::int64_t hour = 3600;
constexpr std::int64_t day = 24 * hour;

/// What is said of some hours of the day only, by the clock on the site's walls: of a heating that may rest at night, for one.
class WithinHours final : public Feature {
 public:
  explicit WithinHours(FeatureSettings&& settings)
      : target_{settings.target},
        source_{only_point_of(settings)},
        zone_{std::move(settings.zone)},
        begin_{static_cast<std::int64_t>(chosen(settings, from) * hour)},
        end_{static_cast<std::int64_t>(chosen(settings, to) * hour)} {
    refuse_other_options(settings, {from, to});
    if (begin_ >= end_) throw std::invalid_argument{"ends before it begins (such as `with: {from: 7, to: 17}`)"};
    if (!zone_) throw std::invalid_argument{"needs the site's time zone"};
  }

  std::vector<PointId> inputs() const override { return {source_.point}; }

  std::optional<Reading> derive(const Reading& reading) override {
    if (!reading.is_good()) return bad(target_, reading.time, reading.reason);
    const auto clock = zone_->wall_second(reading.time) % day;
    if (clock < begin_ || clock >= end_) return bad(target_, reading.time, Reason::undefined);
    return good(target_, reading.time, reading.value);
  }

 private:
  PointId target_;
  Input source_;
  std::shared_ptr<const Zone> zone_;
  std::int64_t begin_, end_;
};

const Registration<Feature> entry{"within_hours", "its readings of the local hours `from` to `to`, and none of others",
                                  [](FeatureSettings&& settings) -> std::unique_ptr<Feature> {
                                    return std::make_unique<WithinHours>(std::move(settings));
                                  }};

}  // namespace
}  // namespace fettle::manipulation
