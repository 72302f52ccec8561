#include "broker_gateway.hpp"
#include "paho_fixture.hpp"
#include "support/child.hpp"
#include "support/mosquitto.hpp"
#include "support/subscriber.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <filesystem>

namespace fettle::delivery {
namespace {

using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::SizeIs;
using ::testing::StartsWith;
using ::testing::UnorderedElementsAre;

constexpr seconds patience{10};
const std::string command_topic = "wire/gw-0042/cmd/dispatch/ack";

/// mosquitto_pub as the back office.
void publish(unsigned short port, const std::vector<std::string>& options) {
  std::vector<std::string> command{"mosquitto_pub", "-h", "127.0.0.1", "-p", std::to_string(port), "-q", "1"};
  command.insert(command.end(), options.begin(), options.end());
  test::Child process{command};
  EXPECT_EQ(process.wait(patience), 0) << process.output();
}

class BrokerCommands : public PahoBrokerTest, public ::testing::WithParamInterface<Protocol> {
 protected:
  BrokerSettings settings(unsigned short port) const {
    auto result = settings_for(port);
    result.protocol = GetParam();
    return result;
  }
  bool is_v5() const { return GetParam() == Protocol::mqtt_5; }
  std::string version() const { return is_v5() ? "5" : "311"; }
};

INSTANTIATE_TEST_SUITE_P(Mqtt, BrokerCommands, ::testing::Values(Protocol::mqtt_5, Protocol::mqtt_3_1_1),
                         [](const auto& each) {
                           return std::string{each.param == Protocol::mqtt_5 ? "v5" : "v3_1_1"};
                         });

TEST_P(BrokerCommands, come_with_what_the_requester_sent_along) {
  const test::Mosquitto mosquitto;
  const auto broker = listening(settings(mosquitto.port()));
  std::vector<std::string> options{"-t", command_topic, "-m", "{}", "-V", version()};
  if (is_v5()) {
    for (const auto* const each : {"-D", "publish", "correlation-data", "c-7", "-D", "publish", "response-topic",
                                   "wire/gw-0042/res/dispatch", "-D", "publish", "content-type", "application/jose"}) {
      options.emplace_back(each);
    }
  }
  publish(mosquitto.port(), options);
  ASSERT_TRUE(hears(3));
  EXPECT_THAT(notes_.heard, ElementsAre("connected", "subscribed", "received on " + command_topic));
  const auto& command = notes_.incoming.front();
  EXPECT_EQ(command.payload, "{}");
  EXPECT_FALSE(command.retained);
  EXPECT_EQ(command.correlation, is_v5() ? "c-7" : "");
  EXPECT_EQ(command.response_topic, is_v5() ? "wire/gw-0042/res/dispatch" : "");
  EXPECT_EQ(command.content_type, is_v5() ? "application/jose" : "");
}

/// The gate refuses it, if it can see it.
TEST_P(BrokerCommands, rule_8_that_the_broker_had_kept_say_so) {
  const test::Mosquitto mosquitto;
  publish(mosquitto.port(), {"-t", command_topic, "-m", "{}", "-r"});
  const auto broker = listening(settings(mosquitto.port()));
  ASSERT_TRUE(hears(3));
  ASSERT_THAT(notes_.incoming, SizeIs(1));
  EXPECT_TRUE(notes_.incoming.front().retained);
}

TEST_P(BrokerCommands, that_are_far_too_long_show_it_and_are_cut) {
  const test::Mosquitto mosquitto;
  const auto broker = listening(settings(mosquitto.port()));
  const auto file = mosquitto.folder().write("long", std::string(100'000, 'x'));
  publish(mosquitto.port(), {"-t", command_topic, "-f", file});
  ASSERT_TRUE(hears(3));
  EXPECT_EQ(notes_.incoming.front().payload.size(), longest_incoming);
}

TEST_F(PahoBrokerTest, hears_nothing_of_a_command_beyond_all_measure) {
  const test::Mosquitto mosquitto;
  const auto broker = listening(settings_for(mosquitto.port()));
  const auto file = mosquitto.folder().write("long", std::string(1'000'000, 'x'));
  publish(mosquitto.port(), {"-t", command_topic, "-f", file});
  publish(mosquitto.port(), {"-t", command_topic, "-m", "{}"});
  ASSERT_TRUE(hears(3));
  EXPECT_EQ(notes_.incoming.front().payload, "{}") << "the broker has kept the giant to itself";
}

TEST_P(BrokerCommands, that_come_too_many_at_once_are_dropped_and_counted) {
  constexpr std::size_t many = 1000;
  const test::Mosquitto mosquitto{"max_queued_messages 0"};
  const auto broker = listening(settings(mosquitto.port()));
  test::Subscriber witness{mosquitto.port(), command_topic};
  std::string lines;
  for (std::size_t number = 0; number < many; ++number) lines += "{}\n";
  const auto file = mosquitto.folder().write("lines", lines);
  test::Child flood{
      {"sh", "-c",
       fmt::format("mosquitto_pub -h 127.0.0.1 -p {} -q 1 -l -t {} < {}", mosquitto.port(), command_topic, file)}};
  for (std::size_t number = 0; number < many; ++number) ASSERT_TRUE(witness.next(patience)) << flood.output();
  ASSERT_TRUE(hears(2 + 1)) << "home has been asleep until now";
  // One that finds the way full is missed itself, so it may take several to hear the last.
  std::size_t lasts = 0;
  while (notes_.incoming.back().payload != "last") {
    ASSERT_LT(lasts, 100U);
    publish(mosquitto.port(), {"-t", command_topic, "-m", "last"});
    ++lasts;
    home_.restart();
    home_.poll();
  }
  std::uint64_t missed = 0;
  for (const auto& each : notes_.incoming) missed += each.missed;
  EXPECT_GT(missed, 0U);
  // A "last" that is missed after the one that was heard has nobody to tell of it.
  EXPECT_GT(notes_.incoming.size() + missed, many);
  EXPECT_LE(notes_.incoming.size() + missed, many + lasts);
}

/// Mosquitto's plugin that can refuse subscriptions, which a plain acl_file cannot.
std::string refusing_subscriptions(const test::TempDir& folder) {
  const auto rights = folder.write(
      "rights.json",
      R"({"defaultACLAccess":{"publishClientSend":true,"publishClientReceive":true,"subscribe":false,"unsubscribe":true}})");
  for (const auto& each : std::filesystem::directory_iterator{"/usr/lib"}) {
    const auto plugin = each.path() / "mosquitto_dynamic_security.so";
    if (std::filesystem::exists(plugin)) {
      return fmt::format("plugin {}\nplugin_opt_config_file {}", plugin.string(), rights);
    }
  }
  return "no mosquitto_dynamic_security.so below /usr/lib";
}

TEST_P(BrokerCommands, may_be_refused_by_the_broker) {
  const test::TempDir folder;
  const test::Mosquitto mosquitto{refusing_subscriptions(folder)};
  const auto broker = listening(settings(mosquitto.port()));
  broker->publish(message(7));
  ASSERT_TRUE(hears(3));
  EXPECT_THAT(notes_.heard, UnorderedElementsAre("connected", StartsWith("not subscribed: "), "published 7"));
}

TEST_P(BrokerCommands, that_are_refused_do_not_hold_up_alerts) {
  const test::TempDir folder, store;
  const test::Mosquitto mosquitto{refusing_subscriptions(folder)};
  test::PeerGateway gateway{store.path().string(), settings(mosquitto.port())};
  gateway.delivery().set_command_ear([](const Incoming&) {});
  gateway.raise({test::peer_alert(1, 1)});
  ASSERT_TRUE(gateway.run_until_sent());
  ASSERT_TRUE(gateway.run_until([&gateway] { return gateway.delivery().counts().refused_subscriptions == 1; }));
}

/// A back office at the other end.
TEST_P(BrokerCommands, are_answered_to_whoever_asked) {
  const test::Mosquitto mosquitto;
  const test::TempDir store;
  test::PeerGateway gateway{store.path().string(), settings(mosquitto.port())};
  auto& delivery = gateway.delivery();
  delivery.set_command_ear([&delivery](const Incoming& command) {
    delivery.answer({"dispatch", command.correlation}, "answer to " + command.payload);
  });
  ASSERT_TRUE(gateway.run_until_sent());
  test::Child answers{{"stdbuf", "-oL", "mosquitto_sub", "-h", "127.0.0.1", "-p", std::to_string(mosquitto.port()),
                       "-t", "fettle/v1/gw-0042/res/dispatch", "-q", "1", "-d", "-V", version(), "-F",
                       "=> %r %p, %D, %E"}};
  ASSERT_TRUE(answers.wait_for_line("Subscribed", patience));
  publish(mosquitto.port(), {"-t", "fettle/v1/gw-0042/cmd/dispatch/ack", "-m", "hello", "-V", "5", "-D", "publish",
                             "correlation-data", "c-7"});
  std::optional<std::string> answer;
  ASSERT_TRUE(gateway.run_until([&] {
    answer = answers.wait_for_line("=> ", std::chrono::milliseconds{20});
    return answer.has_value();
  }));
  EXPECT_EQ(*answer, is_v5() ? "=> 0 answer to hello, c-7, 3600" : "=> 0 answer to hello, , ");
}

}  // namespace
}  // namespace fettle::delivery
