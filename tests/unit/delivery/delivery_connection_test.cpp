#include "delivery/delivery.hpp"

#include "delivery_fixture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fettle::delivery {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using test::run_until;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST_F(DeliveryTest, leaves_a_will_with_the_number_of_the_session) {
  start();
  ASSERT_EQ(broker_->wills.size(), 1U);
  const auto& will = broker_->wills.front();
  EXPECT_EQ(will.message.topic, "fettle/v1/gw-0042/status");
  EXPECT_EQ(will.message.payload, R"({"gateway":"gw-0042","state":"lost","session":1812})");
  EXPECT_TRUE(will.message.retain);
  EXPECT_EQ(will.delay, seconds{60});
}

TEST_F(DeliveryTest, counts_each_connect) {
  start();
  welcome();
  broker_->listener.connection_lost("broken");
  ASSERT_TRUE(run_until(home_, [this] { return broker_->wills.size() == 2; }));
  broker_->listener.connection_lost("refused");
  ASSERT_TRUE(run_until(home_, [this] { return broker_->wills.size() == 3; }));
  EXPECT_THAT(broker_->wills.back().message.payload, HasSubstr("\"session\":1814"));
}

TEST_F(DeliveryTest, does_not_send_the_info_again_to_a_broker_that_has_it) {
  start();
  welcome();
  settle();
  broker_->listener.connection_lost("broken");
  ASSERT_TRUE(run_until(home_, [this] { return broker_->wills.size() == 2; }));
  broker_->messages.clear();
  welcome(true);
  EXPECT_THAT(broker_->topics(), ElementsAre("status"));
}

TEST_F(DeliveryTest, sends_an_unacknowledged_info_again) {
  start();
  welcome(true);
  broker_->listener.connection_lost("broken");
  ASSERT_TRUE(run_until(home_, [this] { return broker_->wills.size() == 2; }));
  broker_->messages.clear();
  welcome(true);
  EXPECT_THAT(broker_->topics(), ElementsAre("info", "status"));
}

TEST_F(DeliveryTest, sends_info_and_what_is_open_to_a_broker_that_has_forgotten) {
  outbox_.put("AHU-07/belt-slip", "B", 1);
  outbox_.put("AHU-07/filter-clog", "A", 4, AlertState::closed);
  start();
  welcome();
  settle();
  EXPECT_EQ(outbox_.count_changed(), 0U);
  broker_->listener.connection_lost("broken");
  ASSERT_TRUE(run_until(home_, [this] { return broker_->wills.size() == 2; }));
  broker_->messages.clear();
  welcome(false);
  EXPECT_THAT(broker_->topics(), ElementsAre("info", "status", "belt-slip"));
  EXPECT_EQ(broker_->messages.back().payload, "B-1");
}

TEST_F(DeliveryTest, sends_again_what_was_in_flight_when_the_connection_broke) {
  outbox_.put("AHU-07/belt-slip", "B", 1);
  start();
  welcome();
  const auto old_token = broker_->messages.back().token;
  broker_->listener.connection_lost("broken");
  broker_->listener.published(old_token);
  EXPECT_EQ(outbox_.count_changed(), 1U) << "an acknowledgement of an earlier connection says nothing";
  ASSERT_TRUE(run_until(home_, [this] { return broker_->wills.size() == 2; }));
  broker_->messages.clear();
  welcome(true);
  EXPECT_THAT(broker_->topics(), ElementsAre("info", "status", "belt-slip"));
}

TEST_F(DeliveryTest, says_that_it_lives_at_each_heartbeat_of_the_domain_clock) {
  const double speed = 300 / 0.25;  // a heartbeat of 300 s becomes 250 ms
  start(DomainClock{test::at("2026-11-21T09:15:00Z"), speed});
  welcome();
  settle();
  broker_->messages.clear();
  broker_->acknowledged = 0;
  ASSERT_TRUE(run_until(home_, [this] { return !broker_->messages.empty(); }));
  EXPECT_THAT(broker_->topics(), ElementsAre("status"));
  EXPECT_EQ(broker_->messages.back().expiry, seconds{1})
      << "three heartbeats are 0.75 s, and an expiry is at least 1 s";
}

TEST_F(DeliveryTest, lets_the_status_expire_after_three_heartbeats) {
  start(DomainClock{test::at("2026-11-21T09:15:00Z"), 1});
  welcome();
  EXPECT_EQ(broker_->to("/status").back().expiry, minutes{15});
}

TEST_F(DeliveryTest, says_goodbye_and_waits_for_the_answer) {
  auto& delivery = start();
  welcome();
  settle();
  bool stopped = false;
  delivery.stop([&stopped] { stopped = true; });
  EXPECT_EQ(
      broker_->messages.back().payload,
      R"({"gateway":"gw-0042","state":"offline","session":1812,"time":"2026-11-21T09:15:00Z","reason":"stopped"})");
  EXPECT_EQ(broker_->farewells, 0);
  broker_->acknowledge_all();
  EXPECT_EQ(broker_->farewells, 1);
  EXPECT_TRUE(run_until(home_, [&stopped] { return stopped; }));
  home_.restart();
  EXPECT_EQ(home_.run_for(seconds{1}), 0U) << "nothing is left to do";
}

TEST_F(DeliveryTest, does_not_wait_forever_to_say_goodbye) {
  auto& delivery = start();
  welcome();
  bool stopped = false;
  delivery.stop([&stopped] { stopped = true; });
  EXPECT_TRUE(run_until(home_, [&stopped] { return stopped; }));
  EXPECT_EQ(broker_->farewells, 1);
}

TEST_F(DeliveryTest, stops_at_once_without_a_connection) {
  auto& delivery = start();
  bool stopped = false;
  delivery.stop([&stopped] { stopped = true; });
  EXPECT_TRUE(run_until(home_, [&stopped] { return stopped; }));
  EXPECT_THAT(broker_->messages, IsEmpty());
}

TEST_F(DeliveryTest, gives_up_an_attempt_that_hangs_and_tries_again) {
  times_.connect_deadline = milliseconds{10};
  start();
  EXPECT_TRUE(run_until(home_, [this] { return broker_->wills.size() >= 3; }));
}

TEST_F(DeliveryTest, knows_what_the_broker_has_refused_for_the_longest_time) {
  outbox_.put("AHU-07/belt-slip", "B", 1);
  auto& delivery = start();
  broker_->listener.rejected("rejects us");
  ASSERT_TRUE(delivery.refusal());
  EXPECT_THAT(delivery.refusal()->what, HasSubstr("rejects us"));
  EXPECT_EQ(delivery.refusal()->since, test::at("2026-11-21T09:15:00Z"));
  ASSERT_TRUE(run_until(home_, [this] { return broker_->wills.size() == 2; }));
  welcome();
  EXPECT_TRUE(delivery.refusal()) << "it has let us in, and that is all";
  home_.restart();
  home_.poll();
  broker_->acknowledge(0);
  EXPECT_FALSE(delivery.refusal());
  broker_->listener.refused(broker_->to("/belt-slip").back().token, "not authorized");
  EXPECT_THAT(delivery.refusal()->what, HasSubstr("refuses AHU-07/belt-slip: not authorized"));
  outbox_.put("AHU-07/belt-slip", "B", 2);
  delivery.alerts_changed();
  settle();
  EXPECT_FALSE(delivery.refusal()) << "what the slot says now has arrived";
  broker_->listener.subscribed("not authorized");
  EXPECT_THAT(delivery.refusal()->what, HasSubstr("refuses to pass on commands"));
  broker_->listener.subscribed("");
  EXPECT_FALSE(delivery.refusal());
}

TEST_F(DeliveryTest, tells_of_several_refusals_the_oldest_and_how_many_there_are) {
  outbox_.put("AHU-07/belt-slip", "B", 1);
  outbox_.put("AHU-07/filter-clog", "F", 1);
  auto& delivery = start();
  welcome();
  for (const auto* const slot : {"/belt-slip", "/filter-clog"}) {
    broker_->listener.refused(broker_->to(slot).back().token, "not authorized");
    home_.restart();
    home_.poll();
  }
  ASSERT_TRUE(delivery.refusal());
  EXPECT_THAT(delivery.refusal()->what, HasSubstr("not authorized (and 1 more, see the log)"));
}

TEST(Backoff, doubles_with_jitter_up_to_the_longest_wait) {
  Backoff backoff{milliseconds{1000}, milliseconds{60000}, 1};
  for (const int expected : {1000, 2000, 4000, 8000, 16000, 32000, 60000, 60000}) {
    const auto wait = backoff.next();
    EXPECT_GE(wait, milliseconds{expected} / 2);
    EXPECT_LE(wait, milliseconds{expected});
  }
  backoff.succeeded();
  EXPECT_LE(backoff.next(), milliseconds{1000});
}

}  // namespace
}  // namespace fettle::delivery
