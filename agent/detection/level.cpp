#include "detection/calibrated.hpp"
#include "detection/expert.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <cmath>
#include <optional>

namespace fettle::detection {
namespace {

constexpr double slowest = 0.0003, slowest_spread = 0.002;
constexpr std::uint32_t settled = 100;

/// How far is the value from a mean that moves very slowly, and does not follow what jumps?
class Level final : public CalibratedExpert {
 public:
  std::string explain() const override {
    return fmt::format("{:.4g} lies {:.4g} {} its long-run level, {}", latest_, std::abs(latest_ - level_before_),
                       latest_ > level_before_ ? "above" : "below", rarity());
  }

 private:
  std::optional<double> strangeness(const Sample& sample) override {
    latest_ = sample.value;
    level_before_ = level_;
    if (count_++ == 0) {
      level_ = sample.value;
      return std::nullopt;
    }
    const double away = sample.value - level_;
    learn(away);
    return std::abs(away);
  }

  void learn(double away) {
    const double size = std::abs(away);
    if (spread_ == 0) spread_ = size;
    const double step = count_ - 1 > settled ? std::clamp(away, -3 * spread_, 3 * spread_) : away;
    const double share = 1.0 / count_;
    level_ += std::max(slowest, share) * step;
    spread_ += std::max(slowest_spread, share) * (std::min(size, 3 * spread_ + 1e-12) - spread_);
  }

  void save_own(StateWriter& writer) const override {
    writer.put(level_);
    writer.put(spread_);
    writer.put(count_);
  }

  bool restore_own(StateReader& reader) override {
    reader.get(level_);
    reader.get(spread_);
    reader.get(count_);
    return reader.ok() && std::isfinite(level_) && spread_ >= 0 && std::isfinite(spread_);
  }

  double level_ = 0, spread_ = 0;
  std::uint32_t count_ = 0;
  double latest_ = 0, level_before_ = 0;
};

const Registration<Expert> entry{"level", "far from the long-run level", [] { return std::make_unique<Level>(); }};

}  // namespace
}  // namespace fettle::detection
