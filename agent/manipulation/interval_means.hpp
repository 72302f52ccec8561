#pragma once

#include "core/state.hpp"
#include "manipulation/feature.hpp"

#include <optional>
#include <span>
#include <vector>

namespace fettle::manipulation {

/// What several points were like on average in one interval.
struct Interval {
  Time end{};
  std::int64_t wall_second = 0;     ///< in its middle, on the clock on the wall
  Reason why = Reason::none;        ///< there are no means
  std::span<const double> means{};  ///< in the arguments' order; valid until the next reading
};

/// Means of the good readings of each interval, handed on when it is over. Whole days are those of the clock on the wall, shorter
/// intervals those of UTC. An interval in which a point has fewer good readings than its share of those that are due has no means.
class IntervalMeans {
 public:
  IntervalMeans(const FeatureSettings& settings, double least_share);

  std::vector<PointId> inputs() const;
  std::optional<Interval> take(const Reading& reading);

  void save(StateWriter& writer) const;
  bool restore(StateReader& reader);

 private:
  struct Sum {
    double sum = 0;
    std::uint32_t count = 0;
  };

  std::int64_t wall_second(Time time) const;
  std::int64_t number_of(Time time) const;
  void begin(std::int64_t number);
  Interval close();

  std::vector<Argument> arguments_;
  Duration every_;
  double least_share_;
  Gate gate_;
  std::shared_ptr<const Zone> zone_;
  std::vector<Sum> sums_;
  std::vector<double> means_;
  Reason closed_ = Reason::too_few;  ///< the latest reason of the gate or a point, for an interval without anything
  std::int64_t number_ = -1;
  Time last_{};
};

}  // namespace fettle::manipulation
