#include "broker_gateway.hpp"
#include "paho_fixture.hpp"
#include "support/mosquitto.hpp"
#include "support/ports.hpp"
#include "support/subscriber.hpp"
#include "support/temp_dir.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <regex>

namespace fettle::delivery {
namespace {

using std::chrono::seconds;
using test::PeerGateway;
using test::Subscriber;
using ::testing::HasSubstr;

constexpr seconds patience{10};
const std::string status = "fettle/v1/gw-0042/status";

std::uint64_t session_of(const std::string& document) {
  std::smatch found;
  return std::regex_search(document, found, std::regex{"\"session\":([0-9]+)"}) ? std::stoull(found[1]) : 0;
}

class BrokerLink : public PahoBrokerTest {
 protected:
  test::TempDir store_;
};

TEST_F(BrokerLink, goes_to_the_second_broker_while_the_first_is_away_and_back_when_that_one_goes) {
  test::Mosquitto first, second;
  auto settings = settings_for(first.port());
  settings.addresses.push_back({"127.0.0.1", second.port()});
  PeerGateway gateway{store_.path().string(), settings};
  gateway.raise({test::peer_alert(1, 1)});
  ASSERT_TRUE(gateway.run_until_sent());
  first.kill();
  ASSERT_TRUE(gateway.run_until([&] { return gateway.delivery().counts().connections == 2; }));
  EXPECT_EQ(gateway.delivery().broker(), settings.addresses.back().url());
  ASSERT_TRUE(gateway.run_until_sent());
  EXPECT_TRUE(Subscriber(second.port(), "fettle/v1/gw-0042/alert/#").next(patience))
      << "what is open is told to a broker that knows nothing";
  first.start();
  second.kill();
  ASSERT_TRUE(gateway.run_until([&] { return gateway.delivery().counts().connections == 3; }));
  EXPECT_EQ(gateway.delivery().broker(), settings.addresses.front().url());
  EXPECT_TRUE(gateway.run_until_sent());
}

TEST_F(BrokerLink, is_made_with_a_password_that_has_changed_meanwhile) {
  const test::TempDir folder;
  const auto passwords = folder.file("passwords");
  const auto set_password = [&](const std::string& password) {
    folder.write("password", password + "\n");
    test::Child process{{"mosquitto_passwd", "-b", "-c", passwords, "gw-0042", password}};
    return process.wait(patience) == 0;
  };
  ASSERT_TRUE(set_password("first"));
  test::Mosquitto mosquitto{"password_file " + passwords};
  auto settings = settings_for(mosquitto.port());
  settings.username = "gw-0042";
  settings.password_file = folder.file("password");
  PeerGateway gateway{store_.path().string(), settings};
  ASSERT_TRUE(gateway.run_until_sent());
  mosquitto.stop();
  ASSERT_TRUE(set_password("second"));
  mosquitto.start();
  ASSERT_TRUE(gateway.run_until([&] { return gateway.delivery().counts().connections == 2; }));
}

class Takeover : public BrokerLink, public ::testing::WithParamInterface<Protocol> {};

INSTANTIATE_TEST_SUITE_P(Mqtt, Takeover, ::testing::Values(Protocol::mqtt_5, Protocol::mqtt_3_1_1),
                         [](const auto& each) {
                           return std::string{each.param == Protocol::mqtt_5 ? "v5" : "v3_1_1"};
                         });

/// The broker still holds a connection of the gateway's that is dead; when the gateway comes back it may publish
/// that one's will, before or after what the gateway has to say.
TEST_P(Takeover, rule_7_leaves_no_doubt_that_a_late_will_is_an_old_one) {
  const test::Mosquitto mosquitto;
  Subscriber subscriber{mosquitto.port(), status};
  auto settings = settings_for(mosquitto.port());
  settings.protocol = GetParam();
  const auto half_dead = std::make_unique<PahoBroker>(settings, "gw-0042", home_.get_executor(), notes_);
  half_dead->connect({settings.addresses.front(), {}, {{status, lost_status(test::peer_gateway(), 7)}, seconds{0}}});
  ASSERT_TRUE(hears(1));
  PeerGateway gateway{store_.path().string(), settings};
  ASSERT_TRUE(gateway.run_until_sent());
  const auto online =
      subscriber.wait_for([](const auto& each) { return each.payload.find("online") != std::string::npos; }, patience);
  ASSERT_TRUE(online);
  for (const auto& each : subscriber.all()) {
    const bool is_lost = each.payload.find("\"lost\"") != std::string::npos;
    EXPECT_TRUE(!is_lost || session_of(each.payload) < session_of(online->payload)) << each.payload;
  }
}

TEST_P(Takeover, makes_a_late_will_good_with_the_next_heartbeat) {
  const test::Mosquitto mosquitto;
  auto settings = settings_for(mosquitto.port());
  settings.protocol = GetParam();
  PeerGateway gateway{store_.path().string(), settings};
  ASSERT_TRUE(gateway.run_until_sent());
  Subscriber subscriber{mosquitto.port(), status};
  const auto online = subscriber.next(patience);
  ASSERT_TRUE(online);
  const auto late = lost_status(test::peer_gateway(), session_of(online->payload) - 1);
  test::Child will{{"mosquitto_pub", "-h", "127.0.0.1", "-p", std::to_string(mosquitto.port()), "-q", "1", "-r", "-t",
                    status, "-m", late}};
  ASSERT_EQ(will.wait(patience), 0) << will.output();
  ASSERT_TRUE(subscriber.wait_for([&](const auto& each) { return each.payload == late; }, patience));
  gateway.delivery().set_mode(GatewayMode::commissioning);  // a reason to speak before the heartbeat, which is an hour
  ASSERT_TRUE(gateway.run_until([&] { return subscriber.next(std::chrono::milliseconds{20}).has_value(); }));
  EXPECT_THAT(subscriber.latest().at(status), HasSubstr("\"online\""));
  EXPECT_GT(session_of(subscriber.latest().at(status)), session_of(late));
}

}  // namespace
}  // namespace fettle::delivery
