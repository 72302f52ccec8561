#pragma once

#include <algorithm>
#include <chrono>
#include <random>

namespace fettle::delivery {

/// How long to wait before the next attempt: doubling up to a longest, with jitter so that a thousand gateways do not come back as one.
class Backoff {
 public:
  using Span = std::chrono::milliseconds;

  Backoff(Span first, Span longest, std::uint32_t seed)
      : first_{first}, longest_{longest}, wait_{first}, random_{seed} {}

  /// Between half of the present wait and all of it.
  Span next() {
    std::uniform_int_distribution<Span::rep> jitter{wait_.count() / 2, wait_.count()};
    const Span result{jitter(random_)};
    wait_ = std::min(longest_, wait_ * 2);
    return result;
  }
  /// Any moment within `longest`: after an outage that all have seen, all come back, but not at once.
  Span within(Span longest) {
    std::uniform_int_distribution<Span::rep> any{0, longest.count()};
    return Span{any(random_)};
  }
  void succeeded() { wait_ = first_; }

 private:
  Span first_, longest_, wait_;
  std::minstd_rand random_;
};

}  // namespace fettle::delivery
