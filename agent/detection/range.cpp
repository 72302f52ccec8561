#include "detection/expert.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <cmath>
#include <limits>

namespace fettle::detection {
namespace {

constexpr std::uint64_t enough = 10;

/// Has there ever been a value as high, or as low?
class Range final : public Expert {
 public:
  double judge(const Sample& sample) override {
    const auto evidence = sample.number > enough ? beyond(sample.value) : 0;
    before_ = {low_, high_};
    latest_ = sample.value;
    low_ = std::min(low_, sample.value);
    high_ = std::max(high_, sample.value);
    return evidence;
  }

  std::string explain() const override {
    if (latest_ > before_.high) return fmt::format("{:.4g} is a new maximum (until now {:.4g})", latest_, before_.high);
    return fmt::format("{:.4g} is a new minimum (until now {:.4g})", latest_, before_.low);
  }

  void save(StateWriter& writer) const override {
    writer.put(low_);
    writer.put(high_);
  }

  bool restore(StateReader& reader) override {
    double low = 0, high = 0;
    reader.get(low);
    reader.get(high);
    const bool is_new = low == std::numeric_limits<double>::infinity() && high == -low;
    if (!reader.ok() || !(is_new || (std::isfinite(low) && std::isfinite(high) && low <= high))) return false;
    low_ = low;
    high_ = high;
    return true;
  }

 private:
  /// A twentieth of the range beyond it is as rare as 1 in 10,000; ten times as far ten times as rare.
  double beyond(double value) const {
    const double width = std::max(high_ - low_, 1e-12);
    const double excess = std::max({value - high_, low_ - value, 0.0}) / width;
    return excess > 0 ? std::clamp(4 + std::log10(excess / 0.05), 0.5, 6.0) : 0;
  }

  struct Span {
    double low = 0, high = 0;
  };

  double low_ = std::numeric_limits<double>::infinity(), high_ = -low_;
  Span before_;
  double latest_ = 0;
};

const Registration<Expert> entry{"range", "a value beyond all before it", [] { return std::make_unique<Range>(); }};

}  // namespace
}  // namespace fettle::detection
