#include "manipulation/feature.hpp"

#include <cmath>

namespace fettle::manipulation {
namespace {

/// The run state of a machine: good 1 while it runs and has settled, bad (not running, starting) otherwise, so that whatever is
/// gated by it says nothing about a machine at rest.
class RunState final : public Feature {
 public:
  explicit RunState(FeatureSettings&& settings)
      : target_{settings.target},
        formula_{formula_of(settings)},
        latest_{std::move(settings.arguments)},
        delay_{settings.delay} {
    values_.reserve(formula_.used().size());
  }

  std::vector<PointId> inputs() const override { return latest_.points(); }

  std::optional<Reading> derive(const Reading& reading) override {
    if (!latest_.take(reading)) return std::nullopt;
    const auto why = latest_.values(reading.time, values_);
    // A gap in the readings is no stop: the start is kept.
    if (why != Reason::none) return bad(target_, reading.time, why);
    const double value = formula_(values_);
    if (std::isnan(value)) return bad(target_, reading.time, Reason::undefined);
    if (value == 0) {
      started_.reset();
      return bad(target_, reading.time, Reason::not_running);
    }
    if (!started_ || reading.time < *started_) started_ = reading.time;
    // A machine that was already running when the agent came up needs no blanking, but nobody can know: it gets it too.
    if (reading.time - *started_ < delay_) return bad(target_, reading.time, Reason::starting);
    return good(target_, reading.time, 1);
  }

 private:
  PointId target_;
  Formula formula_;
  Latest latest_;
  Duration delay_;
  std::optional<Time> started_;
  std::vector<double> values_;
};

const Registration<Feature> entry{"run_state", "whether the machine runs and has settled after its start",
                                  [](FeatureSettings&& settings) -> std::unique_ptr<Feature> {
                                    return std::make_unique<RunState>(std::move(settings));
                                  }};

}  // namespace
}  // namespace fettle::manipulation
