#include "manipulation/learning_feature.hpp"
#include "manipulation/options.hpp"

#include <limits>

namespace fettle::manipulation {
namespace {

constexpr Option minutes{"minutes", 30, 1, 24 * 60};

/// A state, handed on once it has lasted, so that a rule looks at a machine that has settled in it (the mode delay of ASHRAE Guideline 36).
/// What happened in a longer gap nobody knows: the state has to last anew.
class Settled final : public LearningFeature {
 public:
  explicit Settled(FeatureSettings&& settings)
      : LearningFeature{settings},
        target_{settings.target},
        source_{only_point_of(settings)},
        wait_{static_cast<std::int64_t>(chosen(settings, minutes) * 60'000)} {
    refuse_other_options(settings, {minutes});
  }

  std::vector<PointId> inputs() const override { return {source_.point}; }

  std::optional<Reading> derive(const Reading& reading) override {
    if (!reading.is_good()) return bad(target_, reading.time, reading.reason);
    const bool goes_on =
        reading.value == held_.value && reading.time >= held_.seen && reading.time - held_.seen <= 3 * source_.every;
    if (!goes_on) held_ = {reading.value, reading.time, reading.time};
    held_.seen = reading.time;
    if (reading.time - held_.since < wait_) return bad(target_, reading.time, Reason::starting);
    return good(target_, reading.time, held_.value);
  }

  void save(StateWriter& writer) const override { writer.put(held_); }

  bool restore(StateReader& reader) override {
    auto held = held_;
    reader.get(held);
    constexpr Time far{Duration::max() / 2};
    if (!reader.complete() || held.since < Time{} || held.since > held.seen || held.seen > far) return false;
    held_ = held;
    return true;
  }

 private:
  struct Held {
    double value = std::numeric_limits<double>::quiet_NaN();  ///< that is no other value's equal
    Time since{}, seen{};
  };

  PointId target_;
  Input source_;
  Duration wait_;
  Held held_;
};

const Registration<Feature> entry{"settled", "a state once it has lasted for `minutes`",
                                  [](FeatureSettings&& settings) -> std::unique_ptr<Feature> {
                                    return std::make_unique<Settled>(std::move(settings));
                                  }};

}  // namespace
}  // namespace fettle::manipulation
