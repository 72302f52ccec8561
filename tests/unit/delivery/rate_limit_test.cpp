#include "delivery/rate_limit.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fettle::delivery {
namespace {

using namespace std::chrono_literals;
using ::testing::Optional;

const Time start = Time{std::chrono::hours{500'000}};

TEST(RateLimit, lets_so_many_pass_in_any_minute) {
  RateLimit limit{3};
  for (const auto after : {0s, 10s, 20s}) EXPECT_EQ(limit.delay("dispatch", start + after), std::nullopt);
  EXPECT_THAT(limit.delay("dispatch", start + 30s), Optional(Duration{30s}));
  EXPECT_THAT(limit.delay("dispatch", start + 60s - 1ms), Optional(Duration{1ms}));
  EXPECT_EQ(limit.delay("dispatch", start + 60s), std::nullopt);
  EXPECT_THAT(limit.delay("dispatch", start + 60s), Optional(Duration{10s}));
}

TEST(RateLimit, counts_each_name_by_itself) {
  RateLimit limit{1};
  EXPECT_EQ(limit.delay("dispatch", start), std::nullopt);
  EXPECT_EQ(limit.delay("viewer", start), std::nullopt);
  EXPECT_NE(limit.delay("dispatch", start), std::nullopt);
}

TEST(RateLimit, forgets_what_a_clock_that_was_set_back_leaves_in_the_future) {
  RateLimit limit{1};
  EXPECT_EQ(limit.delay("dispatch", start), std::nullopt);
  EXPECT_EQ(limit.delay("dispatch", start - 24h), std::nullopt);
  EXPECT_NE(limit.delay("dispatch", start - 24h), std::nullopt);
}

TEST(RateLimit, keeps_a_bounded_number_of_names_until_one_is_idle) {
  RateLimit limit{2, 2};
  EXPECT_EQ(limit.delay("a", start), std::nullopt);
  EXPECT_EQ(limit.delay("b", start + 30s), std::nullopt);
  EXPECT_THAT(limit.delay("c", start + 59s), Optional(Duration{1min}));
  EXPECT_EQ(limit.delay("b", start + 59s), std::nullopt);
  EXPECT_EQ(limit.delay("c", start + 60s), std::nullopt) << "a has been idle for a minute";
}

TEST(RateLimit, keeps_a_place_for_whom_it_expects) {
  RateLimit limit{1, 1};
  limit.expect("dispatch");
  EXPECT_EQ(limit.delay("stranger", start), std::nullopt);
  EXPECT_NE(limit.delay("another", start), std::nullopt);
  EXPECT_EQ(limit.delay("dispatch", start), std::nullopt);
}

}  // namespace
}  // namespace fettle::delivery
