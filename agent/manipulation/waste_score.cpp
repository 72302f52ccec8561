#include "core/median.hpp"
#include "manipulation/baseline.hpp"
#include "manipulation/control_chart.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

namespace fettle::manipulation {
namespace {

constexpr double warn = 5, limit = 8;
constexpr double least_share = 0.7;  ///< of a day's residuals

/// How certainly more is drawn than expected: the CUSUM of daily residuals of a power. 5 is worth a look, 8 is certain; at 1 sigma beyond
/// what is not material (`least`, a share of the mean power: less is not worth a visit) that takes about ten days.
class WasteScore final : public Feature, public Stateful {
 public:
  explicit WasteScore(FeatureSettings&& settings)
      : target_{settings.target},
        id_{settings.id},
        hash_{manipulation::settings_hash(settings)},
        learn_{chosen(settings, {"learn_days", 21, 7, 365})},
        means_{settings, least_share},
        chart_{chosen(settings, {"least", 0.03, 0, 1})} {
    need_arguments(settings, 2, 2, "a residual and its power (`of: [power_excess, power]`)");
    refuse_other_options(settings, {{"learn_days"}, {"least"}});
    need_interval(settings, Days{1});
  }

  std::vector<PointId> inputs() const override { return means_.inputs(); }

  std::optional<Reading> derive(const Reading& reading) override {
    const auto day = means_.take(reading);
    if (!day) return std::nullopt;
    if (day->why != Reason::none) return bad(target_, day->end, day->why);
    const bool ready = chart_.days() >= learn_;
    if (ready) judge(day->means[0]);
    if (state_.score < warn) chart_.learn(day->means[0], day->means[1]);
    return ready ? good(target_, day->end, state_.score) : bad(target_, day->end, Reason::not_learned);
  }

  Stateful* memory() override { return this; }
  void start_anew() override { state_ = {}; }

  std::string state_id() const override { return id_ + "/waste_score"; }
  std::uint32_t state_version() const override { return 1; }
  std::uint64_t settings_hash() const override { return hash_; }
  void save(StateWriter& writer) const override {
    means_.save(writer);
    chart_.save(writer);
    writer.put(state_);
  }
  bool restore(StateReader& reader) override {
    auto means = means_;
    auto chart = chart_;
    State state;
    if (!means.restore(reader) || !chart.restore(reader)) return false;
    reader.get(state);
    const bool finite =
        std::all_of(state.week.begin(), state.week.end(), [](double each) { return std::isfinite(each); });
    if (!reader.complete() || !finite || !(state.score >= 0 && state.score <= ControlChart::most)) return false;
    means_ = std::move(means);
    chart_ = chart;
    state_ = state;
    return true;
  }

 private:
  struct State {
    double score = 0;
    std::array<double, 7> week{};  ///< residuals of the last days
    std::uint32_t judged = 0;
  };

  void judge(double residual) {
    state_.score = chart_.added(state_.score, residual);
    state_.week.at(state_.judged++ % state_.week.size()) = residual;
    // Mended: what has added up would take weeks to go.
    auto week = state_.week;
    if (state_.score > limit && chart_.added(1, median_in_place(week)) < 1) state_.score = 0;
  }

  PointId target_;
  std::string id_;
  std::uint64_t hash_;
  double learn_;
  IntervalMeans means_;
  ControlChart chart_;
  State state_;
};

const Registration<Feature> entry{"waste_score", "how certainly more is drawn than expected: CUSUM of daily residuals",
                                  [](FeatureSettings&& settings) -> std::unique_ptr<Feature> {
                                    return std::make_unique<WasteScore>(std::move(settings));
                                  }};

}  // namespace
}  // namespace fettle::manipulation
