#include "manipulation/hours_of_day.hpp"

#include <algorithm>

namespace fettle::manipulation {
namespace {

constexpr Option from{"from", 0, 0, 23};
constexpr Option to{"to", 5, 1, 24};

/// What a building or a machine draws when nobody needs it: the level that a tenth of the night's readings lie below, one value a
/// night. Hours are those of the clock on the site's walls.
class NightMinimum final : public Feature {
 public:
  explicit NightMinimum(const FeatureSettings& settings)
      : target_{settings.target}, source_{only_point_of(settings)}, hours_{settings, from, to} {
    const Duration night = hours_.length();
    const auto due = static_cast<std::size_t>(std::max<std::int64_t>(1, night / std::max(source_.every, Duration{1})));
    stride_ = due / capacity + 1;
    needed_ = std::max<std::size_t>(3, due / stride_ / 2);
    values_.reserve(std::min(capacity, due / stride_ + 1));
  }

  std::vector<PointId> inputs() const override { return {source_.point}; }

  std::optional<Reading> derive(const Reading& reading) override {
    const auto wall = hours_.wall_second(reading.time);
    const auto date = wall / HoursOfDay::day;
    const bool is_night = hours_.holds(wall);
    std::optional<Reading> finished;
    if (night_ && (date != *night_ || !is_night)) {
      if (date >= *night_) finished = close(reading.time);
      night_.reset();
    }
    if (!is_night) return finished;
    if (!night_) {
      night_ = date;
      values_.clear();
      seen_ = 0;
    }
    if (reading.is_good() && seen_++ % stride_ == 0 && values_.size() < capacity) values_.push_back(reading.value);
    return finished;
  }

 private:
  static constexpr std::size_t capacity = 600;  ///< one every 30 s

  Reading close(Time time) {
    if (values_.size() < needed_) return bad(target_, time, Reason::too_few);
    const auto tenth = values_.begin() + static_cast<std::ptrdiff_t>((values_.size() - 1) / 10);
    std::nth_element(values_.begin(), tenth, values_.end());
    return good(target_, time, *tenth);
  }

  PointId target_;
  Input source_;
  HoursOfDay hours_;
  std::size_t stride_ = 1, needed_ = 1;
  std::optional<std::int64_t> night_;  ///< the date of the night that goes on
  std::size_t seen_ = 0;
  std::vector<double> values_;
};

const Registration<Feature> entry{
    "night_minimum", "what a tenth of a night's readings lie below, local hours `from` to `to`",
    [](FeatureSettings&& settings) -> std::unique_ptr<Feature> { return std::make_unique<NightMinimum>(settings); }};

}  // namespace
}  // namespace fettle::manipulation
