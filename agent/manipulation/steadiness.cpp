#include "manipulation/feature.hpp"
#include "manipulation/options.hpp"

#include <cmath>
#include <stdexcept>

namespace fettle::manipulation {
namespace {

/// How much a value swings, as its standard deviation over its mean in each period (`every:`). Of fewer than ten readings nothing can be
/// said, nor of a period in which the machine did not run all the time.
class Steadiness final : public Feature {
 public:
  explicit Steadiness(FeatureSettings&& settings)
      : target_{settings.target}, every_{settings.every}, source_{only_point_of(settings)}, gate_{settings.gate} {
    refuse_other_options(settings, {});
    if (every_ <= Duration{0}) throw std::invalid_argument{"needs a period (such as `every: 1m`)"};
  }

  std::vector<PointId> inputs() const override { return gate_.with({source_.point}); }

  std::optional<Reading> derive(const Reading& reading) override {
    gate_.take(reading);
    if (reading.point != source_.point) return std::nullopt;
    std::optional<Reading> finished;
    const auto period = reading.time.time_since_epoch() / every_;
    if (period != period_) {
      if (period > period_ && period_ >= 0) finished = close();
      period_ = period;
      count_ = 0;
      mean_ = squares_ = 0;
      why_ = Reason::too_few;
    }
    if (const auto closed = gate_.closed(reading.time); closed != Reason::none) why_ = closed;
    if (reading.is_good()) add(reading.value);
    return finished;
  }

 private:
  void add(double value) {
    const double off = value - mean_;
    mean_ += off / ++count_;
    squares_ += off * (value - mean_);
  }

  Reading close() const {
    constexpr int least = 10;
    const Time end{every_ * (period_ + 1)};
    if (count_ < least || why_ != Reason::too_few) return bad(target_, end, why_);
    if (mean_ <= 0) return bad(target_, end, Reason::undefined);
    return good(target_, end, std::sqrt(squares_ / (count_ - 1)) / mean_);
  }

  PointId target_;
  Duration every_;
  Input source_;
  Gate gate_;
  std::int64_t period_ = -1;
  int count_ = 0;
  double mean_ = 0, squares_ = 0;
  Reason why_ = Reason::too_few;  ///< why there may be nothing to say
};

const Registration<Feature> entry{"steadiness", "standard deviation over mean of a power in each period of `every`",
                                  [](FeatureSettings&& settings) -> std::unique_ptr<Feature> {
                                    return std::make_unique<Steadiness>(std::move(settings));
                                  }};

}  // namespace
}  // namespace fettle::manipulation
