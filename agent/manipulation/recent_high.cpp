#include "manipulation/learning_feature.hpp"
#include "manipulation/options.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <stdexcept>

namespace fettle::manipulation {
namespace {

constexpr Option hours{"hours", 168, 2, 24 * 31};
constexpr Option share{"share", 0.02, 0, 0.5};

/// What a small share of the last readings exceed: how bad a machine gets, without what was wild. Readings at rest do not count.
class RecentHigh final : public LearningFeature {
 public:
  explicit RecentHigh(FeatureSettings&& settings)
      : LearningFeature{settings},
        target_{settings.target},
        source_{only_point_of(settings)},
        window_{static_cast<std::int64_t>(chosen(settings, hours) * 3.6e6)},
        share_{chosen(settings, share)} {
    refuse_other_options(settings, {hours, share});
    const auto due = static_cast<std::size_t>(window_ / std::max(source_.every, Duration{1}));
    if (due > most)
      throw std::invalid_argument{"takes too many readings (make one of each hour by `feature: period_max`)"};
    samples_.reserve(std::max(due, enough));
    sorted_.reserve(samples_.capacity());
  }

  std::vector<PointId> inputs() const override { return {source_.point}; }

  std::optional<Reading> derive(const Reading& reading) override {
    if (!reading.is_good()) return bad(target_, reading.time, reading.reason);
    remember(reading);
    if (samples_.size() < enough) return bad(target_, reading.time, Reason::too_few);
    sorted_.clear();
    for (const auto& each : samples_) sorted_.push_back(each.value);
    const auto exceeded = static_cast<std::ptrdiff_t>(share_ * static_cast<double>(sorted_.size()));
    std::nth_element(sorted_.begin(), sorted_.begin() + exceeded, sorted_.end(), std::greater<>{});
    return good(target_, reading.time, sorted_.at(static_cast<std::size_t>(exceeded)));
  }

  void start_anew() override { samples_.clear(); }

  void save(StateWriter& writer) const override { writer.put(samples_); }
  bool restore(StateReader& reader) override {
    std::vector<Sample> samples;
    reader.get(samples);
    const auto sane = [](const Sample& each) { return std::isfinite(each.value); };
    if (!reader.complete() || samples.size() > samples_.capacity() || !std::ranges::all_of(samples, sane)) return false;
    samples_.assign(samples.begin(), samples.end());
    return true;
  }

 private:
  struct Sample {
    Time time;
    double value;
  };

  static constexpr std::size_t most = 24 * 31;
  static constexpr std::size_t enough = 12;

  /// A clock that was set back makes what was before of no use.
  void remember(const Reading& reading) {
    if (!samples_.empty() && reading.time < samples_.back().time) samples_.clear();
    std::erase_if(samples_, [&](const Sample& each) { return each.time <= reading.time - window_; });
    if (samples_.size() == samples_.capacity()) samples_.erase(samples_.begin());
    samples_.push_back({reading.time, reading.value});
  }

  PointId target_;
  Input source_;
  Duration window_;
  double share_;
  std::vector<Sample> samples_;
  std::vector<double> sorted_;
};

const Registration<Feature> entry{"recent_high", "what a small `share` of the readings of the last `hours` exceed",
                                  [](FeatureSettings&& settings) -> std::unique_ptr<Feature> {
                                    return std::make_unique<RecentHigh>(std::move(settings));
                                  }};

}  // namespace
}  // namespace fettle::manipulation
