#include "detection/calibrated.hpp"
#include "detection/expert.hpp"
#include "detection/running_median.hpp"

#include <fmt/format.h>
#include <optional>

namespace fettle::detection {
namespace {

constexpr std::uint64_t enough = 20;

/// Has the value stayed on one side of its median for unusually long: did not start, is stuck, never rests?
class Dwell final : public CalibratedExpert {
 public:
  std::string explain() const override {
    return fmt::format("{} its median of {:.4g} for {} readings, {}", is_above_ ? "above" : "not above",
                       median_.value(), run_ + 1, rarity());
  }

 private:
  std::optional<double> strangeness(const Sample& sample) override {
    std::optional<double> lasting;
    if (median_.count() > enough) {
      const bool above = sample.value > median_.value();
      run_ = above == is_above_ ? run_ + 1 : 0;
      is_above_ = above;
      lasting = static_cast<double>(run_);
    }
    median_.learn(sample.value);
    return lasting;
  }

  void save_own(StateWriter& writer) const override {
    median_.save(writer);
    writer.put(run_);
    writer.put(static_cast<std::uint8_t>(is_above_));
  }

  bool restore_own(StateReader& reader) override {
    std::uint8_t above = 0;
    if (!median_.restore(reader)) return false;
    reader.get(run_);
    reader.get(above);
    is_above_ = above != 0;
    return reader.ok();
  }

  RunningMedian median_;
  std::uint64_t run_ = 0;
  bool is_above_ = false;
};

const Registration<Expert> entry{"dwell", "too long on one side of the median",
                                 [] { return std::make_unique<Dwell>(); }};

}  // namespace
}  // namespace fettle::detection
