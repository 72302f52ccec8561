#include "delivery/timer.hpp"

#include <gtest/gtest.h>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <memory>

namespace fettle::delivery {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

/// Two timers that have expired at the same time; the first one that is called does something to the other.
class TimerTest : public ::testing::Test {
 public:
  void call_both(void (TimerTest::*first)()) {
    first_.run_after(milliseconds{-2}, alive_, this, first);
    second_.run_after(milliseconds{-1}, alive_, this, &TimerTest::count);
    home_.poll();
  }
  void count() { ++calls_; }
  void cancel_second() { second_.cancel(); }
  void put_off_second() { second_.run_after(hours{1}, alive_, this, &TimerTest::count); }
  void die() { alive_.reset(); }

  boost::asio::io_context home_;
  std::shared_ptr<const bool> alive_ = std::make_shared<const bool>(true);
  Timer first_{home_.get_executor()}, second_{home_.get_executor()};
  int calls_ = 0;
};

TEST_F(TimerTest, calls_once) {
  call_both(&TimerTest::count);
  EXPECT_EQ(calls_, 2);
}

TEST_F(TimerTest, that_is_cancelled_calls_nobody_even_if_it_had_expired) {
  call_both(&TimerTest::cancel_second);
  EXPECT_EQ(calls_, 0);
}

TEST_F(TimerTest, that_is_put_off_does_not_call_too_early) {
  call_both(&TimerTest::put_off_second);
  EXPECT_EQ(calls_, 0);
}

TEST_F(TimerTest, calls_nobody_who_is_gone) {
  call_both(&TimerTest::die);
  EXPECT_EQ(calls_, 0);
}

}  // namespace
}  // namespace fettle::delivery
