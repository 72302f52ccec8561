#include "manipulation/cycle_feature.hpp"

#include <algorithm>
#include <cmath>

namespace fettle::manipulation {
namespace {

using namespace std::chrono_literals;

constexpr Duration watched = 60s;
constexpr Duration settled_after = 30s;  ///< what is drawn from then on is the steady power
constexpr Duration course_step = 500ms;
constexpr Duration slowest_reading = 2s;  ///< a motor's inrush is over within a few seconds
constexpr double tolerance = 0.1;         ///< of the steady power

/// The first minute of a run: how high the power shoots, and how long it takes to settle. Medians of the latest starts.
class StartFeature final : public CycleFeature {
 public:
  enum class Of : std::uint8_t { inrush, duration };

  StartFeature(FeatureSettings&& settings, Of of)
      : CycleFeature{settings, Power::needed}, of_{of}, figures_{chosen(settings, LatestRuns::option)} {
    refuse_other_options(settings, {LatestRuns::option});
  }

 private:
  struct Step {
    double sum = 0;
    int count = 0;
    double mean() const { return sum / count; }
  };

  void follow(Time time, const CycleStep& step) override {
    if (step.started) {
      started_ = time - step.on;
      peak_ = 0;
      course_.fill({});
    } else if (!on().value_or(false)) {
      started_.reset();
    }
  }

  void draw(const Reading& power) override {
    if (!started_ || !power.is_good()) return;
    const auto since = power.time - *started_;
    if (since < Duration{0}) return started_.reset();
    if (since >= watched) return finish();
    peak_ = std::max(peak_, power.value);
    auto& present = course_.at(static_cast<std::size_t>(since / course_step));
    present.sum += power.value;
    ++present.count;
  }

  void finish() {
    started_.reset();
    const double steady = steady_power();
    if (steady > 0) figures_.add(of_ == Of::inrush ? peak_ / steady : settling_time(steady));
  }

  /// 0 if too little of the minute was seen.
  double steady_power() const {
    constexpr int least = 10;
    Step all;
    for (std::size_t at = settled_after / course_step; at < course_.size(); ++at) {
      all.sum += course_.at(at).sum;
      all.count += course_.at(at).count;
    }
    return all.count < least ? 0 : all.mean();
  }

  /// In hours, until the power is near the steady one for good.
  double settling_time(double steady) const {
    std::size_t settled = 0;
    for (std::size_t at = 0; at < settled_after / course_step; ++at) {
      const auto& each = course_.at(at);
      if (each.count > 0 && std::abs(each.mean() - steady) > tolerance * steady) settled = at + 1;
    }
    return to_hours(settled * course_step);
  }

  Reading tell(PointId target, Time time) const override {
    const auto median = figures_.median();
    const bool fast = std::max(every(), power_every()) <= slowest_reading;
    return median && fast ? good(target, time, *median) : bad(target, time, Reason::too_few);
  }
  void remember(StateWriter& writer) const override { figures_.save(writer); }
  bool recall(StateReader& reader) override { return figures_.restore(reader); }
  void forget() override { figures_.clear(); }

  Of of_;
  LatestRuns figures_;
  std::optional<Time> started_;  ///< while its first minute lasts
  double peak_ = 0;
  std::array<Step, watched / course_step> course_{};
};

const Registration<Feature> inrush_ratio{
    "inrush_ratio",
    "highest power at a start over the steady one after it, median of the latest `runs` (every 2s or faster)",
    [](FeatureSettings&& settings) -> std::unique_ptr<Feature> {
      return std::make_unique<StartFeature>(std::move(settings), StartFeature::Of::inrush);
    }};
const Registration<Feature> start_duration{
    "start_duration", "time from a start to a steady power, median of the latest `runs` (every 2s or faster)",
    [](FeatureSettings&& settings) -> std::unique_ptr<Feature> {
      return std::make_unique<StartFeature>(std::move(settings), StartFeature::Of::duration);
    }};

}  // namespace
}  // namespace fettle::manipulation
