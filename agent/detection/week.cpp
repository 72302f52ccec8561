#include "detection/calibrated.hpp"
#include "detection/expert.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <optional>

namespace fettle::detection {
namespace {

constexpr std::int64_t hour = 3600, hours = 24, days = 7;
constexpr int settled = 5;
constexpr float slowest = 0.2F;

/// What a value usually is at some hour.
struct Usual {
  float mean = 0;
  std::uint8_t count = 0;

  bool is_known() const { return count > 0; }
  void learn(double value) {
    if (count < settled) ++count;
    const float share = count < settled ? 1.0F / static_cast<float>(count) : slowest;
    mean += share * (static_cast<float>(value) - mean);
  }
};

/// Is the value unusual for this hour of this day of the week?
class Week final : public CalibratedExpert {
 public:
  std::string explain() const override {
    constexpr std::array<const char*, days> names{"Thursday", "Friday",  "Saturday", "Sunday",
                                                  "Monday",   "Tuesday", "Wednesday"};
    return fmt::format("{:.4g} is unusual for {} {:02}:00 ({:.4g}), {}", latest_, names.at(at_ / hours), at_ % hours,
                       expected_, rarity());
  }

 private:
  std::optional<double> strangeness(const Sample& sample) override {
    const auto since = (sample.second % (days * hours * hour) + days * hours * hour) %
                       (days * hours * hour);  // 1970 began on a Thursday
    at_ = static_cast<std::size_t>(since / hour);
    auto& of_week = week_[at_];
    auto& of_day = day_[at_ % hours];
    std::optional<double> away;
    latest_ = sample.value;
    if (of_day.is_known()) {
      expected_ = of_week.is_known() ? of_week.mean : of_day.mean;
      away = std::abs(sample.value - expected_);
    }
    of_week.learn(sample.value);
    of_day.learn(sample.value);
    return away;
  }

  void save_own(StateWriter& writer) const override {
    for (const auto& each : week_) put(writer, each);
    for (const auto& each : day_) put(writer, each);
  }

  static void put(StateWriter& writer, const Usual& usual) {
    writer.put(usual.mean);
    writer.put(usual.count);
  }

  bool restore_own(StateReader& reader) override {
    const auto get = [&reader](Usual& usual) {
      reader.get(usual.mean);
      reader.get(usual.count);
      return reader.ok() && std::isfinite(usual.mean) && usual.count <= settled;
    };
    return std::all_of(week_.begin(), week_.end(), get) && std::all_of(day_.begin(), day_.end(), get);
  }

  std::array<Usual, days * hours> week_{};
  std::array<Usual, hours> day_{};
  std::size_t at_ = 0;
  double latest_ = 0, expected_ = 0;
};

const Registration<Expert> entry{"week", "unusual for the hour of the week", [] { return std::make_unique<Week>(); }};

}  // namespace
}  // namespace fettle::detection
