#pragma once

#include "core/reading.hpp"
#include "core/state.hpp"
#include "manipulation/counter.hpp"
#include "manipulation/point_facts.hpp"
#include "manipulation/rate_limit.hpp"
#include "manipulation/spike.hpp"
#include "manipulation/stuck.hpp"
#include "manipulation/time_order.hpp"

#include <memory>
#include <optional>
#include <variant>

namespace fettle::manipulation {

/// Looks at the readings of one point, one after the other: time, range, then by kind counter, rate or spike, and whether it is stuck. What
/// is impossible becomes bad; what does not fit with those before becomes uncertain, with its value and a reason. Never allocates after it
/// was made; about 100 bytes, 180 where a rate is known.
class PointQuality {
 public:
  explicit PointQuality(const PointFacts& facts);

  /// Nothing if the same moment was told already, or is none that can be. `facts` are those that it was made with.
  std::optional<Reading> judged(const PointFacts& facts, Reading reading);

  /// What the last reading said about a counter; `none` for anything else.
  CounterEvent event() const { return event_; }
  /// The last value that was possible; nothing for a counter, or before there was one.
  std::optional<double> last() const;

  /// What it learned of how the point moves.
  void save(StateWriter& writer) const;
  bool restore(StateReader& reader);

 private:
  struct Gauge {
    Spike spike;
    Stuck stuck;
  };
  struct Limited {
    RateLimit limit;
    Stuck stuck;
  };

  Reason misfit(const PointFacts& facts, Arrival arrival, const Reading& reading);
  const Stuck* stuck() const;

  TimeOrder order_;
  /// By pointer what few points have, and is large.
  std::variant<std::monostate, Gauge, std::unique_ptr<Limited>, std::unique_ptr<Counter>> rule_;
  CounterEvent event_ = CounterEvent::none;
};

}  // namespace fettle::manipulation
