#include "delivery/delivery.hpp"

#include "delivery_fixture.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fettle::delivery {
namespace {

using std::chrono::hours;
using test::run_until;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const DomainClock fast_clock{test::at("2026-11-21T09:15:00Z"), 300 / 0.25};  ///< a heartbeat takes 250 ms

class DeliveredCommands : public DeliveryTest {
 protected:
  Delivery& start_listening(const DomainClock& clock = DomainClock{test::at("2026-11-21T09:15:00Z"), 1}) {
    auto& delivery = prepare(clock);
    delivery.set_command_ear([this](const Incoming& message) { heard_.push_back(message); });
    delivery.start();
    return delivery;
  }

  std::vector<Incoming> heard_;
};

TEST_F(DeliveredCommands, are_subscribed_to_with_every_connection) {
  start_listening();
  EXPECT_THAT(broker_->filters, IsEmpty());
  welcome();
  EXPECT_THAT(broker_->filters, ElementsAre("fettle/v1/gw-0042/cmd/#"));
  broker_->listener.connection_lost("broken");
  ASSERT_TRUE(run_until(home_, [this] { return broker_->wills.size() == 2; }));
  welcome(true);
  EXPECT_THAT(broker_->filters, SizeIs(2)) << "a session that the broker remembers may be without it";
}

TEST_F(DeliveredCommands, are_not_subscribed_to_where_nobody_listens) {
  start();
  welcome();
  EXPECT_THAT(broker_->filters, IsEmpty());
}

TEST_F(DeliveredCommands, reach_the_ear_as_they_came) {
  auto& delivery = start_listening();
  welcome();
  broker_->listener.received({"fettle/v1/gw-0042/cmd/dispatch/ack", "{}", "application/json", "r", "c", true, 3});
  ASSERT_THAT(heard_, SizeIs(1));
  EXPECT_EQ(heard_.front().topic, "fettle/v1/gw-0042/cmd/dispatch/ack");
  EXPECT_EQ(heard_.front().correlation, "c");
  EXPECT_TRUE(heard_.front().retained);
  EXPECT_EQ(delivery.counts().missed_commands, 3U);
}

TEST_F(DeliveredCommands, that_the_broker_refuses_do_not_hold_up_alerts_and_are_asked_for_again) {
  outbox_.put("AHU-07/belt-slip", "B", 1);
  auto& delivery = start_listening(fast_clock);
  welcome();
  broker_->listener.subscribed("not authorized");
  broker_->acknowledge_all();
  EXPECT_EQ(outbox_.count_changed(), 0U);
  EXPECT_EQ(delivery.counts().refused_subscriptions, 1U);
  ASSERT_TRUE(run_until(home_, [this] { return broker_->filters.size() == 2; }));
  broker_->listener.subscribed("");
  const auto status_count = broker_->to("/status").size();
  broker_->acknowledge_all();
  ASSERT_TRUE(run_until(home_, [&] { return broker_->to("/status").size() > status_count; })) << "the next heartbeat";
  EXPECT_THAT(broker_->filters, SizeIs(2)) << "nothing is left to ask for";
}

TEST_F(DeliveredCommands, are_answered_once_with_their_correlation) {
  auto& delivery = start_listening();
  welcome();
  settle();
  delivery.answer({"dispatch", "c-7"}, "{}");
  const auto answers = broker_->to("/res/dispatch");
  ASSERT_THAT(answers, SizeIs(1));
  EXPECT_EQ(answers.front().topic, "fettle/v1/gw-0042/res/dispatch");
  EXPECT_EQ(answers.front().correlation, "c-7");
  EXPECT_EQ(answers.front().expiry, hours{1});
  EXPECT_FALSE(answers.front().retain);
}

TEST_F(DeliveredCommands, are_answered_before_alerts_when_the_window_was_full) {
  for (int number = 0; number < 10; ++number) outbox_.put(fmt::format("A/{}", number), fmt::format("{}", number), 1);
  auto& delivery = start_listening();
  welcome(false, 4);
  delivery.answer({"dispatch", ""}, "{}");
  EXPECT_THAT(broker_->to("/res/dispatch"), IsEmpty()) << "there is no room yet";
  broker_->acknowledge(2);
  EXPECT_EQ(broker_->topics().back(), "dispatch");
}

TEST_F(DeliveredCommands, leave_no_more_answers_waiting_than_the_gateway_has_room_for) {
  auto& delivery = start_listening();
  delivery.answer({"dispatch", ""}, "{}");
  EXPECT_EQ(delivery.counts().dropped_answers, 1U) << "nobody can be answered without a connection";
  welcome(false, 2);
  for (int number = 0; number < 40; ++number) delivery.answer({"dispatch", ""}, "{}");
  EXPECT_EQ(delivery.counts().dropped_answers, 1U + 8U);
  broker_->listener.connection_lost("broken");
  EXPECT_EQ(delivery.counts().dropped_answers, 1U + 40U) << "the requesters ask again";
}

/// Parcels 1, 2, 3 ... up to `count`, in order, again from the first that was not delivered after the link was lost.
class Parcels final : public Freight {
 public:
  std::optional<Parcel> next() override {
    if (next_ > count) return std::nullopt;
    return Parcel{{"fettle/v1/gw-0042/data/meter", std::to_string(next_)}, next_++};
  }
  void delivered(std::uint64_t number) override { received.push_back(number); }
  void link_lost() override { next_ = received.empty() ? 1 : received.back() + 1; }
  void link_up() override { ++connections; }

  std::uint64_t count = 100;
  std::vector<std::uint64_t> received;
  int connections = 0;

 private:
  std::uint64_t next_ = 1;
};

class DeliveredData : public DeliveryTest {
 protected:
  Delivery& start_loaded(const DomainClock& clock = DomainClock{test::at("2026-11-21T09:15:00Z"), 1e-6}) {
    auto& delivery = prepare(clock);
    delivery.set_freight(&parcels_);
    delivery.start();
    return delivery;
  }

  Parcels parcels_;
};

TEST_F(DeliveredData, follow_everything_else) {
  parcels_.count = 3;
  outbox_.put("AHU-07/belt-slip", "B", 1);
  start_loaded();
  welcome();
  EXPECT_THAT(broker_->topics(), ElementsAre("info", "status", "belt-slip", "meter", "meter", "meter"));
  EXPECT_FALSE(broker_->messages.back().retain);
  broker_->acknowledge_all();
  EXPECT_THAT(parcels_.received, ElementsAre(1, 2, 3));
}

TEST_F(DeliveredData, never_make_an_alert_wait) {
  auto& delivery = start_loaded();
  welcome();
  broker_->acknowledge(0);
  broker_->acknowledge(1);
  EXPECT_THAT(broker_->to("/meter"), SizeIs(4)) << "no more in flight, however much there is";
  outbox_.put("AHU-07/belt-slip", "B", 1);
  delivery.alerts_changed();
  home_.restart();
  home_.poll();
  EXPECT_EQ(broker_->topics().back(), "belt-slip");
}

TEST_F(DeliveredData, leave_room_in_the_smallest_window) {
  for (const std::size_t window : {1U, 2U, 3U}) {
    parcels_.received.clear();
    start_loaded();
    welcome(false, window);
    broker_->acknowledged = 0;
    while (broker_->acknowledged < 20) broker_->acknowledge(broker_->acknowledged++);
    EXPECT_THAT(broker_->to("/meter"), ::testing::Not(IsEmpty()));
    EXPECT_LE(broker_->messages.size() - 20, std::max<std::size_t>(1, window / 2)) << window;
  }
}

TEST_F(DeliveredData, wait_while_alerts_are_left_for_want_of_room) {
  for (int number = 0; number < 30; ++number) outbox_.put(fmt::format("A/{}", number), fmt::format("{}", number), 1);
  start_loaded();
  welcome(false, 5);
  while (outbox_.count_changed() > 5) {
    EXPECT_THAT(broker_->to("/meter"), IsEmpty());
    broker_->acknowledge(broker_->acknowledged++);
  }
  broker_->acknowledge_all();
  EXPECT_THAT(parcels_.received, SizeIs(100));
}

TEST_F(DeliveredData, do_not_ask_the_outbox_for_each_acknowledgement) {
  start_loaded();
  welcome();
  broker_->acknowledge(0);
  broker_->acknowledge(1);
  broker_->acknowledged = 2;
  const auto asked = outbox_.asked;
  broker_->acknowledge_all();
  EXPECT_THAT(parcels_.received, SizeIs(100));
  EXPECT_EQ(outbox_.asked, asked);
}

TEST_F(DeliveredData, begin_again_after_the_link_was_lost) {
  start_loaded();
  welcome();
  broker_->listener.connection_lost("broken");
  ASSERT_TRUE(run_until(home_, [this] { return broker_->wills.size() == 2; }));
  broker_->messages.clear();
  welcome(true);
  EXPECT_EQ(parcels_.connections, 2);
  EXPECT_EQ(broker_->to("/meter").front().payload, "1");
}

TEST_F(DeliveredData, that_the_broker_refuses_are_tried_once_more_and_then_given_up) {
  parcels_.count = 2;
  auto& delivery = start_loaded(fast_clock);
  welcome();
  const auto refuse_data = [this] {
    for (const auto& each : broker_->to("/meter")) {
      if (each.payload == "1") broker_->listener.refused(each.token, "not authorized");
    }
  };
  refuse_data();
  EXPECT_THAT(parcels_.received, IsEmpty());
  broker_->acknowledge(3);
  parcels_.received.clear();  // the broker took the second one, but they go in order
  ASSERT_TRUE(run_until(home_, [this] { return broker_->to("/meter").size() > 2; })) << "at the next heartbeat";
  EXPECT_EQ(delivery.counts().dropped_parcels, 0U);
  refuse_data();
  EXPECT_THAT(parcels_.received, ElementsAre(1)) << "it counts as delivered, so that the next can follow";
  EXPECT_EQ(delivery.counts().dropped_parcels, 1U);
}

TEST_F(DeliveredData, that_are_too_much_for_the_broker_at_present_are_kept_however_often_it_says_so) {
  parcels_.count = 1;
  auto& delivery = start_loaded(fast_clock);
  welcome();
  for (std::size_t attempt = 1; attempt <= 4; ++attempt) {
    ASSERT_TRUE(run_until(home_, [&] { return broker_->to("/meter").size() == attempt; })) << "with each heartbeat";
    broker_->listener.postponed(broker_->to("/meter").back().token, "quota exceeded");
  }
  EXPECT_EQ(delivery.counts().dropped_parcels, 0U);
  EXPECT_THAT(delivery.refusal()->what, ::testing::HasSubstr("refuses data: quota exceeded"));
  ASSERT_TRUE(run_until(home_, [this] { return broker_->to("/meter").size() == 5; }));
  broker_->acknowledge_all();
  EXPECT_THAT(parcels_.received, ElementsAre(1));
  EXPECT_FALSE(delivery.refusal());
}

}  // namespace
}  // namespace fettle::delivery
