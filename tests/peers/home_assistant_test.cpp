#include <gmock/gmock.h>

#include <csignal>

#include "running_agent.hpp"

// The real binary announces its machines to Home Assistant at a real broker.

namespace fettle {
namespace {

using test::patience;
using test::RealTimeAgent;
using test::Received;

constexpr auto announcement = "homeassistant/device/gw-7_PUMP-1/config";

class Announced : public RealTimeAgent {
 protected:
  void SetUp() override {
    RealTimeAgent::SetUp();
    replace(site, "reconnect_within: 100ms", "reconnect_within: 100ms, home_assistant: true");
  }
  /// What somebody who subscribes now finds at the broker.
  bool is_announced() {
    test::Subscriber late{broker.port(), "homeassistant/#", {}, test::Subscriber::Witnessed::no};
    return late
        .wait_for([](const Received& each) { return each.topic == announcement && each.retained; },
                  std::chrono::seconds{1})
        .has_value();
  }
  bool hears(const std::function<bool(const std::string&)>& pleases) {
    return watch
        .wait_for([&](const Received& each) { return each.topic == announcement && pleases(each.payload); }, patience)
        .has_value();
  }

  test::Subscriber watch{broker.port(), "homeassistant/#", {}, test::Subscriber::Witnessed::no};
};

TEST_F(Announced, machines_name_the_topic_of_their_alerts_and_go_when_the_setting_goes) {
  test::Subscriber alerts{broker.port(), "fettle/#"};
  test::Child agent{{FETTLE_BINARY, "run", "-c", site}};
  ASSERT_TRUE(hears([](const std::string& payload) { return !payload.empty(); })) << agent.output();
  const auto document = boost::json::parse(watch.all().back().payload);
  const auto& sensor = document.at("cmps").at("overheating");
  const auto alert = alerts.wait_for(test::hot_slot, patience);
  ASSERT_TRUE(alert) << agent.output();
  EXPECT_EQ(sensor.at("state_topic").as_string(), alert->topic);
  EXPECT_TRUE(is_announced());
  ASSERT_EQ(agent.terminate(), 0);

  replace(site, "home_assistant: true", "home_assistant: false");
  test::Child again{{FETTLE_BINARY, "run", "-c", site}};
  EXPECT_TRUE(hears([](const std::string& payload) { return payload.empty(); })) << again.output();
}

TEST_F(Announced, machines_that_go_with_a_change_of_the_settings_are_taken_back) {
  test::Child agent{{FETTLE_BINARY, "run", "-c", site}};
  ASSERT_TRUE(hears([](const std::string& payload) { return !payload.empty(); })) << agent.output();
  replace(site, "id: PUMP-1", "id: PUMP-2");
  ::kill(agent.pid(), SIGHUP);
  EXPECT_TRUE(hears([](const std::string& payload) { return payload.empty(); })) << agent.output();
  EXPECT_FALSE(is_announced());
}

}  // namespace
}  // namespace fettle
