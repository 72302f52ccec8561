#include "manipulation/cycle_feature.hpp"

#include <cmath>

namespace fettle::manipulation {
namespace {

/// What a run costs: the median energy of the latest ones that were seen from beginning to end.
class CycleEnergy final : public CycleFeature {
 public:
  explicit CycleEnergy(FeatureSettings&& settings)
      : CycleFeature{settings, Power::needed}, energies_{chosen(settings, LatestRuns::option)} {
    refuse_other_options(settings, {LatestRuns::option});
  }

 private:
  void follow(Time /*time*/, const CycleStep& step) override {
    if (step.started) course_.energy = 0;
    course_.unpaid = step.started ? step.on : course_.unpaid + step.on;
    if (step.finished && step.finished->on) course_.finished = 1;
  }

  /// The run state of the same moment is known already. Between two powers that were drawn while it ran lies their mean; at the
  /// beginning and the end of a run there is only one.
  void draw(const Reading& power) override {
    if (!power.is_good()) return;
    const bool runs = on().value_or(false);
    if (runs || course_.ran == 1) {
      const double first = course_.ran == 1 ? course_.before : power.value;
      const double second = runs ? power.value : first;
      course_.energy += (first + second) / 2 * to_hours(course_.unpaid);
    }
    course_.unpaid = {};
    course_.before = power.value;
    course_.ran = runs ? 1 : 0;
    if (course_.finished == 1) energies_.add(course_.energy);
    course_.finished = 0;
  }

  Reading tell(PointId target, Time time) const override {
    const auto median = energies_.median();
    return median ? good(target, time, *median) : bad(target, time, Reason::too_few);
  }
  void remember(StateWriter& writer) const override {
    energies_.save(writer);
    writer.put(course_);
  }
  bool recall(StateReader& reader) override {
    const bool fits = energies_.restore(reader);
    reader.get(course_);
    return fits && std::isfinite(course_.energy) && course_.unpaid >= Duration{0};
  }
  void forget() override {
    energies_.clear();
    course_ = {};
  }

  /// Of the run that goes on.
  struct Course {
    double energy = 0;
    Duration unpaid{};           ///< of running, since the last power
    double before = 0;           ///< the last power
    std::uint32_t ran = 0;       ///< 1 if it ran then
    std::uint32_t finished = 0;  ///< 1 if the last power of this run is still to come
  };

  LatestRuns energies_;
  Course course_;
};

const Registration<Feature> entry{"cycle_energy", "median energy of the latest `runs` of a run state",
                                  [](FeatureSettings&& settings) -> std::unique_ptr<Feature> {
                                    return std::make_unique<CycleEnergy>(std::move(settings));
                                  }};

}  // namespace
}  // namespace fettle::manipulation
