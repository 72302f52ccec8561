#include "broker_gateway.hpp"
#include "peer_brokers.hpp"
#include "support/child.hpp"
#include "support/subscriber.hpp"
#include "support/temp_dir.hpp"
#include "support/this_program.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <cstdlib>
#include <set>

// Delivery on every broker that the contract names (its rule 5).

namespace fettle::delivery {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using test::peer_alert;
using test::PeerBroker;
using test::PeerGateway;
using test::Received;
using test::Subscriber;
using ::testing::HasSubstr;

constexpr seconds patience{20};

std::vector<Alert> alerts(int from, int to, int rev) {
  std::vector<Alert> result;
  for (int number = from; number < to; ++number) result.push_back(peer_alert(number, rev));
  return result;
}

BrokerSettings settings_for(unsigned short port, Protocol protocol) {
  BrokerSettings settings;
  settings.addresses = {{"127.0.0.1", port}};
  settings.protocol = protocol;
  return settings;
}

bool speaks_of(const Received& received, const std::string& text) {
  return received.payload.find(text) != std::string::npos;
}

/// A broker, and a gateway whose name no other test has, because some brokers stay for the whole suite.
class BrokerDelivery : public ::testing::TestWithParam<PeerBroker> {
 protected:
  ~BrokerDelivery() override {
    if (is_down_) broker_->start();
  }

  BrokerSettings settings() const { return settings_for(broker_->port(), GetParam().protocol); }
  std::string topic(const std::string& rest) const { return "fettle/v1/" + id_ + "/" + rest; }
  std::string topic_of(int number) const { return topic(fmt::format("alert/AHU-07/mode-{}", number)); }

  /// Ends with a clean session, so it misses what comes while it is away.
  Subscriber subscriber(const std::string& rest = "#") const { return Subscriber{broker_->port(), topic(rest)}; }
  /// As the contract asks: the broker keeps what comes while it, or the broker, is away.
  Subscriber consumer() const {
    return Subscriber{broker_->port(), topic("alert/#"), {"-c", "-i", "consumer_of_" + id_}};
  }

  void kill_broker() {
    is_down_ = true;
    broker_->kill();
  }
  void stop_broker() {
    is_down_ = true;
    broker_->stop();
  }
  void start_broker() {
    broker_->start();
    is_down_ = false;
  }

  /// Every open document of the journal comes to the subscriber, byte for byte, or has come.
  void expect_arrival(PeerGateway& gateway, Subscriber& subscriber) const {
    std::map<std::string, std::string> expected;
    for (const auto& each : gateway.journal().open_documents().value()) {
      expected[topic("alert/" + each.slot)] = each.document;
    }
    while (known_to(subscriber) != expected && subscriber.next(patience)) continue;
    EXPECT_EQ(known_to(subscriber), expected);
  }

  /// What a consumer holds that follows the contract: what is no newer than what it has seen on a topic changes nothing. A broker that was
  /// killed may send an older revision behind a newer one.
  static std::map<std::string, std::string> known_to(const Subscriber& subscriber) {
    std::map<std::string, std::string> known, newest;
    for (const auto& each : subscriber.all()) {
      const auto sequence = sequence_of(each.payload);
      if (each.payload.empty()) {
        known.erase(each.topic);
      } else if (sequence > newest[each.topic]) {
        newest[each.topic] = sequence;
        known[each.topic] = each.payload;
      }
    }
    return known;
  }

  /// Sixteen digits.
  static std::string sequence_of(const std::string& document) {
    static const std::string name = "\"sequence\":\"";
    const auto found = document.find(name);
    return found == std::string::npos ? "" : document.substr(found + name.size(), 16);
  }

  /// The same for one who comes now, where the broker keeps retained messages for wildcards.
  void expect_retained(PeerGateway& gateway) const {
    if (!GetParam().retained_to_wildcards) return;
    auto late = subscriber("alert/#");
    expect_arrival(gateway, late);
  }

  test::TempDir store_;
  std::shared_ptr<test::MqttServer> broker_ = GetParam().server();
  std::string id_ = fmt::format("gw-{}", ::testing::UnitTest::GetInstance()->current_test_info()->line());

 private:
  bool is_down_ = false;
};

const auto name_of_broker = [](const auto& each) { return each.param.name; };
INSTANTIATE_TEST_SUITE_P(Mqtt, BrokerDelivery, ::testing::ValuesIn(test::peer_brokers()), name_of_broker);

TEST_P(BrokerDelivery, leaves_its_documents_for_those_who_come_later) {
  PeerGateway gateway{store_.path().string(), settings(), id_};
  gateway.raise(alerts(0, 3, 1));
  ASSERT_TRUE(gateway.run_until_sent());
  expect_retained(gateway);
  const auto info = subscriber("info").next(patience);
  ASSERT_TRUE(info);
  EXPECT_TRUE(info->retained);
  EXPECT_THAT(info->payload, HasSubstr(fmt::format(R"("gateway":"{}","rev":1,)", id_)));
  const auto online = subscriber("status").next(patience);
  ASSERT_TRUE(online);
  EXPECT_THAT(online->payload, HasSubstr(R"("state":"online")"));
  EXPECT_TRUE(subscriber("alert/AHU-07/mode-2").next(patience)) << "on its very topic every broker gives it";
}

TEST_P(BrokerDelivery, rule_5_sends_info_status_and_alerts_in_this_order) {
  auto witness = subscriber();
  PeerGateway gateway{store_.path().string(), settings(), id_};
  gateway.raise(alerts(0, 2, 1));
  ASSERT_TRUE(gateway.run_until_sent());
  std::vector<std::string> topics;
  for (int number = 0; number < 4; ++number) topics.push_back(witness.next(patience).value_or(Received{}).topic);
  EXPECT_THAT(topics, ::testing::ElementsAre(topic("info"), topic("status"), topic_of(0), topic_of(1)));
}

TEST_P(BrokerDelivery, loses_nothing_when_the_broker_is_killed_in_mid_stream) {
  auto consumer = this->consumer();
  PeerGateway gateway{store_.path().string(), settings(), id_};
  gateway.raise(alerts(0, 300, 1));
  ASSERT_TRUE(gateway.run_until([&gateway] { return gateway.journal().count_dirty().value() < 200; }));
  kill_broker();
  ASSERT_TRUE(gateway.run_until([&gateway] { return !gateway.delivery().is_connected(); }));
  gateway.raise(alerts(0, 20, 2));
  start_broker();
  ASSERT_TRUE(gateway.run_until_sent());
  if (!GetParam().retained_survives_a_kill) {
    // What it had acknowledged and lost in its death, a consumer that is back misses in the digest and asks for by sync.
    ASSERT_TRUE(consumer.wait_until_subscribed(patience));
    gateway.journal().mark_open_dirty().value();
    gateway.delivery().alerts_changed();
    ASSERT_TRUE(gateway.run_until_sent());
  }
  expect_arrival(gateway, consumer);
  if (GetParam().retained_survives_a_kill) expect_retained(gateway);
}

// A thousand detections in 48 hours without a broker are ten documents, because a queue of states has no history.
TEST_P(BrokerDelivery, rule_6_sends_ten_documents_after_a_thousand_changes_of_ten_slots_while_the_broker_was_away) {
  auto consumer = this->consumer();
  PeerGateway gateway{store_.path().string(), settings(), id_};
  gateway.raise(alerts(0, 10, 1));
  ASSERT_TRUE(gateway.run_until_sent());
  expect_arrival(gateway, consumer);
  stop_broker();
  ASSERT_TRUE(gateway.run_until([&gateway] { return !gateway.delivery().is_connected(); }));
  for (int rev = 2; rev <= 101; ++rev) {
    auto changed = alerts(0, 10, rev);
    for (auto& alert : changed) alert.changed_at += std::chrono::minutes{rev * 48 * 60 / 101};
    gateway.raise(changed);
  }
  EXPECT_EQ(gateway.journal().count_dirty().value(), 10);
  start_broker();
  ASSERT_TRUE(gateway.run_until_sent());
  expect_arrival(gateway, consumer);
  while (consumer.next(milliseconds{300})) continue;
  // A broker may repeat to the consumer what it sent just before it was stopped, so contents are counted, not messages.
  std::set<std::string> documents;
  for (const auto& each : consumer.all()) documents.insert(each.payload);
  EXPECT_EQ(documents.size(), 20U) << "ten from before and ten from after";
  expect_retained(gateway);
}

TEST_P(BrokerDelivery, says_goodbye_so_that_nobody_thinks_it_lost) {
  auto witness = subscriber("status");
  {
    PeerGateway gateway{store_.path().string(), settings(), id_};
    ASSERT_TRUE(gateway.run_until_sent());
    ASSERT_TRUE(gateway.stop());
  }
  const auto offline = witness.wait_for([](const auto& each) { return speaks_of(each, "offline"); }, patience);
  ASSERT_TRUE(offline);
  EXPECT_THAT(offline->payload, HasSubstr(R"("reason":"stopped")"));
  EXPECT_FALSE(witness.next(milliseconds{500})) << "no will";
}

/// Brokers that keep a session although nothing is subscribed to in it.
class RememberingBroker : public BrokerDelivery {};

INSTANTIATE_TEST_SUITE_P(Mqtt, RememberingBroker, ::testing::ValuesIn(test::remembering_brokers()), name_of_broker);

TEST_P(RememberingBroker, is_sent_only_what_is_new_to_it) {
  PeerGateway gateway{store_.path().string(), settings(), id_};
  gateway.raise(alerts(0, 10, 1));
  ASSERT_TRUE(gateway.run_until_sent());
  stop_broker();
  ASSERT_TRUE(gateway.run_until([&gateway] { return !gateway.delivery().is_connected(); }));
  gateway.raise(alerts(3, 4, 2));
  start_broker();
  auto witness = subscriber("alert/#");
  ASSERT_TRUE(gateway.run_until_sent());
  ASSERT_TRUE(witness.wait_for([](const auto& each) { return speaks_of(each, "revision 2"); }, patience));
  EXPECT_FALSE(witness.next(milliseconds{300})) << "nothing but the change comes after what was retained";
  EXPECT_LE(witness.all().size(), 11U);
}

/// Not a test of its own: the program that the tests below kill. It raises alerts for as long as it lives.
TEST(BrokerPeer, DISABLED_raises_alerts_until_it_is_killed) {
  const auto port = static_cast<unsigned short>(std::atoi(std::getenv("FETTLE_TEST_PORT")));
  const auto protocol =
      std::string{std::getenv("FETTLE_TEST_PROTOCOL")} == "5" ? Protocol::mqtt_5 : Protocol::mqtt_3_1_1;
  PeerGateway gateway{std::getenv("FETTLE_TEST_STORE"), settings_for(port, protocol),
                      std::getenv("FETTLE_TEST_GATEWAY")};
  for (int rev = 1; rev < 100'000; ++rev) {
    gateway.raise(alerts(0, 20, rev));
    ASSERT_TRUE(gateway.run_until_sent());
  }
}

class KilledGateway : public BrokerDelivery {
 protected:
  test::Child started() {
    return test::Child{test::this_program_for("BrokerPeer.DISABLED_raises_alerts_until_it_is_killed"),
                       {{{"FETTLE_TEST_PORT", std::to_string(broker_->port())},
                         {"FETTLE_TEST_PROTOCOL", GetParam().protocol == Protocol::mqtt_5 ? "5" : "3.1.1"},
                         {"FETTLE_TEST_STORE", store_.path().string()},
                         {"FETTLE_TEST_GATEWAY", id_}},
                        {}}};
  }
};

INSTANTIATE_TEST_SUITE_P(Mqtt, KilledGateway, ::testing::ValuesIn(test::peer_brokers()), name_of_broker);

// Rules 2 and 4 of the contract: what is watched in all tests, that the same id always has the same bytes, holds here as well.
TEST_P(KilledGateway, rule_2_goes_on_with_the_same_alerts) {
  auto witness = subscriber("alert/#");
  auto process = started();
  ASSERT_TRUE(witness.wait_for([](const auto& each) { return speaks_of(each, "revision 3"); }, patience))
      << process.output();
  process.kill();
  PeerGateway gateway{store_.path().string(), settings(), id_};
  ASSERT_TRUE(gateway.run_until_sent());
  expect_arrival(gateway, witness);
  expect_retained(gateway);
  std::map<std::string, std::string> contents;
  for (const auto& each : witness.all()) {
    const auto id = each.payload.substr(0, each.payload.find("\",\"source"));
    EXPECT_EQ(contents.emplace(id, each.payload).first->second, each.payload) << "the same id never has other content";
  }
  EXPECT_GE(contents.size(), 40U);
}

TEST_P(KilledGateway, is_reported_lost_by_its_will) {
  auto witness = subscriber("status");
  auto process = started();
  const auto online = witness.next(patience);
  ASSERT_TRUE(online) << process.output();
  process.kill();
  const auto is_lost = [](const auto& each) { return speaks_of(each, "lost"); };
  if (GetParam().protocol == Protocol::mqtt_5) {
    EXPECT_FALSE(witness.wait_for(is_lost, seconds{1})) << "its delay is a minute";
    return;
  }
  const auto lost = witness.wait_for(is_lost, patience);
  ASSERT_TRUE(lost);
  const auto session = online->payload.substr(online->payload.find("\"session\""), 20);
  EXPECT_THAT(lost->payload, HasSubstr(session.substr(0, session.find(','))));
}

}  // namespace
}  // namespace fettle::delivery
