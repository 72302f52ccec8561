#include "paho_fixture.hpp"
#include "support/child.hpp"
#include "support/mosquitto.hpp"
#include "support/ports.hpp"
#include "support/subscriber.hpp"
#include "support/temp_dir.hpp"
#include "support/this_program.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <chrono>
#include <cstdlib>
#include <string>

namespace fettle::delivery {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST_F(PahoBrokerTest, acknowledges_each_message_by_its_token) {
  const test::Mosquitto mosquitto;
  const auto settings = settings_for(mosquitto.port());
  const auto broker = connecting(settings);
  ASSERT_TRUE(hears(1));
  broker->publish(message(7));
  broker->publish(message(8));
  ASSERT_TRUE(hears(3));
  EXPECT_THAT(notes_.heard, ElementsAre("connected", "published 7", "published 8"));
}

TEST_F(PahoBrokerTest, tells_how_much_the_broker_wants_in_flight) {
  const test::Mosquitto mosquitto{"max_inflight_messages 5"};
  const auto settings = settings_for(mosquitto.port());
  const auto broker = connecting(settings);
  ASSERT_TRUE(hears(1));
  EXPECT_EQ(notes_.receive_maximum, 5U);
}

TEST_F(PahoBrokerTest, tells_whether_the_broker_remembers) {
  const test::Mosquitto mosquitto;
  const auto settings = settings_for(mosquitto.port());
  const auto broker = connecting(settings);
  ASSERT_TRUE(hears(1));
  broker->connect(approach(settings));
  ASSERT_TRUE(hears(2));
  EXPECT_THAT(notes_.heard, ElementsAre("connected", "connected again"));
}

TEST_F(PahoBrokerTest, goes_on_when_others_are_made_beside_it) {
  const test::Mosquitto mosquitto;
  const auto settings = settings_for(mosquitto.port());
  const auto broker = connecting(settings);
  ASSERT_TRUE(hears(1));
  Notes others;
  constexpr std::uint64_t messages = 300;
  const auto deadline = std::chrono::steady_clock::now() + seconds{20};
  for (std::uint64_t token = 1; token <= messages; ++token) {
    broker->publish(message(token));
    const PahoBroker other{settings, "gw-0043", home_.get_executor(), others};
    ASSERT_TRUE(hears(static_cast<std::size_t>(1 + token)));
    ASSERT_LT(std::chrono::steady_clock::now(), deadline) << "only " << token << " messages were acknowledged";
  }
  broker->disconnect();
}

TEST_F(PahoBrokerTest, says_why_there_is_no_connection) {
  const auto broker = connecting(settings_for(test::free_port()));
  ASSERT_TRUE(hears(1));
  EXPECT_THAT(notes_.heard.front(), StartsWith("lost: cannot be reached"));
}

TEST_F(PahoBrokerTest, says_that_a_password_is_missing_without_asking_the_broker) {
  auto settings = settings_for(test::free_port());
  settings.username = "gw-0042";
  settings.password_file = "/nowhere/password";
  const auto broker = connecting(settings);
  ASSERT_TRUE(hears(1));
  EXPECT_THAT(notes_.heard.front(), StartsWith("lost: no password in the first line of \"/nowhere/password\""));
}

TEST_F(PahoBrokerTest, says_that_a_name_is_unknown_without_holding_up_home) {
  auto settings = settings_for(1883);
  settings.addresses.front().host = "no-such-host.invalid";
  const auto before = std::chrono::steady_clock::now();
  const auto broker = connecting(settings);
  broker->publish(message(1));
  EXPECT_LT(std::chrono::steady_clock::now() - before, milliseconds{100});
  ASSERT_TRUE(hears(2));
  EXPECT_THAT(notes_.heard.back(), StartsWith("lost: "));
}

class Login : public PahoBrokerTest, public ::testing::WithParamInterface<Protocol> {};

INSTANTIATE_TEST_SUITE_P(Mqtt, Login, ::testing::Values(Protocol::mqtt_5, Protocol::mqtt_3_1_1), [](const auto& each) {
  return std::string{each.param == Protocol::mqtt_5 ? "v5" : "v3_1_1"};
});

TEST_P(Login, with_a_wrong_password_is_told_and_works_once_it_is_right) {
  const test::TempDir folder;
  const auto passwords = folder.file("passwords");
  EXPECT_EQ((test::Child{{"mosquitto_passwd", "-b", "-c", passwords, "gw-0042", "right"}}.wait(seconds{10})), 0);
  const test::Mosquitto mosquitto{"password_file " + passwords};
  auto settings = settings_for(mosquitto.port());
  settings.protocol = GetParam();
  settings.username = "gw-0042";
  settings.password_file = folder.write("password", "wrong\n");
  const auto broker = connecting(settings);
  ASSERT_TRUE(hears(1));
  EXPECT_THAT(notes_.heard.front(),
              HasSubstr(GetParam() == Protocol::mqtt_5 ? "rejects us: Not authorized"
                                                       : "rejects us: does not let this gateway in"));
  folder.write("password", "right\n");
  broker->connect(approach(settings));
  ASSERT_TRUE(hears(2)) << "the password is read anew";
  EXPECT_EQ(notes_.heard.back(), "connected");
}

TEST_F(PahoBrokerTest, hears_when_a_message_is_refused) {
  const test::TempDir folder;
  const auto rights = folder.write("acl", "topic write wire/gw-0042/status\n");
  const test::Mosquitto mosquitto{"acl_file " + rights};
  const auto settings = settings_for(mosquitto.port());
  const auto broker = connecting(settings);
  ASSERT_TRUE(hears(1));
  broker->publish(message(7));
  ASSERT_TRUE(hears(2));
  EXPECT_THAT(notes_.heard.back(), AllOf(StartsWith("refused 7: "), HasSubstr("Not authorized")));
}

TEST_F(PahoBrokerTest, hears_nothing_of_a_connection_it_has_replaced) {
  test::Mosquitto mosquitto;
  const auto settings = settings_for(mosquitto.port());
  const auto broker = connecting(settings);
  for (int number = 0; number < 10; ++number) broker->connect(approach(settings));
  ASSERT_TRUE(hears(1));
  broker->publish(message(1));
  ASSERT_TRUE(hears(2));
  EXPECT_EQ(notes_.heard.back(), "published 1");
  EXPECT_EQ(notes_.heard.size(), 2U);
}

TEST_F(PahoBrokerTest, can_be_ended_at_any_moment) {
  const test::Mosquitto mosquitto;
  for (int number = 0; number < 10; ++number) {
    auto broker = connecting(settings_for(mosquitto.port()));
    home_.restart();
    home_.run_for(milliseconds{number});
    for (std::uint64_t token = 0; token < 20; ++token) broker->publish(message(token));
    const auto heard = notes_.heard.size();
    broker.reset();
    home_.restart();
    home_.poll();
    EXPECT_EQ(notes_.heard.size(), heard) << "nothing is heard of a broker that is gone";
  }
}

/// Not a test of its own: the program that the test below kills.
TEST_F(PahoBrokerTest, DISABLED_speaks_once_and_waits) {
  const auto settings = settings_for(static_cast<unsigned short>(std::stoi(std::getenv("FETTLE_TEST_PORT"))));
  PahoBroker broker{settings, "gw-0042", home_.get_executor(), notes_};
  broker.connect(approach(settings, seconds{1}));
  ASSERT_TRUE(hears(1));
  broker.publish(message(1));
  hears(100);
}

TEST_F(PahoBrokerTest, leaves_a_will_that_waits_for_its_delay) {
  const test::Mosquitto mosquitto;
  test::Subscriber subscriber{mosquitto.port()};
  test::Child process{test::this_program_for("PahoBrokerTest.DISABLED_speaks_once_and_waits"),
                      {{{"FETTLE_TEST_PORT", std::to_string(mosquitto.port())}}, {}}};
  ASSERT_TRUE(subscriber.next(seconds{10})) << process.output();
  process.kill();
  const auto killed = std::chrono::steady_clock::now();
  const auto lost = subscriber.next(seconds{10});
  ASSERT_TRUE(lost);
  EXPECT_EQ(lost->payload, "lost");
  EXPECT_GT(std::chrono::steady_clock::now() - killed, milliseconds{500});
}

}  // namespace
}  // namespace fettle::delivery
