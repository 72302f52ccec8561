#include "delivery/link.hpp"

#include "link_fixture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <algorithm>
#include <chrono>

namespace fettle::delivery {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using ::testing::HasSubstr;

TEST_F(LinkTest, tries_the_brokers_in_their_order) {
  start();
  for (std::size_t count = 1; count < 7; ++count) {
    ASSERT_TRUE(attempts(count));
    lose();
  }
  ASSERT_TRUE(attempts(7));
  EXPECT_EQ(hosts(), "abcabca");
}

TEST_F(LinkTest, waits_between_rounds_and_not_within_one) {
  times_.first_retry = times_.longest_retry = hours{1};
  start();
  lose();
  ASSERT_TRUE(attempts(2));
  lose();
  ASSERT_TRUE(attempts(3));
  lose();
  home_.restart();
  home_.run_for(milliseconds{50});
  EXPECT_EQ(hosts(), "abc");
}

TEST_F(LinkTest, asks_a_service_that_throttles_ever_more_rarely) {
  settings_.addresses = {{"a", 1883}};
  times_.first_retry = milliseconds{1};
  times_.longest_retry = hours{1};
  start();
  std::size_t rejected = 0;
  for (const auto end = std::chrono::steady_clock::now() + milliseconds{60}; std::chrono::steady_clock::now() < end;) {
    home_.restart();
    home_.run_for(milliseconds{1});
    if (broker_->approaches.size() == rejected) continue;
    rejected = broker_->approaches.size();
    broker_->listener.rejected("quota exceeded");
  }
  EXPECT_TRUE(attempts(2));
  EXPECT_LE(broker_->approaches.size(), 8U) << "waits of 1, 2, 4, 8, 16, 32, 64 ms, or half of each";
}

TEST_F(LinkTest, comes_back_to_the_first_broker_after_one_that_was_of_use) {
  start();
  lose();
  ASSERT_TRUE(attempts(2));
  welcome();
  settle();
  lose();
  ASSERT_TRUE(attempts(3));
  EXPECT_EQ(hosts(), "aba");
}

TEST_F(LinkTest, goes_on_to_the_next_when_a_broker_throws_it_out_after_each_welcome) {
  start();
  welcome();
  lose();
  ASSERT_TRUE(attempts(2));
  EXPECT_EQ(hosts(), "ab");
}

TEST_F(LinkTest, asks_a_broker_that_ends_each_connection_ever_more_rarely_whatever_it_acknowledges) {
  settings_.addresses = {{"a", 1883}};
  settings_.reconnect_within = milliseconds{1};
  times_.longest_retry = times_.soon = hours{1};
  auto& delivery = start();
  std::size_t ended = 0;
  for (const auto end = std::chrono::steady_clock::now() + milliseconds{60}; std::chrono::steady_clock::now() < end;) {
    home_.restart();
    home_.run_for(milliseconds{1});
    if (broker_->approaches.size() == ended) continue;
    ended = broker_->approaches.size();
    welcome(true);
    broker_->listener.subscribed("");
    broker_->acknowledge_all();
    lose();
  }
  ASSERT_TRUE(attempts(4));
  EXPECT_LE(ended, 8U) << "waits of 1, 2, 4, 8, 16, 32, 64 ms, or half of each";
  ASSERT_TRUE(delivery.refusal());
  EXPECT_THAT(delivery.refusal()->what, HasSubstr("lets us in and throws us out soon after, each time: broken"));
}

TEST_F(LinkTest, hears_of_one_end_once) {
  settings_.addresses = {{"a", 1883}, {"b", 1883}};
  start();
  lose();
  lose();
  ASSERT_TRUE(attempts(2));
  EXPECT_EQ(hosts(), "ab");
}

TEST_F(LinkTest, comes_back_at_a_random_moment_after_an_outage_that_all_have_seen) {
  settings_.reconnect_within = hours{1000};
  start();
  welcome();
  settle();
  lose();
  home_.restart();
  home_.run_for(milliseconds{50});
  EXPECT_EQ(hosts(), "a") << "the chance that the moment has come already is nothing";
}

TEST_F(LinkTest, does_not_wait_so_long_for_a_broker_that_it_has_never_reached) {
  settings_.reconnect_within = hours{1000};
  start();
  lose();
  EXPECT_TRUE(attempts(2));
}

TEST(Backoff, spreads_the_return_over_all_of_the_time) {
  Backoff backoff{milliseconds{1}, milliseconds{2}, 7};
  milliseconds earliest{60'000}, latest{0};
  for (int number = 0; number < 1000; ++number) {
    const auto wait = backoff.within(milliseconds{60'000});
    earliest = std::min(earliest, wait);
    latest = std::max(latest, wait);
  }
  EXPECT_LT(earliest, milliseconds{1'000});
  EXPECT_GT(latest, milliseconds{59'000});
  EXPECT_LE(latest, milliseconds{60'000});
}

TEST_F(LinkTest, tries_the_first_broker_again_after_a_while_on_another) {
  times_.return_after = milliseconds{10};
  start();
  lose();
  ASSERT_TRUE(attempts(2));
  welcome();
  ASSERT_TRUE(attempts(3));
  EXPECT_EQ(broker_->farewells, 1) << "no will is to be published";
  lose();
  ASSERT_TRUE(attempts(4));
  EXPECT_EQ(hosts(), "abab");
  welcome();
  ASSERT_TRUE(attempts(5));
  welcome();
  home_.restart();
  home_.run_for(milliseconds{50});
  EXPECT_EQ(hosts(), "ababa") << "there it stays";
}

TEST_F(LinkTest, connects_anew_at_once_when_its_login_expires) {
  times_.first_retry = hours{1};
  start();
  welcome();
  settle();
  broker_->listener.login_expires();
  EXPECT_EQ(hosts(), "aa");
  EXPECT_EQ(broker_->farewells, 1) << "no will is to be published";
  broker_->listener.login_expires();
  EXPECT_EQ(hosts(), "aa") << "not while it is at it";
}

TEST_F(LinkTest, counts_a_session_for_each_attempt) {
  start();
  lose();
  ASSERT_TRUE(attempts(2));
  EXPECT_THAT(broker_->wills.at(1).message.payload, HasSubstr("\"session\":1813"));
}

}  // namespace
}  // namespace fettle::delivery
