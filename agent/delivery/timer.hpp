#pragma once

#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <utility>

namespace fettle::delivery {

/// Calls somebody once, after a while. Nobody is called any more after cancel() or a new run_after(), nor by a timer that had expired before
/// that and whose call was only waiting for its turn.
class Timer {
 public:
  explicit Timer(const boost::asio::any_io_executor& home) : timer_{home} {}

  /// `member` of `self`, which owns the timer, unless `self` is gone by then.
  template <class Self>
  void run_after(std::chrono::nanoseconds wait, std::weak_ptr<const bool> alive, Self* self, void (Self::*member)()) {
    timer_.expires_after(wait);
    timer_.async_wait(
        [this, turn = ++turn_, alive = std::move(alive), self, member](const boost::system::error_code& code) {
          if (!code && !alive.expired() && turn == turn_) (self->*member)();
        });
  }
  void cancel() {
    ++turn_;
    timer_.cancel();
  }

 private:
  boost::asio::steady_timer timer_;
  std::uint64_t turn_ = 0;
};

}  // namespace fettle::delivery
