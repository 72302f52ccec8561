#pragma once

#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <memory>
#include <utility>

namespace fettle::delivery {

/// Runs `member` of `self` when `timer` has expired, unless the timer was cancelled or `self` is gone by then.
template <class Self>
void run_after(boost::asio::steady_timer& timer, std::chrono::nanoseconds wait, std::weak_ptr<const bool> alive,
               Self* self, void (Self::*member)()) {
  timer.expires_after(wait);
  timer.async_wait([alive = std::move(alive), self, member](const boost::system::error_code& code) {
    if (!code && !alive.expired()) (self->*member)();
  });
}

}  // namespace fettle::delivery
