#pragma once

#include <chrono>

namespace fettle::acquisition {

/// How long to leave something alone that keeps failing: not at all for the first failures, then for a pause that doubles up to a longest one.
class Backoff {
 public:
  using Moment = std::chrono::steady_clock::time_point;
  using Pause = std::chrono::steady_clock::duration;

  struct Rule {
    int tolerated = 0;  ///< failures in a row without a pause
    Pause first{}, longest{};
  };

  explicit Backoff(const Rule& rule) : rule_{rule} {}

  bool may_try(Moment now) const { return now >= until_; }
  void failed(Moment now);
  void succeeded();

 private:
  Rule rule_;
  int failures_ = 0;
  Pause pause_{};
  Moment until_ = Moment::min();
};

}  // namespace fettle::acquisition
