#include "detection/calibrated.hpp"
#include "detection/expert.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <optional>

namespace fettle::detection {
namespace {

constexpr std::size_t window = 48;
constexpr double slowest = 0.001, slowest_spread = 0.002;
constexpr std::uint64_t settled = 100;

/// Have the latest readings together moved away from where the readings before them were?
class Shift final : public CalibratedExpert {
 public:
  std::string explain() const override {
    return fmt::format("the mean of the last {} readings, {:.4g}, has moved away from {:.4g}, {}", window, mean_,
                       level_before_, rarity());
  }

 private:
  std::optional<double> strangeness(const Sample& sample) override {
    auto& oldest = ring_[static_cast<std::size_t>(count_ % window)];
    const double leaving = oldest;
    oldest = sample.value;
    std::optional<double> away;
    level_before_ = level_;
    if (count_ >= 2 * window) {
      mean_ = std::accumulate(ring_.begin(), ring_.end(), 0.0) / window;
      away = std::abs(mean_ - level_);
    }
    if (count_ >= window) learn(leaving);
    ++count_;
    return away;
  }

  /// The long-run level learns what has left the window.
  void learn(double leaving) {
    const auto left = count_ - window + 1;
    double step = leaving - level_;
    if (left == 1) spread_ = std::abs(step);
    if (left > settled) step = std::clamp(step, -3 * spread_, 3 * spread_);
    const double share = 1.0 / static_cast<double>(left);
    level_ += std::max(slowest, share) * step;
    spread_ += std::max(slowest_spread, share) * (std::abs(step) - spread_);
  }

  void save_own(StateWriter& writer) const override {
    writer.put(ring_);
    writer.put(count_);
    writer.put(level_);
    writer.put(spread_);
  }

  bool restore_own(StateReader& reader) override {
    reader.get(ring_);
    reader.get(count_);
    reader.get(level_);
    reader.get(spread_);
    const bool finite = std::all_of(ring_.begin(), ring_.end(), [](double value) { return std::isfinite(value); });
    return reader.ok() && finite && std::isfinite(level_) && spread_ >= 0 && std::isfinite(spread_);
  }

  std::array<double, window> ring_{};
  std::uint64_t count_ = 0;
  double level_ = 0, spread_ = 0;  ///< of what has left the ring
  double mean_ = 0, level_before_ = 0;
};

const Registration<Expert> entry{"shift", "the latest readings together have moved",
                                 [] { return std::make_unique<Shift>(); }};

}  // namespace
}  // namespace fettle::detection
