#pragma once

#include <algorithm>
#include <cstddef>

namespace fettle::delivery {

/// How long something that probably ends the connection once more is held back: one heartbeat, then two, four ...
class HeartbeatPause {
 public:
  /// Another heartbeat; true with the one that ends the pause. The next pause is twice as long.
  bool ends_with_this_one() {
    if (++passed_ < length_) return false;
    passed_ = 0;
    length_ = std::min(2 * length_, longest);
    return true;
  }

 private:
  /// A day, with a heartbeat of five minutes.
  static constexpr std::size_t longest = 288;

  std::size_t passed_ = 0, length_ = 1;
};

}  // namespace fettle::delivery
