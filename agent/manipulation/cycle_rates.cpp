#include "manipulation/cycle_feature.hpp"
#include "manipulation/recent_sums.hpp"

namespace fettle::manipulation {
namespace {

constexpr Option hours{"hours", 24, 1, 24 * 31};
constexpr Option minutes{"minutes", 5, 0.1, 24 * 60};

Duration window_of(const FeatureSettings& settings) {
  return Duration{static_cast<std::int64_t>(chosen(settings, hours) * 3.6e6)};
}

/// What happened within the last hours; nothing until half of them are known.
class CycleRate : public CycleFeature {
 public:
  explicit CycleRate(const FeatureSettings& settings)
      : CycleFeature{settings, Power::unused}, window_{window_of(settings)}, recent_{window_} {}

 protected:
  virtual bool counts(const CycleStep& step) const = 0;
  virtual double figure(const RecentSums::Sums& sums) const = 0;

  void follow(Time time, const CycleStep& step) final {
    recent_.add(time, {counts(step) ? 1U : 0U, step.on, step.on + step.off});
  }
  Reading tell(PointId target, Time time) const override {
    return recent_.ample() ? good(target, time, figure(recent_.sums())) : bad(target, time, Reason::too_few);
  }
  void remember(StateWriter& writer) const final { recent_.save(writer); }
  bool recall(StateReader& reader) final { return recent_.restore(reader); }
  void forget() final { recent_ = RecentSums{window_}; }

 private:
  Duration window_;
  RecentSums recent_;
};

class StartsPerHour final : public CycleRate {
 public:
  explicit StartsPerHour(FeatureSettings&& settings) : CycleRate{settings} { refuse_other_options(settings, {hours}); }

 private:
  bool counts(const CycleStep& step) const override { return step.started; }
  double figure(const RecentSums::Sums& sums) const override { return sums.events / to_hours(sums.known); }
};

class Duty final : public CycleRate {
 public:
  explicit Duty(FeatureSettings&& settings) : CycleRate{settings} { refuse_other_options(settings, {hours}); }

 private:
  bool counts(const CycleStep& /*step*/) const override { return false; }
  double figure(const RecentSums::Sums& sums) const override { return to_hours(sums.on) / to_hours(sums.known); }
};

/// Runs that were too short to be any good: a machine that cycles has many, one that is tried by hand a few.
class ShortRuns final : public CycleRate {
 public:
  explicit ShortRuns(FeatureSettings&& settings)
      : CycleRate{settings}, shortest_{static_cast<std::int64_t>(chosen(settings, minutes) * 60'000)} {
    refuse_other_options(settings, {hours, minutes});
  }

 private:
  bool counts(const CycleStep& step) const override {
    return step.finished && step.finished->on && step.finished->length < shortest_;
  }
  double figure(const RecentSums::Sums& sums) const override { return sums.events; }
  /// Readings that are further apart cannot tell a short run from a long one.
  Reading tell(PointId target, Time time) const override {
    if (2 * every() > shortest_) return bad(target, time, Reason::too_few);
    return CycleRate::tell(target, time);
  }

  Duration shortest_;
};

template <class Kind>
std::unique_ptr<Feature> make(FeatureSettings&& settings) {
  return std::make_unique<Kind>(std::move(settings));
}

const Registration<Feature> starts_per_hour{"starts_per_hour", "starts of a run state per hour, over the last `hours`",
                                            make<StartsPerHour>};
const Registration<Feature> duty{"duty", "share of the last `hours` for which a run state was 1", make<Duty>};
const Registration<Feature> short_runs{"short_runs", "runs of less than `minutes` that ended within the last `hours`",
                                       make<ShortRuns>};

}  // namespace
}  // namespace fettle::manipulation
