#include "manipulation/held_value.hpp"
#include "manipulation/options.hpp"

#include <algorithm>
#include <limits>

namespace fettle::manipulation {
namespace {

/// Half of a period must be known before anything is said about it.
constexpr double least_cover = 0.5;

/// What became of one period: the integral of the value over the known time, and its extremes.
struct Period {
  std::int64_t number = 0;
  double integral = 0;
  Duration known{};
  double lowest = std::numeric_limits<double>::infinity();
  double highest = -std::numeric_limits<double>::infinity();

  void add(Duration span, double value) {
    if (span <= Duration{0}) return;
    known += span;
    integral += value * static_cast<double>(span.count());
    lowest = std::min(lowest, value);
    highest = std::max(highest, value);
  }
};

double mean(const Period& period) { return period.integral / static_cast<double>(period.known.count()); }
double highest(const Period& period) { return period.highest; }
double lowest(const Period& period) { return period.lowest; }

using Digest = double (*)(const Period&);

/// One number a period (aligned to UTC) of a value that is read irregularly, handed on with the first reading behind the period. Exact for
/// values that hold until the next reading. A period of which less than half is known is bad; one without any reading is left out.
class PeriodDigest final : public Feature {
 public:
  PeriodDigest(FeatureSettings&& settings, Digest digest)
      : target_{settings.target},
        every_{settings.every},
        source_{only_point_of(settings)},
        gate_{settings.gate},
        held_{source_.every},
        digest_{digest} {
    refuse_other_options(settings, {});
  }

  std::vector<PointId> inputs() const override { return gate_.with({source_.point}); }

  std::optional<Reading> derive(const Reading& reading) override {
    gate_.take(reading);
    if (reading.point != source_.point) return std::nullopt;
    const auto why = gate_.closed(reading.time);
    const auto stretch = held_.take(why == Reason::none ? reading : bad(reading.point, reading.time, why));
    const auto now = period_of(reading.time, every_);
    std::optional<Reading> finished;
    if (!open_ || now < open_->number) open_ = Period{now};
    if (stretch) add_to_open(*stretch);
    if (now > open_->number) {
      finished = close();
      open_ = Period{now};
      if (stretch) add_to_open(*stretch);
    }
    return finished;
  }

 private:
  /// The part of it that lies in the open period.
  void add_to_open(const Stretch& stretch) {
    const Time begin{every_ * open_->number};
    open_->add(std::min(stretch.to, begin + every_) - std::max(stretch.from, begin), stretch.value);
  }

  Reading close() const {
    const Time end{every_ * (open_->number + 1)};
    if (open_->known < every_ * least_cover) return bad(target_, end, Reason::too_few);
    return good(target_, end, digest_(*open_));
  }

  PointId target_;
  Duration every_;
  Input source_;
  Gate gate_;
  HeldValue held_;
  Digest digest_;
  std::optional<Period> open_;
};

template <Digest digest>
std::unique_ptr<Feature> make(FeatureSettings&& settings) {
  return std::make_unique<PeriodDigest>(std::move(settings), digest);
}

const Registration<Feature> mean_entry{"period_mean", "the mean of each period, weighted by time", make<mean>};
const Registration<Feature> max_entry{"period_max", "the highest value of each period", make<highest>};
const Registration<Feature> min_entry{"period_min", "the lowest value of each period", make<lowest>};

}  // namespace
}  // namespace fettle::manipulation
