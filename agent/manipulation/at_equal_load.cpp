#include "manipulation/learning_feature.hpp"
#include "manipulation/options.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

namespace fettle::manipulation {
namespace {

constexpr Option hours{"hours", 24, 1, 24 * 31};

/// By how much a value differs from what it was at the same load in the beginning. Each tenth of the load learns its own mean, in the
/// first hours that are spent there, and keeps it: a mean that goes on learning would follow a slow fault.
class AtEqualLoad final : public LearningFeature {
 public:
  explicit AtEqualLoad(FeatureSettings&& settings)
      : LearningFeature{settings}, target_{settings.target}, gate_{settings.gate}, hours_{chosen(settings, hours)} {
    refuse_other_options(settings, {hours});
    const auto& of = settings.arguments;
    if (of.size() != 2 || !of[0].point || !of[1].point)
      throw std::invalid_argument{"takes a value and a load of 0 to 1 (such as `of: [phase_angle, load]`)"};
    longest_step_ = 3 * slowest(of);
    latest_.emplace(of);
    values_.reserve(2);
  }

  std::vector<PointId> inputs() const override { return gate_.with(latest_->points()); }

  std::optional<Reading> derive(const Reading& reading) override {
    gate_.take(reading);
    if (!latest_->take(reading)) return std::nullopt;
    auto why = gate_.closed(reading.time);
    if (why == Reason::none) why = latest_->values(reading.time, values_);
    if (why != Reason::none) return bad(target_, reading.time, why);
    auto& tenth = tenth_at(values_.back());
    const auto passed = reading.time - last_.value_or(reading.time);
    const double spent = to_hours(std::clamp(passed, Duration{0}, longest_step_));
    last_ = reading.time;
    if (tenth.hours >= hours_) return good(target_, reading.time, values_.front() - tenth.mean);
    tenth.hours += spent;
    if (tenth.hours > 0) tenth.mean += (values_.front() - tenth.mean) * spent / tenth.hours;
    return bad(target_, reading.time, Reason::not_learned);
  }

  void save(StateWriter& writer) const override { writer.put(tenths_); }
  bool restore(StateReader& reader) override {
    auto tenths = tenths_;
    reader.get(tenths);
    const auto sane = [](const Tenth& each) { return std::isfinite(each.mean) && each.hours >= 0; };
    if (!reader.complete() || !std::ranges::all_of(tenths, sane)) return false;
    tenths_ = tenths;
    return true;
  }

 private:
  struct Tenth {
    double mean = 0, hours = 0;
  };

  Tenth& tenth_at(double load) {
    return tenths_.at(static_cast<std::size_t>(std::clamp(load * 10, 0.0, static_cast<double>(tenths_.size() - 1))));
  }

  PointId target_;
  Gate gate_;
  double hours_;
  Duration longest_step_{};
  std::optional<Latest> latest_;
  std::vector<double> values_;
  std::optional<Time> last_;
  std::array<Tenth, 12> tenths_{};  ///< the last one for all above 1.1
};

const Registration<Feature> entry{"at_equal_load",
                                  "difference from the mean at the same tenth of the load in its first `hours`",
                                  [](FeatureSettings&& settings) -> std::unique_ptr<Feature> {
                                    return std::make_unique<AtEqualLoad>(std::move(settings));
                                  }};

}  // namespace
}  // namespace fettle::manipulation
