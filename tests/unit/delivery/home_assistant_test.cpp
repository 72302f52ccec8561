#include "delivery/home_assistant.hpp"

#include "layer_fixture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fettle::delivery {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr auto info_topic_text = "fettle/v1/gw-0042/info";
constexpr auto topic_of_7 = "homeassistant/device/gw-0042_AHU-07/config";
constexpr auto topic_of_8 = "homeassistant/device/gw-0042_AHU-08/config";

/// Of a gateway with one air handler for each number, all alike, and a meter that nothing is watched on.
std::string info(const std::vector<std::string>& numbers) {
  InfoFacts facts{test::sample_gateway(), "HQ-BERLIN", "Europe/Berlin", {}, {}, {}};
  for (const auto& number : numbers) {
    auto asset = test::sample_asset();
    asset.key = "AHU-" + number;
    facts.assets.push_back({asset, {}, {{"filter-clog", "PLU", "FILTER-REPLACE", "baseline_limit"}}});
  }
  auto meter = test::sample_asset();
  meter.key = "METER-01";
  facts.assets.push_back({meter, {}, {}});
  return info_document(facts, 17, test::at("2026-11-21T08:00:03Z"));
}

class HomeAssistantTest : public LayerTest {
 protected:
  void begin(bool wanted = true) {
    layer_ = std::make_unique<HomeAssistant>(
        facts_, wanted,
        AnnouncedTopics{[this] { return kept_; }, [this](const std::set<std::string>& topics) { kept_ = topics; }},
        ear_, inner());
  }
  void publish_info(const std::vector<std::string>& numbers) {
    layer_->publish(message(info_topic_text, info(numbers)));
  }

  std::set<std::string> kept_;  ///< over restarts
  std::unique_ptr<HomeAssistant> layer_;
};

TEST_F(HomeAssistantTest, finds_one_device_for_each_machine_that_is_watched) {
  const auto all = announcements(facts_, info({"07"}));
  ASSERT_THAT(all, SizeIs(1));
  EXPECT_EQ(all.begin()->first, topic_of_7);
  EXPECT_EQ(all.begin()->second,
            R"({"dev":{"ids":["gw-0042_AHU-07"],"name":"Air handler 7, level 3 east","mf":"Acme Air","mdl":"AX-12",)"
            R"("sn":"AX12-99-0714"},"o":{"name":"fettle","sw":"1.4.2"},)"
            R"("availability":[{"topic":"fettle/v1/gw-0042/status",)"
            R"("value_template":"{{ 'online' if value_json.state=='online' else 'offline' }}"}],)"
            R"("cmps":{"filter-clog":{"p":"binary_sensor","device_class":"problem",)"
            R"("unique_id":"gw-0042_AHU-07_filter-clog","name":"Filter clog",)"
            R"("state_topic":"fettle/v1/gw-0042/alert/AHU-07/filter-clog",)"
            R"("value_template":"{{ 'ON' if value_json.data.state=='active' else 'OFF' }}",)"
            R"("json_attributes_topic":"fettle/v1/gw-0042/alert/AHU-07/filter-clog",)"
            R"("json_attributes_template":"{{ value_json.data | tojson }}"}}})");
}

TEST_F(HomeAssistantTest, is_told_one_machine_after_the_other_and_the_info_is_published_last) {
  begin();
  publish_info({"07", "08"});
  ASSERT_THAT(broker_->messages, SizeIs(2));
  broker_->acknowledge(0);
  EXPECT_THAT(ear_.heard, IsEmpty());
  broker_->acknowledge(1);
  ASSERT_THAT(broker_->messages, SizeIs(3));
  broker_->acknowledge(2);
  EXPECT_THAT(ear_.heard, ElementsAre("published 7"));
  EXPECT_EQ(broker_->messages[0].topic, info_topic_text);
  EXPECT_EQ(broker_->messages[1].topic, topic_of_7);
  EXPECT_EQ(broker_->messages[2].topic, topic_of_8);
  EXPECT_TRUE(broker_->messages[1].retain);
  EXPECT_THAT(kept_, ElementsAre(topic_of_7, topic_of_8));
}

TEST_F(HomeAssistantTest, loses_a_machine_that_is_gone_even_after_a_restart) {
  begin();
  publish_info({"07", "08"});
  broker_->acknowledge_all();
  begin();
  publish_info({"08"});
  broker_->acknowledge_all();
  const auto removed = broker_->to("AHU-07/config");
  ASSERT_THAT(removed, SizeIs(1));
  EXPECT_EQ(removed[0].payload, "");
  EXPECT_TRUE(removed[0].retain);
  EXPECT_THAT(kept_, ElementsAre(topic_of_8));
}

TEST_F(HomeAssistantTest, remembers_what_a_broken_connection_may_have_let_through) {
  begin();
  publish_info({"07"});
  EXPECT_THAT(kept_, ElementsAre(topic_of_7)) << "before it is acknowledged";
  layer_->connect({});
  publish_info({});
  broker_->acknowledge_all();
  EXPECT_THAT(broker_->to("AHU-07/config").back().payload, "");
  EXPECT_THAT(kept_, IsEmpty());
}

TEST_F(HomeAssistantTest, loses_everything_when_it_is_switched_off) {
  kept_ = {topic_of_7};
  begin(false);
  publish_info({"07"});
  broker_->acknowledge_all();
  EXPECT_EQ(broker_->to("AHU-07/config").at(0).payload, "");
  EXPECT_THAT(kept_, IsEmpty());
  EXPECT_THAT(ear_.heard, ElementsAre("published 7"));
}

TEST_F(HomeAssistantTest, that_is_not_let_through_makes_the_info_refused) {
  begin();
  publish_info({"07", "08"});
  broker_->listener.refused(broker_->messages[1].token, "Not authorized");
  EXPECT_THAT(ear_.heard,
              ElementsAre(HasSubstr("refused 7: homeassistant/device/gw-0042_AHU-07/config: Not authorized")));
  broker_->acknowledge(0);
  EXPECT_THAT(broker_->messages, SizeIs(2)) << "all begins again with the next info";
}

TEST_F(HomeAssistantTest, leaves_room_for_a_message_of_its_own) {
  begin();
  broker_->listener.connected({false, 16});
  EXPECT_EQ(ear_.receive_maximum, 15U);
}

TEST_F(HomeAssistantTest, lets_everything_else_pass) {
  begin();
  layer_->publish(message("fettle/v1/gw-0042/status", "{}", 9));
  broker_->acknowledge_all();
  EXPECT_THAT(ear_.heard, ElementsAre("published 9"));
}

}  // namespace
}  // namespace fettle::delivery
