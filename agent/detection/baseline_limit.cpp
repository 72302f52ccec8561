#include "core/median.hpp"
#include "detection/detector.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace fettle::detection {
namespace {

/// -log10 of the two-sided tail of a normal distribution, capped where doubles and belief end.
double evidence_of(double deviation) {
  constexpr double cap = 16;
  const double tail = std::erfc(std::abs(deviation) / std::numbers::sqrt2);
  return tail <= 0 ? cap : std::min(cap, -std::log10(tail));
}

/// A robust baseline: the median of the learning time, and the median absolute deviation as its spread. Both are frozen then, since
/// a baseline that keeps learning would follow a slow fault.
class BaselineLimit final : public Detector {
 public:
  explicit BaselineLimit(const DetectorSettings& settings) : settings_{settings} {
    const auto wanted = settings.every.count() > 0 ? settings.learn / settings.every : 0;
    wanted_ = settings.learn.count() == 0 ? 0 : static_cast<std::size_t>(std::clamp<std::int64_t>(wanted, 12, 1024));
    samples_.reserve(wanted_);
  }

  std::optional<Finding> observe(const Reading& reading) override {
    if (!reading.is_good()) return std::nullopt;
    if (wanted_ == 0) return Finding{reading.point, reading.time, "baseline_limit", 0, reading.value, 0};
    if (!ready()) {
      samples_.push_back(reading.value);
      if (samples_.size() == wanted_) settle();
      return std::nullopt;
    }
    const double deviation = (reading.value - baseline_) / spread_;
    return Finding{reading.point, reading.time, "baseline_limit", evidence_of(deviation), reading.value, baseline_};
  }

  void start_anew() override {
    samples_.clear();
    samples_.reserve(wanted_);
    baseline_ = std::numeric_limits<double>::quiet_NaN();
    spread_ = 0;
  }

  double learned() const override {
    if (wanted_ == 0 || ready()) return 1;
    return static_cast<double>(samples_.size()) / static_cast<double>(wanted_);
  }

  std::string state_id() const override { return settings_.id + "/baseline_limit"; }
  std::uint32_t state_version() const override { return 1; }
  std::uint64_t settings_hash() const override {
    return hash_of(fmt::format("{} {}", settings_.every.count(), settings_.learn.count()), settings_.meaning);
  }

  void save(StateWriter& writer) const override {
    writer.put(samples_);
    writer.put(baseline_);
    writer.put(spread_);
  }

  bool restore(StateReader& reader) override {
    std::vector<double> samples;
    double baseline = 0;
    double spread = 0;
    reader.get(samples);
    reader.get(baseline);
    reader.get(spread);
    if (!reader.complete() || samples.size() > wanted_ || !(spread >= 0)) return false;
    samples_ = std::move(samples);
    samples_.reserve(wanted_);
    baseline_ = baseline;
    spread_ = spread;
    return true;
  }

 private:
  bool ready() const { return spread_ > 0; }

  void settle() {
    const auto count = static_cast<double>(samples_.size());
    baseline_ = median_in_place(samples_);
    for (auto& sample : samples_) sample = std::abs(sample - baseline_);
    constexpr double to_sigma = 1.4826;
    // Few samples underestimate the spread as often as not, and a sensor's resolution can make it zero: both would cry wolf.
    const double caution = 1 + 2 / std::sqrt(count);
    const double floor = std::max(0.005 * std::abs(baseline_), 1e-9);
    spread_ = std::max(floor, caution * to_sigma * median_in_place(samples_));
    samples_.clear();
  }

  DetectorSettings settings_;
  std::size_t wanted_ = 0;
  std::vector<double> samples_;
  double baseline_ = std::numeric_limits<double>::quiet_NaN();
  double spread_ = 0;
};

const Registration<Detector> entry{"baseline_limit", "deviation from a robust baseline learned in the first days",
                                   [](const DetectorSettings& settings) -> std::unique_ptr<Detector> {
                                     return std::make_unique<BaselineLimit>(settings);
                                   }};

}  // namespace
}  // namespace fettle::detection
