#include "acquisition/backoff.hpp"

#include <gmock/gmock.h>

namespace fettle::acquisition {
namespace {

using namespace std::chrono_literals;

constexpr Backoff::Moment start{1h};

TEST(Backoff, tolerates_the_first_failures) {
  Backoff backoff{{2, 1s, 60s}};
  backoff.failed(start);
  backoff.failed(start);
  EXPECT_TRUE(backoff.may_try(start));
  backoff.failed(start);
  EXPECT_FALSE(backoff.may_try(start));
  EXPECT_TRUE(backoff.may_try(start + 1s));
}

TEST(Backoff, doubles_its_pause_up_to_the_longest) {
  Backoff backoff{{0, 1s, 3s}};
  backoff.failed(start);
  backoff.failed(start);
  EXPECT_FALSE(backoff.may_try(start + 1900ms));
  EXPECT_TRUE(backoff.may_try(start + 2s));
  backoff.failed(start);
  EXPECT_FALSE(backoff.may_try(start + 2900ms));
  EXPECT_TRUE(backoff.may_try(start + 3s));
}

TEST(Backoff, forgets_everything_with_one_success) {
  Backoff backoff{{1, 1s, 60s}};
  backoff.failed(start);
  backoff.failed(start);
  backoff.succeeded();
  backoff.failed(start);
  EXPECT_TRUE(backoff.may_try(start));
}

}  // namespace
}  // namespace fettle::acquisition
