#include "core/median.hpp"
#include "manipulation/feature.hpp"

#include <stdexcept>

namespace fettle::manipulation {
namespace {

/// How far a machine is from its peers: its value minus the median of the siblings' latest good ones. Weather, season and occupancy meet
/// them all. With fewer than three fresh siblings there is no saying who is strange: too few.
class SiblingDifference final : public Feature {
 public:
  explicit SiblingDifference(FeatureSettings&& settings)
      : target_{settings.target}, gate_{settings.gate}, siblings_(settings.arguments.size()) {
    for (const auto& each : settings.arguments) {
      if (!each.point) throw std::invalid_argument{"takes one role, and `siblings: true`"};
      points_.push_back(*each.point);
    }
    if (points_.empty()) throw std::invalid_argument{"takes one role, and `siblings: true`"};
    values_.reserve(points_.size());
  }

  std::vector<PointId> inputs() const override {
    std::vector<PointId> result;
    for (const auto& each : points_) result.push_back(each.point);
    return gate_.with(std::move(result));
  }

  std::optional<Reading> derive(const Reading& reading) override {
    gate_.take(reading);
    for (std::size_t i = 1; i < points_.size(); ++i) {
      if (points_[i].point == reading.point) siblings_[i] = reading;
    }
    if (reading.point != points_.front().point) return std::nullopt;
    if (const auto why = gate_.closed(reading.time); why != Reason::none) return bad(target_, reading.time, why);
    if (!reading.is_good()) return bad(target_, reading.time, reading.reason);
    values_.clear();
    for (std::size_t i = 1; i < points_.size(); ++i) {
      const bool fresh = reading.time - siblings_[i].time <= 2 * points_[i].every;
      if (siblings_[i].is_good() && fresh) values_.push_back(siblings_[i].value);
    }
    if (values_.size() < fewest) return bad(target_, reading.time, Reason::too_few);
    return good(target_, reading.time, reading.value - median_in_place(values_));
  }

 private:
  static constexpr std::size_t fewest = 3;

  PointId target_;
  Gate gate_;
  std::vector<Input> points_;  ///< its own, then the siblings'
  std::vector<Reading> siblings_;
  std::vector<double> values_;
};

const Registration<Feature> entry{"sibling_difference", "distance from the median of the same machines' same point",
                                  [](FeatureSettings&& settings) -> std::unique_ptr<Feature> {
                                    return std::make_unique<SiblingDifference>(std::move(settings));
                                  }};

}  // namespace
}  // namespace fettle::manipulation
