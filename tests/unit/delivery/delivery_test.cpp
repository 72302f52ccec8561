#include "delivery/delivery.hpp"

#include "delivery_fixture.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fettle::delivery {
namespace {

using std::chrono::seconds;
using test::run_until;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST_F(DeliveryTest, sends_info_then_status_then_alerts_in_their_order) {
  outbox_.put("AHU-07/belt-slip", "B", 1);
  outbox_.put("AHU-07/filter-clog", "A", 4);
  start();
  welcome();
  EXPECT_THAT(broker_->topics(), ElementsAre("info", "status", "belt-slip", "filter-clog"));
  EXPECT_EQ(broker_->messages[0].payload, "info 17");
  EXPECT_THAT(broker_->messages[1].payload, HasSubstr(R"("state":"online","session":1812,)"));
  EXPECT_THAT(broker_->messages[1].payload,
              HasSubstr(R"("info":17,"sequence":"0000000000000002","queued":2,"dropped":0,)"));
  EXPECT_THAT(broker_->messages[1].payload,
              HasSubstr(R"("open":{"AHU-07/belt-slip":"B-1","AHU-07/filter-clog":"A-4"})"));
  EXPECT_EQ(broker_->messages[2].topic, "fettle/v1/gw-0042/alert/AHU-07/belt-slip");
  EXPECT_EQ(broker_->messages[2].payload, "B-1");
  EXPECT_TRUE(broker_->messages[2].retain);
  EXPECT_EQ(broker_->messages[2].expiry, std::nullopt);
  EXPECT_EQ(broker_->messages[2].content_type, "application/cloudevents+json");
}

TEST_F(DeliveryTest, rule_14_sends_no_alert_before_there_is_an_info_document) {
  outbox_.put("AHU-07/belt-slip", "B", 1);
  auto& delivery = prepare(DomainClock{test::at("2026-11-21T09:15:00Z"), 1e-6});
  delivery.set_info(0, "");
  delivery.start();
  welcome();
  settle();
  EXPECT_THAT(broker_->topics(), ElementsAre("status"));
  delivery.set_info(17, "info 17");
  settle();
  EXPECT_THAT(broker_->topics(), ElementsAre("status", "info", "status", "belt-slip"));
}

TEST_F(DeliveryTest, sends_a_slot_once_however_often_it_has_changed) {
  auto& delivery = start();
  welcome();
  settle();
  broker_->messages.clear();
  broker_->acknowledged = 0;
  for (int rev = 1; rev <= 50; ++rev) {
    outbox_.put("AHU-07/belt-slip", "B", rev);
    delivery.alerts_changed();
  }
  home_.restart();
  home_.poll();
  EXPECT_THAT(broker_->topics(), ElementsAre("belt-slip"));
  EXPECT_EQ(broker_->messages.front().payload, "B-50");
}

TEST_F(DeliveryTest, sends_a_newer_revision_only_after_the_acknowledgement_of_the_older) {
  outbox_.put("AHU-07/belt-slip", "B", 1);
  auto& delivery = start();
  welcome();
  outbox_.put("AHU-07/belt-slip", "B", 2);
  delivery.alerts_changed();
  home_.poll();
  EXPECT_THAT(broker_->topics(), ElementsAre("info", "status", "belt-slip"));
  broker_->acknowledge(2);
  EXPECT_THAT(broker_->topics(), ElementsAre("info", "status", "belt-slip", "belt-slip"));
  EXPECT_EQ(broker_->messages.back().payload, "B-2");
}

TEST_F(DeliveryTest, never_has_more_in_flight_than_the_broker_wants) {
  for (int number = 0; number < 100; ++number) outbox_.put(fmt::format("A/{}", number), fmt::format("{}", number), 1);
  start();
  welcome(false, 5);
  EXPECT_EQ(broker_->messages.size(), 5U);
  broker_->acknowledge(0);
  EXPECT_EQ(broker_->messages.size(), 6U);
  broker_->acknowledged = 1;
  broker_->acknowledge_all();
  EXPECT_EQ(outbox_.count_changed(), 0U);
}

TEST_F(DeliveryTest, never_has_more_than_16_in_flight) {
  for (int number = 0; number < 100; ++number) outbox_.put(fmt::format("A/{}", number), fmt::format("{}", number), 1);
  start();
  welcome(false, 65535);
  EXPECT_EQ(broker_->messages.size(), 16U);
}

TEST_F(DeliveryTest, tells_the_new_open_set_after_the_documents) {
  auto& delivery = start();
  welcome();
  settle();
  broker_->messages.clear();
  broker_->acknowledged = 0;
  outbox_.put("AHU-07/belt-slip", "B", 1);
  delivery.alerts_changed();
  settle();
  ASSERT_THAT(broker_->topics(), ElementsAre("belt-slip", "status"));
  EXPECT_THAT(broker_->messages.back().payload,
              HasSubstr(R"("queued":0,"dropped":0,"open":{"AHU-07/belt-slip":"B-1"})"));
}

TEST_F(DeliveryTest, lets_a_closed_alert_expire_7_days_after_its_end) {
  outbox_.put("AHU-07/belt-slip", "B", 2, AlertState::closed, test::at("2026-11-20T09:15:00Z"));
  outbox_.put("AHU-07/filter-clog", "A", 2, AlertState::closed, test::at("2026-11-01T00:00:00Z"));
  start(DomainClock{test::at("2026-11-21T09:15:00Z"), 60});
  welcome();
  EXPECT_NEAR(static_cast<double>(broker_->to("belt-slip").back().expiry->count()), 6 * 24 * 60, 2);
  EXPECT_EQ(broker_->to("filter-clog").back().expiry, seconds{1});
}

TEST_F(DeliveryTest, withdraws_old_closed_alerts_where_nothing_expires) {
  settings_.protocol = Protocol::mqtt_3_1_1;
  outbox_.old = {{"AHU-07/belt-slip", "B"}};
  start(DomainClock{test::at("2026-11-21T09:15:00Z"), 300 / 0.25});
  welcome();
  settle();
  ASSERT_TRUE(run_until(home_, [this] { return !broker_->to("belt-slip").empty(); }));
  EXPECT_TRUE(broker_->to("belt-slip").front().payload.empty());
  EXPECT_TRUE(broker_->to("belt-slip").front().retain);
  EXPECT_LT(outbox_.asked_before, test::at("2026-11-15T00:00:00Z"));
  broker_->acknowledge_all();
  EXPECT_THAT(outbox_.old, IsEmpty());
}

TEST_F(DeliveryTest, holds_alerts_of_a_new_journal_until_the_clock_was_right) {
  gateway_.clock = {};
  outbox_.awaiting_clock = true;
  outbox_.put("AHU-07/belt-slip", "B", 1);
  auto& delivery = start();
  welcome();
  settle();
  EXPECT_THAT(broker_->topics(), ElementsAre("info", "status"));
  EXPECT_THAT(broker_->messages.back().payload, HasSubstr("\"open\":{}"));
  delivery.set_clock({ClockSync::ntp, std::nullopt});
  settle();
  EXPECT_THAT(broker_->topics(), ElementsAre("info", "status", "belt-slip", "status"));
}

TEST_F(DeliveryTest, does_not_repeat_at_once_what_the_broker_refuses) {
  outbox_.put("AHU-07/belt-slip", "B", 1);
  outbox_.put("AHU-07/filter-clog", "A", 1);
  start(DomainClock{test::at("2026-11-21T09:15:00Z"), 300 / 0.25});
  welcome();
  broker_->listener.refused(broker_->messages.at(2).token, "not authorized");
  broker_->acknowledge_all();
  EXPECT_EQ(broker_->to("belt-slip").size(), 1U);
  EXPECT_EQ(outbox_.count_changed(), 1U) << "it is not lost";
  ASSERT_TRUE(run_until(home_, [this] { return broker_->to("belt-slip").size() == 2; }))
      << "the next heartbeat tries again";
}

TEST_F(DeliveryTest, does_not_repeat_at_once_what_the_full_disk_cannot_note) {
  outbox_.disk_full = true;
  outbox_.put("AHU-07/belt-slip", "B", 1);
  start();
  welcome();
  broker_->acknowledge_all();
  EXPECT_EQ(broker_->to("belt-slip").size(), 1U);
}

TEST_F(DeliveryTest, retains_nothing_where_the_broker_cannot) {
  settings_.retain = Retain::off;
  outbox_.put("AHU-07/belt-slip", "B", 1);
  start();
  welcome();
  EXPECT_FALSE(broker_->wills.front().message.retain);
  for (const auto& message : broker_->messages) EXPECT_FALSE(message.retain) << message.topic;
}

TEST_F(DeliveryTest, counts_alerts_that_were_not_fit_to_be_sent) {
  auto& delivery = start();
  delivery.count_dropped();
  welcome();
  EXPECT_THAT(broker_->messages.back().payload, HasSubstr("\"dropped\":1"));
}

}  // namespace
}  // namespace fettle::delivery
