#include "manipulation/cycle_feature.hpp"

namespace fettle::manipulation {
namespace {

/// What a machine has behind it: starts, or hours of running, from the first reading on. Never falls.
class CycleCounter final : public CycleFeature {
 public:
  enum class Of : std::uint8_t { starts, hours };

  CycleCounter(FeatureSettings&& settings, Of of) : CycleFeature{settings, Power::unused}, of_{of} {
    refuse_other_options(settings, {});
  }

  /// Wear stays with the machine whatever else changes in its model.
  std::uint64_t settings_hash() const override { return 0; }

 private:
  void follow(Time /*time*/, const CycleStep& step) override {
    if (step.started) ++starts_;
    ran_ += step.on;
  }
  Reading tell(PointId target, Time time) const override {
    return good(target, time, of_ == Of::starts ? static_cast<double>(starts_) : to_hours(ran_));
  }
  void remember(StateWriter& writer) const override {
    writer.put(starts_);
    writer.put(ran_);
  }
  bool recall(StateReader& reader) override {
    reader.get(starts_);
    reader.get(ran_);
    return ran_ >= Duration{0};
  }
  void forget() override {
    starts_ = 0;
    ran_ = {};
  }

  Of of_;
  std::uint64_t starts_ = 0;
  Duration ran_{};
};

const Registration<Feature> starts{"starts", "starts of a run state since the agent knows it",
                                   [](FeatureSettings&& settings) -> std::unique_ptr<Feature> {
                                     return std::make_unique<CycleCounter>(std::move(settings),
                                                                           CycleCounter::Of::starts);
                                   }};
const Registration<Feature> run_hours{"run_hours", "hours for which a run state was 1 since the agent knows it",
                                      [](FeatureSettings&& settings) -> std::unique_ptr<Feature> {
                                        return std::make_unique<CycleCounter>(std::move(settings),
                                                                              CycleCounter::Of::hours);
                                      }};

}  // namespace
}  // namespace fettle::manipulation
