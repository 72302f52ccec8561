#include "delivery/broker_settings.hpp"

#include "settings/node.hpp"
#include "support/temp_dir.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fettle::delivery {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

struct Outcome {
  BrokerSettings broker;
  std::vector<std::string> mistakes;
};

Outcome read(const std::string& yaml) {
  settings::Mistakes mistakes;
  const auto root = settings::load_text(yaml, "site.yaml", mistakes);
  Outcome outcome{read_broker(root["broker"], mistakes), {}};
  mistakes.sort();
  for (const auto& mistake : mistakes.all()) outcome.mistakes.push_back(settings::to_text(mistake));
  return outcome;
}

TEST(BrokerSettings, need_only_an_address) {
  const auto [broker, mistakes] = read("broker: {url: 'mqtt://broker.example'}");
  EXPECT_THAT(mistakes, IsEmpty());
  EXPECT_EQ(broker.host, "broker.example");
  EXPECT_EQ(broker.port, 1883);
  EXPECT_EQ(broker.tls, std::nullopt);
  EXPECT_EQ(broker.root, "fettle/v1");
  EXPECT_EQ(broker.protocol, Protocol::mqtt_5);
  EXPECT_EQ(broker.keep_alive, std::chrono::seconds{60});
  EXPECT_EQ(broker.retain, Retain::on);
  EXPECT_EQ(broker.url(), "mqtt://broker.example:1883");
}

TEST(BrokerSettings, take_everything_a_site_can_say) {
  const test::TempDir folder;
  const auto secret = folder.write("secret", "s3cret word\r\nsecond line\n");
  const auto pem = folder.write("pem", "x");
  const auto [broker, mistakes] = read(fmt::format(
      "broker:\n  url: mqtts://[fd00::1]:9999/\n  root: acme/fettle/v1\n  protocol: 3.1.1\n  username: gw-0042\n"
      "  password_file: {}\n  keep_alive: 2m\n  retain: false\n  tls: {{ca: {}, certificate: {}, key: {}}}\n",
      secret, pem, pem, pem));
  EXPECT_THAT(mistakes, IsEmpty());
  EXPECT_EQ(broker.host, "[fd00::1]");
  EXPECT_EQ(broker.port, 9999);
  ASSERT_TRUE(broker.tls);
  EXPECT_EQ(broker.tls->authority, pem);
  EXPECT_EQ(broker.root, "acme/fettle/v1");
  EXPECT_EQ(broker.protocol, Protocol::mqtt_3_1_1);
  EXPECT_EQ(broker.username, "gw-0042");
  EXPECT_EQ(broker.password, "s3cret word");
  EXPECT_EQ(broker.keep_alive, std::chrono::seconds{120});
  EXPECT_EQ(broker.retain, Retain::off);
}

TEST(BrokerSettings, of_an_address_with_tls_use_its_port) {
  EXPECT_EQ(read("broker: {url: 'mqtts://b'}").broker.port, 8883);
}

class WrongUrl : public ::testing::TestWithParam<const char*> {};

TEST_P(WrongUrl, is_a_mistake_with_a_remedy) {
  const auto mistakes = read(fmt::format("broker: {{url: '{}'}}", GetParam())).mistakes;
  ASSERT_EQ(mistakes.size(), 1U);
  EXPECT_THAT(mistakes.front(), AllOf(HasSubstr("site.yaml:1:15: broker.url: "), HasSubstr(GetParam()),
                                      HasSubstr("try mqtt://host:1883")));
}

INSTANTIATE_TEST_SUITE_P(Some, WrongUrl,
                         ::testing::Values("broker.example", "tcp://b:1883", "mqtt://", "mqtt://b:0", "mqtt://b:70000",
                                           "mqtt://b:18x", "mqtt://b/path", "mqtt://a:b:1883", "mqtts://b:"));

TEST(BrokerSettings, with_many_mistakes_report_all_of_them) {
  const auto mistakes =
      read(
          "broker:\n  url: mqtt://b\n  root: fettle/v2\n  protocol: 4\n  password_file: /nowhere/secret\n"
          "  tls: {ca: /nowhere/ca.pem, certificate: /nowhere/gw.pem}\n  keepalive: 60s\n")
          .mistakes;
  EXPECT_THAT(mistakes,
              ElementsAre(HasSubstr("site.yaml:3:9: broker.root: \"fettle/v2\" is not a root of the contract"),
                          HasSubstr("site.yaml:4:13: broker.protocol: "),
                          HasSubstr("no password in the first line of \"/nowhere/secret\""),
                          HasSubstr("needs a username beside it"),
                          HasSubstr("broker.tls: is only used with an address that begins with mqtts://"),
                          HasSubstr("broker.tls: needs both certificate and key, or neither"),
                          HasSubstr("cannot read \"/nowhere/ca.pem\""), HasSubstr("cannot read \"/nowhere/gw.pem\""),
                          HasSubstr("keepalive")));
}

TEST(BrokerSettings, never_show_a_password_in_a_mistake) {
  for (const auto* const yaml :
       {"broker: {url: 'mqtt://b', password: s3cret}", "broker: {url: 'mqtt://gw:s3cret@b'}"}) {
    const auto mistakes = read(yaml).mistakes;
    ASSERT_EQ(mistakes.size(), 1U);
    EXPECT_THAT(mistakes.front(), AllOf(HasSubstr("password"), ::testing::Not(HasSubstr("s3cret"))));
  }
}

}  // namespace
}  // namespace fettle::delivery
