#include "manipulation/learning_feature.hpp"
#include "manipulation/stuck.hpp"

#include <algorithm>

namespace fettle::manipulation {
namespace {

/// 1 while a value stands still for far longer than it ever did while the machine runs, 0 while it moves. Water that stands may keep its
/// temperature for weeks, and with those in mind a frozen sensor would be noticed after weeks as well. No value while the machine rests;
/// that time does not count, and a value that is the same after it has not moved.
class Standstill final : public LearningFeature {
 public:
  explicit Standstill(FeatureSettings&& settings)
      : LearningFeature{settings},
        target_{settings.target},
        source_{only_point_of(settings)},
        gate_{settings.gate},
        nature_{nature_of(settings.quantity)} {}

  std::vector<PointId> inputs() const override { return gate_.with({source_.point}); }

  std::optional<Reading> derive(const Reading& reading) override {
    gate_.take(reading);
    if (reading.point != source_.point) return std::nullopt;
    const auto closed = gate_.closed(reading.time);
    // One that the quality check calls stuck has its value all the same.
    const bool has_value = reading.is_good() || reading.reason == Reason::stuck;
    if (closed != Reason::none || !has_value) {
      last_.reset();
      return bad(target_, reading.time, closed != Reason::none ? closed : reading.reason);
    }
    const auto since = last_ ? reading.time - *last_ : Duration{0};
    last_ = reading.time;
    const bool moves = stuck_.fits(std::clamp(since, Duration{0}, 3 * source_.every), reading.value, nature_);
    return good(target_, reading.time, moves ? 0 : 1);
  }

  void save(StateWriter& writer) const override { stuck_.save(writer); }
  bool restore(StateReader& reader) override {
    auto stuck = stuck_;
    if (!stuck.restore(reader) || !reader.complete()) return false;
    stuck_ = stuck;
    return true;
  }

 private:
  PointId target_;
  Input source_;
  Gate gate_;
  const Nature& nature_;
  Stuck stuck_;
  std::optional<Time> last_;
};

const Registration<Feature> entry{"standstill", "whether a value stands still for longer than it ever did in operation (1)",
                                  [](FeatureSettings&& settings) -> std::unique_ptr<Feature> {
                                    return std::make_unique<Standstill>(std::move(settings));
                                  }};

}  // namespace
}  // namespace fettle::manipulation
