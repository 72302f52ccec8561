#include "broker_gateway.hpp"
#include "support/child.hpp"
#include "support/mosquitto.hpp"
#include "support/subscriber.hpp"
#include "support/temp_dir.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <cstdlib>
#include <filesystem>

namespace fettle::delivery {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using test::peer_alert;
using test::PeerGateway;
using test::Subscriber;
using ::testing::HasSubstr;

constexpr seconds patience{10};
const std::string status = "fettle/v1/gw-0042/status";

std::string topic_of(int number) { return fmt::format("fettle/v1/gw-0042/alert/AHU-07/mode-{}", number); }

BrokerSettings settings_for(unsigned short port, Protocol protocol) {
  BrokerSettings settings;
  settings.addresses = {{"127.0.0.1", port}};
  settings.protocol = protocol;
  return settings;
}

std::vector<Alert> alerts(int from, int to, int rev) {
  std::vector<Alert> result;
  for (int number = from; number < to; ++number) result.push_back(peer_alert(number, rev));
  return result;
}

/// What a subscriber who comes now finds, read until `count` alerts are there or time is up.
std::map<std::string, std::string> retained(unsigned short port, std::size_t count) {
  Subscriber subscriber{port, "fettle/v1/gw-0042/alert/#"};
  while (subscriber.latest().size() < count && subscriber.next(patience)) {
  }
  return subscriber.latest();
}

/// Every open document of the journal lies at the broker, byte for byte.
void expect_retained(PeerGateway& gateway, unsigned short port) {
  const auto open = gateway.journal().open_documents().value();
  const auto found = retained(port, open.size());
  EXPECT_EQ(found.size(), open.size());
  for (const auto& each : open) EXPECT_EQ(found.at("fettle/v1/gw-0042/alert/" + each.slot), each.document);
}

class BrokerDelivery : public ::testing::TestWithParam<Protocol> {
 protected:
  BrokerSettings settings() const { return settings_for(broker_.port(), GetParam()); }

  test::Mosquitto broker_;
  test::TempDir store_;
};

INSTANTIATE_TEST_SUITE_P(Mqtt, BrokerDelivery, ::testing::Values(Protocol::mqtt_5, Protocol::mqtt_3_1_1),
                         [](const auto& each) {
                           return std::string{each.param == Protocol::mqtt_5 ? "v5" : "v3_1_1"};
                         });

TEST_P(BrokerDelivery, leaves_its_documents_for_those_who_come_later) {
  PeerGateway gateway{store_.path().string(), settings()};
  gateway.raise(alerts(0, 3, 1));
  ASSERT_TRUE(gateway.run_until_sent());
  expect_retained(gateway, broker_.port());
  Subscriber late{broker_.port()};
  EXPECT_THAT(late.wait_for("/info", patience).value().payload, HasSubstr(R"("gateway":"gw-0042","rev":1,)"));
  EXPECT_TRUE(late.all().front().retained);
  const auto online = Subscriber{broker_.port(), status}.next(patience);
  ASSERT_TRUE(online);
  EXPECT_THAT(online->payload, HasSubstr(R"("state":"online")"));
}

TEST_P(BrokerDelivery, sends_info_status_and_alerts_in_this_order) {
  Subscriber subscriber{broker_.port()};
  PeerGateway gateway{store_.path().string(), settings()};
  gateway.raise(alerts(0, 2, 1));
  ASSERT_TRUE(gateway.run_until_sent());
  std::vector<std::string> topics;
  for (int number = 0; number < 4; ++number)
    topics.push_back(subscriber.next(patience).value_or(test::Received{}).topic);
  EXPECT_THAT(topics, ::testing::ElementsAre("fettle/v1/gw-0042/info", status, topic_of(0), topic_of(1)));
}

TEST_P(BrokerDelivery, loses_nothing_when_the_broker_is_killed_in_mid_stream) {
  PeerGateway gateway{store_.path().string(), settings()};
  gateway.raise(alerts(0, 300, 1));
  ASSERT_TRUE(gateway.run_until([&gateway] { return gateway.journal().count_dirty().value() < 200; }));
  broker_.kill();
  ASSERT_TRUE(gateway.run_until([&gateway] { return !gateway.delivery().is_connected(); }));
  gateway.raise(alerts(0, 20, 2));
  broker_.start();
  ASSERT_TRUE(gateway.run_until_sent());
  expect_retained(gateway, broker_.port());
}

TEST_P(BrokerDelivery, sends_only_what_is_new_to_a_broker_that_remembers) {
  PeerGateway gateway{store_.path().string(), settings()};
  gateway.raise(alerts(0, 10, 1));
  ASSERT_TRUE(gateway.run_until_sent());
  broker_.stop();
  ASSERT_TRUE(gateway.run_until([&gateway] { return !gateway.delivery().is_connected(); }));
  gateway.raise(alerts(3, 4, 2));
  broker_.start();
  Subscriber subscriber{broker_.port(), "fettle/v1/gw-0042/alert/#"};
  ASSERT_TRUE(gateway.run_until_sent());
  ASSERT_TRUE(subscriber.wait_for([](const auto& each) { return each.payload.find("revision 2") != std::string::npos; },
                                  patience));
  EXPECT_FALSE(subscriber.next(milliseconds{300})) << "nothing but the change comes after what was retained";
  EXPECT_LE(subscriber.all().size(), 11U);
}

TEST_P(BrokerDelivery, says_goodbye_so_that_nobody_thinks_it_lost) {
  Subscriber subscriber{broker_.port(), status};
  {
    PeerGateway gateway{store_.path().string(), settings()};
    ASSERT_TRUE(gateway.run_until_sent());
    ASSERT_TRUE(gateway.stop());
  }
  const auto offline =
      subscriber.wait_for([](const auto& each) { return each.payload.find("offline") != std::string::npos; }, patience);
  ASSERT_TRUE(offline);
  EXPECT_THAT(offline->payload, HasSubstr(R"("reason":"stopped")"));
  EXPECT_FALSE(subscriber.next(milliseconds{500})) << "no will";
}

/// Not a test of its own: the program that the tests below kill. It raises alerts for as long as it lives.
TEST(BrokerPeer, DISABLED_raises_alerts_until_it_is_killed) {
  const auto port = static_cast<unsigned short>(std::atoi(std::getenv("FETTLE_TEST_PORT")));
  const auto protocol =
      std::string{std::getenv("FETTLE_TEST_PROTOCOL")} == "5" ? Protocol::mqtt_5 : Protocol::mqtt_3_1_1;
  PeerGateway gateway{std::getenv("FETTLE_TEST_STORE"), settings_for(port, protocol)};
  for (int rev = 1; rev < 100'000; ++rev) {
    gateway.raise(alerts(0, 20, rev));
    ASSERT_TRUE(gateway.run_until_sent());
  }
}

class KilledGateway : public BrokerDelivery {
 protected:
  test::Child started() {
    const auto self = std::filesystem::read_symlink("/proc/self/exe").string();
    return test::Child{{self, "--gtest_also_run_disabled_tests",
                        "--gtest_filter=BrokerPeer.DISABLED_raises_alerts_until_it_is_killed"},
                       {{{"FETTLE_TEST_PORT", std::to_string(broker_.port())},
                         {"FETTLE_TEST_PROTOCOL", GetParam() == Protocol::mqtt_5 ? "5" : "3.1.1"},
                         {"FETTLE_TEST_STORE", store_.path().string()}},
                        {}}};
  }
};

INSTANTIATE_TEST_SUITE_P(Mqtt, KilledGateway, ::testing::Values(Protocol::mqtt_5, Protocol::mqtt_3_1_1),
                         [](const auto& each) {
                           return std::string{each.param == Protocol::mqtt_5 ? "v5" : "v3_1_1"};
                         });

TEST_P(KilledGateway, goes_on_with_the_same_alerts) {
  Subscriber subscriber{broker_.port(), "fettle/v1/gw-0042/alert/#"};
  auto process = started();
  const auto is_revision_3 = [](const auto& each) { return each.payload.find("revision 3") != std::string::npos; };
  ASSERT_TRUE(subscriber.wait_for(is_revision_3, patience)) << process.output();
  process.kill();
  PeerGateway gateway{store_.path().string(), settings()};
  ASSERT_TRUE(gateway.run_until_sent());
  expect_retained(gateway, broker_.port());
  std::map<std::string, std::string> content;
  while (subscriber.next(milliseconds{300})) {
  }
  for (const auto& each : subscriber.all()) {
    const auto id = each.payload.substr(0, each.payload.find("\",\"source"));
    EXPECT_EQ(content.emplace(id, each.payload).first->second, each.payload) << "the same id never has other content";
  }
}

TEST_P(KilledGateway, is_reported_lost_by_its_will) {
  Subscriber subscriber{broker_.port(), status};
  auto process = started();
  const auto online = subscriber.next(patience);
  ASSERT_TRUE(online) << process.output();
  process.kill();
  const auto is_lost = [](const auto& each) { return each.payload.find("lost") != std::string::npos; };
  if (GetParam() == Protocol::mqtt_5) {
    EXPECT_FALSE(subscriber.wait_for(is_lost, seconds{1})) << "its delay is a minute";
    return;
  }
  const auto lost = subscriber.wait_for(is_lost, patience);
  ASSERT_TRUE(lost);
  const auto session = online->payload.substr(online->payload.find("\"session\""), 20);
  EXPECT_THAT(lost->payload, HasSubstr(session.substr(0, session.find(','))));
}

}  // namespace
}  // namespace fettle::delivery
