#include "delivery/broker_settings.hpp"

#include "settings/node.hpp"
#include "support/certificates.hpp"
#include "support/temp_dir.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <cstdlib>

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

Outcome read(const std::string& yaml, const std::string& gateway = {}) {
  settings::Mistakes mistakes;
  const auto root = settings::load_text(yaml, "site.yaml", mistakes);
  Outcome outcome{read_broker(root["broker"], mistakes, gateway), {}};
  mistakes.sort();
  for (const auto& mistake : mistakes.all()) outcome.mistakes.push_back(settings::to_text(mistake));
  return outcome;
}

/// Real certificates of a gateway's.
class BrokerFiles : public ::testing::Test {
 protected:
  static Outcome read_tls(const std::string& certificate, const std::string& key, const std::string& gateway = {}) {
    return read(fmt::format("broker: {{url: 'mqtts://b', tls: {{certificate: {}, key: {}}}}}", certificate, key),
                gateway);
  }

  test::TempDir folder_;
  test::Authority authority_{folder_.path()};
  test::Identity pair_ = authority_.issue("gw-0042");
};

TEST(BrokerSettings, need_only_an_address) {
  const auto [broker, mistakes] = read("broker: {url: 'mqtt://broker.example'}");
  EXPECT_THAT(mistakes, IsEmpty());
  EXPECT_THAT(broker.addresses, ElementsAre(Address{"broker.example", 1883}));
  EXPECT_FALSE(broker.addresses.front().is_secured());
  EXPECT_EQ(broker.root, "fettle/v1");
  EXPECT_EQ(broker.protocol, Protocol::mqtt_5);
  EXPECT_EQ(broker.keep_alive, std::chrono::seconds{60});
  EXPECT_EQ(broker.reconnect_within, std::chrono::seconds{60});
  EXPECT_EQ(broker.retain, Retain::on);
}

TEST_F(BrokerFiles, take_everything_a_site_can_say) {
  const auto secret = folder_.write("secret", "s3cret word\r\nsecond line\n");
  const auto [broker, mistakes] = read(fmt::format(
      "broker:\n  url: mqtts://[fd00::1]:9999/\n  root: acme/fettle/v1\n  protocol: 3.1.1\n  username: gw-0042\n"
      "  password_file: {}\n  keep_alive: 2m\n  reconnect_within: 5s\n  retain: false\n"
      "  tls: {{ca: {}, certificate: {}, key: {}, incoming: /var/lib/fettle/incoming}}\n",
      secret, authority_.certificate(), pair_.certificate, pair_.key));
  EXPECT_THAT(mistakes, IsEmpty());
  EXPECT_THAT(broker.addresses, ElementsAre(Address{"fd00::1", 9999, Transport::tls}));
  EXPECT_EQ(broker.tls.authority, authority_.certificate());
  EXPECT_EQ(broker.incoming, "/var/lib/fettle/incoming");
  EXPECT_EQ(broker.root, "acme/fettle/v1");
  EXPECT_EQ(broker.protocol, Protocol::mqtt_3_1_1);
  EXPECT_EQ(broker.username, "gw-0042");
  EXPECT_EQ(read_password(broker.password_file).value(), "s3cret word");
  EXPECT_EQ(broker.keep_alive, std::chrono::seconds{120});
  EXPECT_EQ(broker.reconnect_within, std::chrono::seconds{5});
  EXPECT_EQ(broker.retain, Retain::off);
}

TEST(BrokerSettings, take_several_brokers_in_their_order) {
  const auto [broker, mistakes] = read("broker: {urls: ['mqtts://a', 'wss://b/site/mqtt', 'wss://c:8443']}");
  EXPECT_THAT(mistakes, IsEmpty());
  EXPECT_THAT(broker.addresses,
              ElementsAre(Address{"a", 8883, Transport::tls}, Address{"b", 443, Transport::websocket_tls, "/site/mqtt"},
                          Address{"c", 8443, Transport::websocket_tls, "/mqtt"}));
}

TEST(BrokerSettings, show_an_address_as_it_is_written) {
  for (const auto* const url : {"mqtt://a:1883", "mqtts://a:8883", "ws://[::1]:80/mqtt", "wss://a:443/b/c"}) {
    EXPECT_EQ(parse_address(url).value().url(), url);
  }
}

TEST(BrokerSettings, do_not_fall_back_to_a_broker_without_tls) {
  EXPECT_THAT(read("broker: {urls: ['mqtts://a', 'mqtt://b']}").mistakes,
              ElementsAre(HasSubstr("site.yaml:1:16: broker.urls: has addresses with and without TLS")));
}

TEST(BrokerSettings, want_one_list_of_brokers_with_something_in_it) {
  EXPECT_THAT(read("broker: {urls: []}").mistakes, ElementsAre(HasSubstr("broker.urls: names no broker")));
  EXPECT_THAT(read("broker: {url: 'mqtt://a', urls: ['mqtt://b']}").mistakes,
              ElementsAre(HasSubstr("broker.url: stands beside urls")));
}

TEST_F(BrokerFiles, must_hold_a_certificate_and_its_own_key) {
  const auto other = authority_.issue("other");
  EXPECT_THAT(read_tls(other.certificate, pair_.key).mistakes, ElementsAre(HasSubstr("does not belong to")));
  const auto text = folder_.write("text.pem", "no certificate");
  EXPECT_THAT(read_tls(text, pair_.key).mistakes, ElementsAre(HasSubstr("is no certificate in PEM")));
  EXPECT_THAT(read_tls(pair_.certificate, text).mistakes, ElementsAre(HasSubstr("is no private key in PEM")));
}

TEST_F(BrokerFiles, must_be_for_this_gateway) {
  EXPECT_THAT(read_tls(pair_.certificate, pair_.key, "gw-0042").mistakes, IsEmpty());
  EXPECT_THAT(read_tls(pair_.certificate, pair_.key, "gw-0043").mistakes,
              ElementsAre(HasSubstr("is for \"gw-0042\", but the gateway is \"gw-0043\"")));
}

TEST_F(BrokerFiles, may_have_expired_for_the_agent_must_go_on_without_its_broker) {
  const test::TempDir folder;
  const auto late = authority_.issue("gw-0042", -1, folder.path());
  EXPECT_THAT(read_tls(late.certificate, late.key, "gw-0042").mistakes, IsEmpty());
}

TEST_F(BrokerFiles, can_be_replaced_only_where_there_are_two) {
  EXPECT_THAT(read("broker: {url: 'mqtts://b', tls: {incoming: /tmp}}").mistakes,
              ElementsAre(HasSubstr("broker.tls.incoming: can only replace")));
}

TEST_F(BrokerFiles, may_be_credentials_of_systemd) {
  const test::TempDir credentials;
  credentials.write("broker", "s3cret\n");
  ::setenv("CREDENTIALS_DIRECTORY", credentials.path().c_str(), 1);
  const auto good = read("broker: {url: 'mqtt://b', username: u, password_credential: broker}");
  const auto bad = read("broker: {url: 'mqtt://b', username: u, password_credential: brokr}");
  ::unsetenv("CREDENTIALS_DIRECTORY");
  EXPECT_THAT(good.mistakes, IsEmpty());
  EXPECT_EQ(good.broker.password_file, credentials.file("broker"));
  EXPECT_THAT(bad.mistakes, ElementsAre(HasSubstr("broker.password_credential: no password in the first line of")));
  EXPECT_THAT(read("broker: {url: 'mqtt://b', username: u, password_credential: brokr}").mistakes, IsEmpty())
      << "a shell cannot see them";
}

TEST_F(BrokerFiles, let_a_device_into_an_iot_hub) {
  const auto key = folder_.write("key", "AAEC\n");
  const auto [broker, mistakes] = read(fmt::format(
      "broker: {{service: azure_iot_hub, url: 'wss://hub.example', password_file: {}, wrap_in_array: true}}", key));
  EXPECT_THAT(mistakes, IsEmpty());
  ASSERT_TRUE(broker.service);
  EXPECT_EQ(broker.protocol, Protocol::mqtt_3_1_1);
  EXPECT_EQ(broker.retain, Retain::off);
  EXPECT_EQ(broker.addresses.front().path, "/$iothub/websocket");
  EXPECT_THAT(
      read(fmt::format(
               "broker: {{service: azure_iot_hub, url: 'mqtts://hub.example', tls: {{certificate: {}, key: {}}}}}",
               pair_.certificate, pair_.key))
          .mistakes,
      IsEmpty());
}

TEST(BrokerSettings, of_an_iot_hub_say_what_it_does_not_take) {
  EXPECT_THAT(read("broker: {service: azure_iot_hub, url: 'mqtt://hub', protocol: 5, retain: true, username: u, "
                   "keep_alive: 20m, home_assistant: true}")
                  .mistakes,
              ::testing::UnorderedElementsAre(
                  HasSubstr("broker: needs the device's key in password_file, or certificate and key under tls"),
                  HasSubstr("broker.url: IoT Hub is reached with TLS only"),
                  HasSubstr("broker.protocol: IoT Hub speaks MQTT 3.1.1 only"),
                  HasSubstr("broker.retain: IoT Hub keeps no messages"),
                  HasSubstr("broker.username: is made from hub and gateway.id"),
                  HasSubstr("broker.keep_alive: IoT Hub wants 1177s at most"),
                  HasSubstr("broker.home_assistant: finds machines by retained messages")));
}

TEST_F(BrokerFiles, make_a_gateway_a_thing_of_aws) {
  const auto [broker, mistakes] =
      read(fmt::format("broker: {{service: aws_iot_core, url: 'mqtts://endpoint:443', shadow: false, tls: "
                       "{{certificate: {}, key: {}}}}}",
                       pair_.certificate, pair_.key));
  EXPECT_THAT(mistakes, IsEmpty());
  ASSERT_TRUE(broker.service);
  EXPECT_EQ(broker.protocol, Protocol::mqtt_5);
  EXPECT_THAT(read("broker: {service: aws_iot_core, url: 'mqtt://endpoint', keep_alive: 10s}").mistakes,
              ::testing::UnorderedElementsAre(HasSubstr("needs certificate and key under tls"),
                                              HasSubstr("broker.url: AWS IoT Core is reached with TLS only"),
                                              HasSubstr("broker.keep_alive: AWS IoT Core wants 30s to 1200s")));
}

TEST(BrokerSettings, name_a_service_that_there_is) {
  EXPECT_THAT(read("broker: {service: azure, url: 'mqtts://hub'}").mistakes,
              ElementsAre(HasSubstr("broker.service: \"azure\" is none of aws_iot_core, azure_iot_hub")));
}

TEST(BrokerSettings, announce_machines_where_the_broker_retains) {
  EXPECT_TRUE(read("broker: {url: 'mqtt://b', home_assistant: true}").broker.home_assistant);
  EXPECT_THAT(read("broker: {url: 'mqtt://b', home_assistant: true, retain: false}").mistakes,
              ElementsAre(HasSubstr("broker.home_assistant: finds machines by retained messages")));
}

TEST(BrokerSettings, make_the_gateway_an_edge_node_at_the_same_broker) {
  EXPECT_FALSE(read("broker: {url: 'mqtt://b'}").broker.sparkplug);
  const auto [broker, mistakes] =
      read("broker: {url: 'mqtt://b', username: u, keep_alive: 30s, sparkplug: {group: HQ}}");
  EXPECT_THAT(mistakes, IsEmpty());
  EXPECT_EQ(broker.protocol, Protocol::mqtt_5);
  EXPECT_EQ(broker.session, Session::kept);
  ASSERT_TRUE(broker.sparkplug);
  EXPECT_EQ(broker.sparkplug->group, "HQ");
  EXPECT_EQ(broker.sparkplug->primary_host, "");
  const auto& own = broker.sparkplug->broker;
  EXPECT_EQ(own.addresses[0].url(), "mqtt://b:1883");
  EXPECT_EQ(own.username, "u");
  EXPECT_EQ(own.keep_alive, std::chrono::seconds{30});
  EXPECT_EQ(own.protocol, Protocol::mqtt_3_1_1);
  EXPECT_EQ(own.session, Session::ends);
}

TEST(BrokerSettings, make_the_gateway_an_edge_node_at_another_broker) {
  const auto [broker, mistakes] =
      read("broker: {url: 'mqtt://b', username: u, sparkplug: {primary_host: SCADA, urls: ['mqtt://c', 'mqtt://d']}}");
  EXPECT_THAT(mistakes, IsEmpty());
  ASSERT_TRUE(broker.sparkplug);
  EXPECT_EQ(broker.sparkplug->primary_host, "SCADA");
  EXPECT_EQ(broker.sparkplug->broker.addresses.size(), 2U);
  EXPECT_EQ(broker.sparkplug->broker.username, "") << "which is none of its business";
}

TEST(BrokerSettings, say_what_an_edge_node_cannot_be_made_of) {
  EXPECT_THAT(
      read("broker: {url: 'mqtt://b', sparkplug: {group: a/b, primary_host: 'x#', grup: c, username: u}}").mistakes,
      ::testing::UnorderedElementsAre(
          HasSubstr("broker.sparkplug.group: \"a/b\" cannot be part of a topic"),
          HasSubstr("broker.sparkplug.primary_host: \"x#\" cannot be part of a topic"), HasSubstr("grup"),
          HasSubstr("broker.sparkplug.username: is for another broker; name its url beside it")));
  EXPECT_THAT(read("broker: {url: 'mqtt://b', sparkplug: true}").mistakes, ElementsAre(HasSubstr("broker.sparkplug")));
  EXPECT_THAT(read("broker: {url: 'mqtt://b', sparkplug: {url: 'c'}}").mistakes,
              ElementsAre(HasSubstr("broker.sparkplug.url: \"c\" is not a broker's address")));
}

TEST_F(BrokerFiles, of_a_cloud_service_want_another_broker_for_sparkplug) {
  const auto of_aws = [this](const std::string& sparkplug) {
    return read(
        fmt::format("broker: {{service: aws_iot_core, url: 'mqtts://endpoint', tls: {{certificate: {}, key: {}}}, "
                    "sparkplug: {}}}",
                    pair_.certificate, pair_.key, sparkplug));
  };
  EXPECT_THAT(of_aws("{}").mistakes, ElementsAre(HasSubstr("broker.sparkplug: needs the url of a broker")));
  const auto [broker, mistakes] = of_aws("{url: 'mqtt://scada'}");
  EXPECT_THAT(mistakes, IsEmpty());
  ASSERT_TRUE(broker.sparkplug);
  EXPECT_FALSE(broker.sparkplug->broker.service);
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
                                           "mqtt://b:18x", "mqtt://b/path", "http://b", "ws://b/a b", "wss://:1/mqtt",
                                           "mqtt://a:b:1883", "mqtts://b:"));

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
                          HasSubstr("broker.tls: is only used with an address that begins with mqtts:// or wss://"),
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
