#include "manipulation/cycle_feature.hpp"

namespace fettle::manipulation {
namespace {

/// How long a machine runs, or stands, at a time: the median of the latest ones that were seen from beginning to end.
class CycleLength final : public CycleFeature {
 public:
  CycleLength(FeatureSettings&& settings, bool of_runs)
      : CycleFeature{settings, Power::unused}, of_runs_{of_runs}, lengths_{chosen(settings, LatestRuns::option)} {
    refuse_other_options(settings, {LatestRuns::option});
  }

 private:
  void follow(Time /*time*/, const CycleStep& step) override {
    if (step.finished && step.finished->on == of_runs_) lengths_.add(to_hours(step.finished->length));
  }
  /// Of what is shorter than two periods, some is missed and the rest looks longer than it is.
  Reading tell(PointId target, Time time) const override {
    const auto median = lengths_.median();
    if (!median || *median < to_hours(2 * every())) return bad(target, time, Reason::too_few);
    return good(target, time, *median);
  }
  void remember(StateWriter& writer) const override { lengths_.save(writer); }
  bool recall(StateReader& reader) override { return lengths_.restore(reader); }
  void forget() override { lengths_.clear(); }

  bool of_runs_;
  LatestRuns lengths_;
};

const Registration<Feature> run_length{"run_length", "median length of the latest `runs` of a run state",
                                       [](FeatureSettings&& settings) -> std::unique_ptr<Feature> {
                                         return std::make_unique<CycleLength>(std::move(settings), true);
                                       }};
const Registration<Feature> off_length{"off_length", "median length of the standstills between the latest `runs`",
                                       [](FeatureSettings&& settings) -> std::unique_ptr<Feature> {
                                         return std::make_unique<CycleLength>(std::move(settings), false);
                                       }};

}  // namespace
}  // namespace fettle::manipulation
