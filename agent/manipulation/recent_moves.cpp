#include "manipulation/learning_feature.hpp"
#include "manipulation/options.hpp"
#include "manipulation/recent_sums.hpp"

#include <algorithm>

namespace fettle::manipulation {
namespace {

constexpr Option hours{"hours", 1, 1, 24 * 7};
constexpr Option by{"by", 0.2, 0.001, 1e6};

Duration window_of(const FeatureSettings& settings) {
  return Duration{static_cast<std::int64_t>(chosen(settings, hours) * 3.6e6)};
}

/// How often something moved within the last hours; nothing until half of them are known.
class RecentMoves : public LearningFeature {
 public:
  explicit RecentMoves(const FeatureSettings& settings)
      : LearningFeature{settings},
        target_{settings.target},
        source_{only_point_of(settings)},
        window_{window_of(settings)},
        recent_{window_} {}

  std::vector<PointId> inputs() const final { return {source_.point}; }

  std::optional<Reading> derive(const Reading& reading) final {
    if (!reading.is_good()) return bad(target_, reading.time, reading.reason);
    const auto since = reading.time - last_;
    const bool goes_on = since >= Duration{0} && since <= 3 * source_.every;
    last_ = reading.time;
    const bool moved = follow(reading.value, goes_on);
    recent_.add(reading.time, {moved ? 1U : 0U, {}, goes_on ? since : Duration{0}});
    if (!recent_.ample()) return bad(target_, reading.time, Reason::too_few);
    return good(target_, reading.time, recent_.sums().events);
  }

  void start_anew() final {
    recent_ = RecentSums{window_};
    last_ = {};
  }

  void save(StateWriter& writer) const final {
    writer.put(last_);
    remember(writer);
    recent_.save(writer);
  }

  bool restore(StateReader& reader) final {
    auto last = last_;
    auto recent = recent_;
    reader.get(last);
    constexpr Time far{Duration::max() / 2};
    const bool known = recall(reader) && last >= Time{} && last <= far;
    if (known && recent.restore(reader) && reader.complete()) {
      last_ = last;
      recent_ = recent;
      return true;
    }
    start_anew();
    return false;
  }

 protected:
  /// Takes the next value; true if it completes a move. After a gap it is the first one.
  virtual bool follow(double value, bool goes_on) = 0;
  virtual void remember(StateWriter& writer) const = 0;
  virtual bool recall(StateReader& reader) = 0;

 private:
  PointId target_;
  Input source_;
  Duration window_;
  RecentSums recent_;
  Time last_{};  ///< when the latest good value came
};

class Changes final : public RecentMoves {
 public:
  explicit Changes(FeatureSettings&& settings) : RecentMoves{settings} { refuse_other_options(settings, {hours}); }

 private:
  bool follow(double value, bool goes_on) override {
    const bool changed = goes_on && value != value_;
    value_ = value;
    return changed;
  }
  void remember(StateWriter& writer) const override { writer.put(value_); }
  bool recall(StateReader& reader) override {
    reader.get(value_);
    return reader.ok();
  }

  double value_ = 0;
};

/// A turn counts when the value has come back by so much: noise and slow loads make none.
class Reversals final : public RecentMoves {
 public:
  explicit Reversals(FeatureSettings&& settings) : RecentMoves{settings}, by_{chosen(settings, by)} {
    refuse_other_options(settings, {hours, by});
  }

 private:
  struct Course {
    double lowest = 0, highest = 0;  ///< since the last turn
    int direction = 0;               ///< 1 up, -1 down, 0 not known yet
  };

  bool follow(double value, bool goes_on) override {
    if (!goes_on) course_ = {value, value, 0};
    course_.lowest = std::min(course_.lowest, value);
    course_.highest = std::max(course_.highest, value);
    const bool fell = course_.direction >= 0 && value <= course_.highest - by_;
    const bool rose = course_.direction <= 0 && value >= course_.lowest + by_;
    if (!fell && !rose) return false;
    const bool turned = course_.direction != 0;
    course_ = {value, value, fell ? -1 : 1};
    return turned;
  }
  void remember(StateWriter& writer) const override { writer.put(course_); }
  bool recall(StateReader& reader) override {
    reader.get(course_);
    return reader.ok();
  }

  double by_;
  Course course_;
};

template <class Kind>
std::unique_ptr<Feature> make(FeatureSettings&& settings) {
  return std::make_unique<Kind>(std::move(settings));
}

const Registration<Feature> changes{"changes", "changes of a state within the last `hours`", make<Changes>};
const Registration<Feature> reversals{"reversals", "turns of a value by at least `by` within the last `hours`",
                                      make<Reversals>};

}  // namespace
}  // namespace fettle::manipulation
