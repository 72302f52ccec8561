#include "delivery/delivery.hpp"

#include "delivery_fixture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fettle::delivery {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using test::run_until;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const DomainClock fast_clock{test::at("2026-11-21T09:15:00Z"), 300 / 1.0};  ///< a heartbeat takes a second

/// A broker that has no other way to refuse a topic than to end the connection.
class AbruptBroker : public DeliveryTest {
 protected:
  AbruptBroker() {
    times_.soon = hours{1};
    for (const auto* const mode : {"belt-slip", "filter-clog", "valve-leak"})
      outbox_.put(std::string{"AHU-07/"} + mode, mode, 1);
  }
  /// One connection: takes one message after the other, up to the one that it does not want.
  void serve(const std::string& unwanted) {
    ASSERT_TRUE(run_until(home_, [this] { return broker_->wills.size() > connections_; }));
    connections_ = broker_->wills.size();
    broker_->messages.clear();
    welcome(true);
    take_all_but(unwanted);
  }
  void take_all_but(const std::string& unwanted) {
    for (std::size_t place = 0; place < broker_->messages.size(); ++place) {
      if (broker_->messages[place].topic.ends_with(unwanted)) return broker_->listener.connection_lost("closed");
      broker_->acknowledge(place);
    }
  }

  std::size_t connections_ = 0;
};

TEST_F(AbruptBroker, gets_everything_but_the_document_that_ends_each_connection) {
  auto& delivery = start();
  for (int connection = 0; connection < 3; ++connection) {
    EXPECT_FALSE(delivery.refusal());
    serve("belt-slip");
  }
  ASSERT_TRUE(delivery.refusal());
  EXPECT_EQ(delivery.refusal()->what,
            "mqtt://127.0.0.1:1883 ends the connection whenever AHU-07/belt-slip is sent: closed");
  EXPECT_EQ(outbox_.count_changed(), 3U);
  serve("belt-slip");
  EXPECT_TRUE(delivery.is_connected());
  EXPECT_THAT(outbox_.changed(10), SizeIs(1)) << "it is kept";
  EXPECT_TRUE(delivery.refusal());
}

TEST_F(AbruptBroker, is_asked_again_with_a_heartbeat_and_may_have_changed_its_mind) {
  auto& delivery = start(fast_clock);
  for (int connection = 0; connection < 4; ++connection) serve("belt-slip");
  broker_->messages.clear();
  ASSERT_TRUE(run_until(home_, [this] { return !broker_->to("/status").empty(); }));
  take_all_but("belt-slip");
  EXPECT_FALSE(delivery.is_connected());
  EXPECT_THAT(broker_->topics(), ElementsAre("status", "belt-slip")) << "it flies alone";
  serve("belt-slip");
  EXPECT_TRUE(delivery.is_connected()) << "once";
  broker_->messages.clear();
  broker_->acknowledged = 0;
  ASSERT_TRUE(run_until(home_, [this] {
    broker_->acknowledge_all();
    return !broker_->to("belt-slip").empty();
  }));
  EXPECT_GE(broker_->to("/status").size(), 2U) << "after two heartbeats now";
  EXPECT_FALSE(delivery.refusal());
  EXPECT_EQ(outbox_.count_changed(), 0U);
}

TEST_F(AbruptBroker, that_the_network_has_cut_off_is_blamed_for_nothing) {
  auto& delivery = start();
  serve("belt-slip");
  serve("filter-clog");
  EXPECT_FALSE(delivery.refusal());
  serve("nothing");
  EXPECT_EQ(outbox_.count_changed(), 0U);
}

TEST_F(AbruptBroker, gets_documents_one_by_one_until_it_has_proved_itself) {
  times_.soon = milliseconds{30};
  start();
  serve("belt-slip");
  ASSERT_TRUE(run_until(home_, [this] { return broker_->wills.size() > connections_; }));
  broker_->messages.clear();
  welcome(true);
  EXPECT_THAT(broker_->messages, SizeIs(1));
  broker_->acknowledge(0);
  EXPECT_THAT(broker_->messages, SizeIs(2));
  EXPECT_TRUE(run_until(home_, [this] { return broker_->messages.size() > 3; })) << "all at once again";
}

TEST_F(DeliveryTest, has_reached_a_broker_that_answers_the_info_if_only_to_refuse_it) {
  auto& delivery = start();
  EXPECT_FALSE(delivery.has_reached_broker());
  welcome();
  EXPECT_FALSE(delivery.has_reached_broker());
  broker_->acknowledge(1);
  EXPECT_FALSE(delivery.has_reached_broker()) << "it may end the connection yet";
  broker_->listener.refused(broker_->messages[0].token, "not authorized");
  EXPECT_TRUE(delivery.has_reached_broker());
  delivery.set_info(18, "info 18");
  EXPECT_FALSE(delivery.has_reached_broker());
  settle();
  EXPECT_TRUE(delivery.has_reached_broker());
  broker_->listener.connection_lost("broken");
  EXPECT_FALSE(delivery.has_reached_broker());
}

}  // namespace
}  // namespace fettle::delivery
