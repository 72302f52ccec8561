#include "delivery/telemetry_pacer.hpp"

#include <gtest/gtest.h>

namespace fettle::delivery {
namespace {

using std::chrono::milliseconds;

/// How many leave a backlog in ten seconds that is looked at every 5 ms, while `made_per_second` join it.
int sent_in_ten_seconds(int rate, int made_per_second) {
  TelemetryPacer pacer{rate};
  TelemetryPacer::Moment now;
  pacer.begin(now);
  int sent = 0;
  for (int look = 0; look < 2'000; ++look, now += milliseconds{5}) {
    if (made_per_second > 0 && look % (200 / made_per_second) == 0) pacer.grant();
    while (pacer.take(now)) ++sent;
  }
  return sent;
}

TEST(TelemetryPacer, holds_a_backlog_to_its_rate) {
  EXPECT_NEAR(sent_in_ten_seconds(20, 0), 200, 2);
  EXPECT_NEAR(sent_in_ten_seconds(1, 0), 10, 2);
}

TEST(TelemetryPacer, lets_the_backlog_shrink_by_the_rate_whatever_joins_it) {
  EXPECT_NEAR(sent_in_ten_seconds(20, 10), 300, 2);
  EXPECT_NEAR(sent_in_ten_seconds(20, 100), 1'200, 4);
  EXPECT_NEAR(sent_in_ten_seconds(1, 200), 2'010, 4);
}

TEST(TelemetryPacer, lets_the_backlog_of_devices_shrink_that_are_all_read_in_the_same_moment) {
  TelemetryPacer pacer{20};
  TelemetryPacer::Moment now;
  pacer.begin(now);
  int sent = 0;
  for (int look = 0; look < 2'000; ++look, now += milliseconds{5}) {
    for (int device = 0; look % 200 == 0 && device < 100; ++device) pacer.grant();
    while (pacer.take(now)) ++sent;
  }
  EXPECT_NEAR(sent, 1'200, 4);
}

TEST(TelemetryPacer, does_not_save_up_for_a_flood) {
  TelemetryPacer pacer{20};
  TelemetryPacer::Moment now;
  pacer.begin(now);
  for (int made = 0; made < 1'000; ++made) pacer.grant();
  now += std::chrono::hours{1};
  int sent = 0;
  while (pacer.take(now)) ++sent;
  EXPECT_LE(sent, 21);
}

TEST(TelemetryPacer, says_when_to_come_again) {
  TelemetryPacer pacer{20};
  TelemetryPacer::Moment now;
  pacer.begin(now);
  EXPECT_TRUE(pacer.take(now));
  EXPECT_FALSE(pacer.take(now));
  EXPECT_EQ(pacer.wait(), milliseconds{50});
  EXPECT_TRUE(pacer.take(now + pacer.wait()));
}

}  // namespace
}  // namespace fettle::delivery
