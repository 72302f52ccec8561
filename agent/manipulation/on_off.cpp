#include "manipulation/learning_feature.hpp"
#include "manipulation/options.hpp"
#include "manipulation/run_split.hpp"

#include <stdexcept>

namespace fettle::manipulation {
namespace {

/// 1 while a machine runs, 0 while it stands, told by its power alone.
class OnOff final : public LearningFeature {
 public:
  explicit OnOff(FeatureSettings&& settings)
      : LearningFeature{settings},
        target_{settings.target},
        power_{power_of(settings)},
        split_{settings.arguments.size() == 2 ? settings.arguments.back().constant : 0} {
    refuse_other_options(settings, {});
  }

  std::vector<PointId> inputs() const override { return {power_.point}; }

  std::optional<Reading> derive(const Reading& reading) override {
    if (!reading.is_good()) return bad(target_, reading.time, reading.reason);
    const auto on = split_.take(reading.time, reading.value);
    if (!on) return bad(target_, reading.time, Reason::not_learned);
    return good(target_, reading.time, *on ? 1 : 0);
  }

  void save(StateWriter& writer) const override { split_.save(writer); }
  bool restore(StateReader& reader) override {
    auto split = split_;
    if (!split.restore(reader) || !reader.complete()) return false;
    split_ = split;
    return true;
  }

 private:
  static Input power_of(const FeatureSettings& settings) {
    const auto& of = settings.arguments;
    const bool power_alone = of.size() == 1 && of[0].point;
    const bool with_rated = of.size() == 2 && of[0].point && !of[1].point;
    if (power_alone || with_rated) return *of[0].point;
    throw std::invalid_argument{"takes a power and perhaps a parameter (such as `of: [power, rated_power]`)"};
  }

  PointId target_;
  Input power_;
  RunSplit split_;
};

const Registration<Feature> entry{"on_off",
                                  "whether a machine runs (1) or stands (0), by a split of its power that is learned",
                                  [](FeatureSettings&& settings) -> std::unique_ptr<Feature> {
                                    return std::make_unique<OnOff>(std::move(settings));
                                  }};

}  // namespace
}  // namespace fettle::manipulation
