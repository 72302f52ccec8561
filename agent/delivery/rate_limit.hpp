#pragma once

#include "core/time.hpp"

#include <algorithm>
#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <string>

namespace fettle::delivery {

/// Lets each name pass so many times a minute. It keeps a bounded number of names: while they are all busy, further ones have to wait.
class RateLimit {
 public:
  explicit RateLimit(std::size_t per_minute, std::size_t most_names = 64)
      : per_minute_{std::max<std::size_t>(per_minute, 1)}, most_names_{most_names} {}

  /// This name always has its place, however many others come.
  void expect(const std::string& name) { expected_[name]; }

  /// Passes and is counted, or nothing is and the answer says how long to wait.
  std::optional<Duration> delay(const std::string& name, Time now);

 private:
  using Passed = std::deque<Time>;

  Passed* place_of(const std::string& name, Time now);

  std::size_t per_minute_, most_names_;
  std::map<std::string, Passed> expected_, others_;
};

}  // namespace fettle::delivery
