#include "manipulation/learning_feature.hpp"
#include "manipulation/options.hpp"
#include "manipulation/recent_sums.hpp"

#include <algorithm>
#include <stdexcept>

namespace fettle::manipulation {
namespace {

constexpr Option hours{"hours", 168, 1, 24 * 31};
constexpr Option share{"share", 0.9, 0.1, 0.99};
constexpr double hysteresis = 0.02;  ///< IEC 61000-4-30

/// How often the supply sagged within the last hours: from the first phase that falls below a share of the nominal voltage until all are
/// back. Polls see only what lasts, or what a meter keeps for them.
class VoltageDips final : public LearningFeature {
 public:
  explicit VoltageDips(FeatureSettings&& settings)
      : LearningFeature{settings},
        target_{settings.target},
        window_{static_cast<std::int64_t>(chosen(settings, hours) * 3.6e6)},
        share_{chosen(settings, share)},
        recent_{window_} {
    refuse_other_options(settings, {hours, share});
    auto& of = settings.arguments;
    const bool points = of.size() >= 2 && std::all_of(of.begin(), of.end() - 1,
                                                      [](const Argument& each) { return each.point.has_value(); });
    if (!points || of.back().point)
      throw std::invalid_argument{
          "takes voltages and a parameter (such as `of: [voltage_1, voltage_2, voltage_3, nominal_voltage]`)"};
    nominal_ = of.back().constant;
    of.pop_back();
    for (const auto& each : of) phases_.push_back({*each.point});
  }

  std::vector<PointId> inputs() const override {
    std::vector<PointId> points;
    for (const auto& phase : phases_) points.push_back(phase.input.point);
    return points;
  }

  std::optional<Reading> derive(const Reading& reading) override {
    const auto phase =
        std::ranges::find_if(phases_, [&reading](const Phase& each) { return each.input.point == reading.point; });
    if (reading.is_good()) phase->low = reading.value < nominal_ * (share_ + (phase->low ? hysteresis : 0));
    const bool dips = std::ranges::any_of(phases_, &Phase::low);
    // In a gap nobody looked.
    const auto passed = reading.is_good() ? known_time(reading.time, *phase) : Duration{0};
    recent_.add(reading.time, {dips && !dips_ ? 1U : 0U, {}, passed});
    dips_ = dips;
    if (phase != phases_.end() - 1) return std::nullopt;
    if (!reading.is_good()) return bad(target_, reading.time, reading.reason);
    if (!recent_.ample()) return bad(target_, reading.time, Reason::too_few);
    return good(target_, reading.time, recent_.sums().events);
  }

  void save(StateWriter& writer) const override {
    recent_.save(writer);
    for (const auto& phase : phases_) writer.put(static_cast<std::uint8_t>(phase.low ? 1 : 0));
  }
  bool restore(StateReader& reader) override {
    auto recent = recent_;
    auto phases = phases_;
    const bool fits = recent.restore(reader);
    for (auto& phase : phases) {
      std::uint8_t low = 0;
      reader.get(low);
      phase.low = low != 0;
    }
    if (!fits || !reader.complete()) return false;
    recent_ = recent;
    phases_ = std::move(phases);
    dips_ = std::ranges::any_of(phases_, &Phase::low);
    return true;
  }

 private:
  struct Phase {
    Input input;
    bool low = false;
  };

  /// Told by the last phase alone, or it would be counted three times.
  Duration known_time(Time now, const Phase& phase) {
    if (&phase != &phases_.back()) return Duration{0};
    const auto passed = now - last_;
    last_ = now;
    return passed < Duration{0} || passed > 3 * phase.input.every ? Duration{0} : passed;
  }

  PointId target_;
  Duration window_;
  double share_;
  double nominal_ = 0;
  std::vector<Phase> phases_;
  RecentSums recent_;
  Time last_{};
  bool dips_ = false;
};

const Registration<Feature> entry{"voltage_dips",
                                  "how often a voltage fell below `share` of the nominal one within the last `hours`",
                                  [](FeatureSettings&& settings) -> std::unique_ptr<Feature> {
                                    return std::make_unique<VoltageDips>(std::move(settings));
                                  }};

}  // namespace
}  // namespace fettle::manipulation
