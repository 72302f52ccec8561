#include <gmock/gmock.h>

#include "azure_hub.hpp"
#include "running_agent.hpp"
#include "support/certificates.hpp"

// The real binary between a Modbus server on libmodbus and a program that keeps the rules of an Azure IoT Hub.

namespace fettle {
namespace {

using test::Child;
using test::patience;
using testing::HasSubstr;

/// The octets 0 to 31, and the same with another end.
constexpr auto device_key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
constexpr auto other_key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh4=";

class AtAzure : public test::RealTimeAgent {
 protected:
  void SetUp() override {
    RealTimeAgent::SetUp();
    hub.emplace(host, device_key);
    use_key(device_key);
    replace(site, fmt::format("url: \"mqtt://127.0.0.1:{}\"", broker.port()),
            fmt::format("service: azure_iot_hub, url: \"mqtts://localhost:{}\", password_file: {}, tls: {{ca: {}}}",
                        hub->port(), folder.file("key"), authority.certificate()));
  }
  void use_key(const std::string& key) { folder.write("key", key); }
  Child start() const { return Child{{FETTLE_BINARY, "run", "-c", site}}; }

  test::Authority authority{folder.path()};
  test::Identity host = authority.issue("localhost");
  std::optional<test::AzureHub> hub;
};

TEST_F(AtAzure, alerts_are_events_and_direct_methods_are_commands) {
  auto agent = start();
  ASSERT_TRUE(hub->next("connect", test::any_packet)) << agent.output() << hub->output();
  const auto twin = hub->next("twin", [](const auto& each) { return each.as_object().contains("info"); });
  ASSERT_TRUE(twin) << agent.output() << hub->output();
  EXPECT_EQ(twin->at("info").at("gateway").as_string(), "gw-7");
  const auto alert = hub->next_event("slot", "PUMP-1/overheating");
  ASSERT_TRUE(alert) << agent.output() << hub->output();
  const auto& data = alert->at("body").at("data");
  EXPECT_EQ(alert->at("properties").at("$.mid"), alert->at("body").at("id"));
  EXPECT_EQ(alert->at("properties").at("state"), data.at("state"));
  EXPECT_EQ(alert->at("properties").at("severity"), data.at("severity"));
  EXPECT_EQ(alert->at("properties").at("rev").as_string(), std::to_string(data.at("rev").as_int64()));

  hub->ask({{"method", "ack"}, {"payload", {{"id", data.at("id")}, {"note", "on its way"}}}});
  const auto response = hub->next("response", test::any_packet);
  ASSERT_TRUE(response) << agent.output() << hub->output();
  EXPECT_EQ(response->at("status").as_int64(), 200) << *response;
  const auto acked = hub->next("event", [](const auto& event) {
    const auto* const body = event.at("body").if_object();
    return body->contains("data") && body->at("data").as_object().contains("ack");
  });
  ASSERT_TRUE(acked) << agent.output();
  EXPECT_EQ(acked->at("body").at("data").at("ack").at("by").as_string(), "azure");
  EXPECT_THAT(hub->output(), testing::Not(HasSubstr("\"wrong\""))) << "each packet keeps the hub's rules";
}

TEST_F(AtAzure, a_message_in_the_form_of_connected_field_service_is_a_command) {
  auto agent = start();
  ASSERT_TRUE(hub->next("subscribe", [](const auto& filters) {
    return filters.as_array().at(0).as_string() == "devices/gw-7/messages/devicebound/#";
  })) << agent.output();
  hub->ask({{"message", {{"CommandName", "diag"}, {"Parameters", boost::json::object{}}}}, {"id", "m-1"}});
  const auto answer = hub->next_event("t", "res");
  ASSERT_TRUE(answer) << agent.output() << hub->output();
  EXPECT_EQ(answer->at("properties").at("$.cid").as_string(), "m-1");
  EXPECT_EQ(answer->at("properties").at("status").as_string(), "200");
  EXPECT_EQ(answer->at("body").at("jti").as_string(), "m-1");
  hub->ask({{"message", {{"CommandName", "Reset Thermostat"}, {"Parameters", boost::json::object{}}}}, {"id", "m-2"}});
  ASSERT_TRUE(hub->next_event("status", "404")) << agent.output() << hub->output();
}

TEST_F(AtAzure, a_gateway_that_dies_is_an_event_and_one_that_stops_is_not) {
  auto first = start();
  ASSERT_TRUE(hub->next_event("slot", "PUMP-1/overheating")) << first.output();
  first.kill();
  const auto will = hub->next("will", test::any_packet);
  ASSERT_TRUE(will) << hub->output();
  EXPECT_EQ(will->at("properties").at("t").as_string(), "status");
  EXPECT_EQ(will->at("properties").at("state").as_string(), "lost");
  auto second = start();
  ASSERT_TRUE(hub->next("twin", test::any_packet)) << second.output();
  EXPECT_EQ(second.terminate(), 0);
  const auto farewell =
      hub->next("twin", [](const auto& twin) { return twin.at("status").at("state").as_string() == "offline"; });
  ASSERT_TRUE(farewell) << hub->output();
  EXPECT_FALSE(farewell->at("status").as_object().contains("open")) << "nothing of the former status is left";
}

TEST_F(AtAzure, a_wrong_key_is_told_with_its_remedy_and_works_once_it_is_right) {
  use_key(other_key);
  auto agent = start();
  ASSERT_TRUE(agent.wait_for_line("check that device gw-7 is there and enabled", patience)) << agent.output();
  ASSERT_TRUE(
      hub->next("wrong", [](const auto& why) { return why.as_string() == "token is signed with another key"; }));
  use_key(device_key);
  EXPECT_TRUE(hub->next_event("slot", "PUMP-1/overheating"))
      << agent.output() << "nothing is lost, and the key is read anew";
}

TEST_F(AtAzure, throttling_is_told_and_alerts_go_on) {
  hub->ask({{"twinStatus", 429}});
  auto agent = start();
  ASSERT_TRUE(agent.wait_for_line("IoT Hub is throttling (429)", patience)) << agent.output();
  EXPECT_TRUE(hub->next_event("slot", "PUMP-1/overheating")) << agent.output();
  hub->ask({{"twinStatus", 204}});
  EXPECT_TRUE(hub->next("twin", test::any_packet)) << agent.output() << "with the next heartbeat";
}

TEST_F(AtAzure, doctor_and_check_find_what_is_wrong) {
  Child good{{FETTLE_BINARY, "doctor", "-c", site}};
  ASSERT_TRUE(good.wait(patience));
  EXPECT_THAT(good.output(), HasSubstr("lets us in (as gw-7)"));
  use_key(other_key);
  Child bad{{FETTLE_BINARY, "doctor", "-c", site}};
  ASSERT_TRUE(bad.wait(patience));
  EXPECT_THAT(bad.output(), HasSubstr("check that device gw-7 is there and enabled"));
  replace(site, "service: azure_iot_hub", "service: azure_iot_hub, retain: true, protocol: 5");
  Child check{{FETTLE_BINARY, "check", "-c", site}};
  EXPECT_EQ(check.wait(patience), 78);
  EXPECT_THAT(check.output(), HasSubstr("broker.retain: IoT Hub keeps no messages; leave retain out"));
  EXPECT_THAT(check.output(), HasSubstr("broker.protocol: IoT Hub speaks MQTT 3.1.1 only; leave protocol out"));
}

}  // namespace
}  // namespace fettle
