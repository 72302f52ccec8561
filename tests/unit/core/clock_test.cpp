#include "core/clock.hpp"

#include <gtest/gtest.h>

namespace fettle {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

const Time start{std::chrono::sys_days{std::chrono::year{2026} / 1 / 5}};

TEST(DomainClock, is_the_system_clock_unless_told_otherwise) {
  const DomainClock clock;
  const auto before = std::chrono::floor<Duration>(std::chrono::system_clock::now());
  EXPECT_GE(clock.now(), before);
  EXPECT_LE(clock.now(), before + hours{1});
  EXPECT_FALSE(clock.simulated());
  EXPECT_EQ(clock.real(seconds{5}), seconds{5});
}

TEST(DomainClock, starts_at_its_start_and_never_runs_backwards) {
  const DomainClock clock{start, 1e6};
  EXPECT_TRUE(clock.simulated());
  const auto first = clock.now();
  EXPECT_GE(first, start);
  const auto deadline = std::chrono::steady_clock::now() + seconds{5};
  while (clock.now() < start + seconds{100} && std::chrono::steady_clock::now() < deadline)
    EXPECT_GE(clock.now(), first);
  EXPECT_GE(clock.now(), start + seconds{100});
}

TEST(DomainClock, needs_less_real_time_the_faster_it_runs) {
  const DomainClock clock{start, 3600};
  EXPECT_EQ(clock.speed(), 3600);
  EXPECT_EQ(clock.real(hours{1}), seconds{1});
  EXPECT_EQ(clock.real(-hours{1}), seconds{0});
}

TEST(DomainClock, tells_when_something_was_that_happened_a_while_ago) {
  const auto moment = std::chrono::steady_clock::now();
  const DomainClock real;
  EXPECT_NEAR(to_hours(real.at(moment - hours{1}) - real.now()), -1, 0.01);
  const DomainClock fast{start, 60};
  EXPECT_NEAR(to_hours(fast.at(moment + seconds{60}) - fast.at(moment)), 1, 1e-6);
}

}  // namespace
}  // namespace fettle
