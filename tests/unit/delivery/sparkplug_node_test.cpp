#include "delivery/sparkplug_node.hpp"

#include "sparkplug_fixture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fettle::delivery {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

/// A gateway with an air handler and a pump.
class SparkplugNodeTest : public ::testing::Test {
 protected:
  SparkplugNodeTest() { node_.set_devices(devices_, now_); }

  static std::string document(int rev, AlertState state = AlertState::active) {
    auto alert = test::sample_fault();
    alert.rev = rev;
    alert.state = state;
    alert.changed_at += std::chrono::hours{rev};
    return test::sample_document(alert);
  }
  SparkplugNode::Outgoing revise(int rev, const std::string& slot = "AHU-07/belt-slip") {
    return node_.revise(slot, document(rev), now_);
  }
  /// "DDATA/gw-0042/AHU-07 3": what was sent, and its sequence number.
  static std::vector<std::string> told(const SparkplugNode::Outgoing& messages) {
    std::vector<std::string> result;
    for (const auto& each : messages) {
      EXPECT_TRUE(each.topic.starts_with("spBv1.0/HQ/")) << each.topic;
      const auto sequence = test::host_payload(each.payload).sequence;
      result.push_back(each.topic.substr(11) + (sequence ? " " + std::to_string(*sequence) : ""));
    }
    return result;
  }

  const Time now_ = test::at("2026-11-21T09:15:00Z");
  SparkplugNode::Devices devices_{{"AHU-07", {"belt-slip", "filter-clog"}}, {"PUMP-02", {"bearing-wear"}}};
  SparkplugNode node_{{"HQ", "gw-0042"}, "1.4.2"};
};

TEST_F(SparkplugNodeTest, dies_with_the_number_it_was_born_with) {
  const auto death = node_.death(255, now_);
  EXPECT_EQ(death.topic, "spBv1.0/HQ/NDEATH/gw-0042");
  EXPECT_EQ(death.quality_of_service, 1);
  EXPECT_FALSE(death.retain);
  const auto said = test::host_payload(death.payload);
  EXPECT_FALSE(said.sequence);
  ASSERT_THAT(said.metrics, SizeIs(1));
  EXPECT_EQ(said.metrics[0].type, 4U) << "Int64";
  EXPECT_EQ(said.value("bdSeq"), "255");
  EXPECT_EQ(test::host_payload(node_.birth(255, now_)[0].payload).value("bdSeq"), "255");
}

TEST_F(SparkplugNodeTest, is_born_with_all_its_devices_and_slots) {
  node_.recall("AHU-07/belt-slip", document(3));
  const auto births = node_.birth(4, now_);
  EXPECT_THAT(told(births), ElementsAre("NBIRTH/gw-0042 0", "DBIRTH/gw-0042/AHU-07 1", "DBIRTH/gw-0042/PUMP-02 2"));
  for (const auto& each : births) {
    EXPECT_EQ(each.quality_of_service, 0);
    EXPECT_FALSE(each.retain);
  }
  const auto node = test::host_payload(births[0].payload);
  EXPECT_EQ(node.value("Node Control/Rebirth"), "false");
  EXPECT_EQ(node.value("Properties/Software"), "'fettle 1.4.2'");
  const auto device = test::host_payload(births[1].payload);
  EXPECT_THAT(device.metrics, SizeIs(26));
  EXPECT_EQ(device.value("Alerts/belt-slip/Rev"), "3");
  EXPECT_EQ(device.value("Alerts/filter-clog/Rev"), "null");
  EXPECT_TRUE(std::is_sorted(device.metrics.begin(), device.metrics.end(),
                             [](const auto& left, const auto& right) { return left.time < right.time; }));
}

TEST_F(SparkplugNodeTest, tells_of_a_revision_what_has_changed) {
  node_.birth(0, now_);
  const auto first = revise(1);
  EXPECT_THAT(told(first), ElementsAre("DDATA/gw-0042/AHU-07 3"));
  EXPECT_EQ(test::host_payload(first[0].payload).value("Alerts/belt-slip/State"), "'active'");
  const auto second = test::host_payload(revise(2)[0].payload);
  ASSERT_THAT(second.metrics, SizeIs(2));
  EXPECT_EQ(second.value("Alerts/belt-slip/Rev"), "2");
  EXPECT_EQ(second.value("Alerts/belt-slip/Doc"), "'" + document(2) + "'");
  EXPECT_THAT(revise(2), IsEmpty());
}

TEST_F(SparkplugNodeTest, counts_to_255_and_begins_again) {
  node_.birth(0, now_);
  for (int rev = 1; rev <= 253; ++rev) revise(rev);
  EXPECT_THAT(told(revise(254)), ElementsAre("DDATA/gw-0042/AHU-07 0"));
  EXPECT_THAT(told(revise(255)), ElementsAre("DDATA/gw-0042/AHU-07 1"));
  EXPECT_EQ(told(node_.birth(0, now_))[0], "NBIRTH/gw-0042 0") << "a rebirth";
}

TEST_F(SparkplugNodeTest, is_born_again_with_what_it_has_told) {
  node_.birth(9, now_);
  node_.revise("AHU-07/belt-slip", document(5, AlertState::closed), now_);
  const auto again = node_.birth(9, now_);
  EXPECT_EQ(test::host_payload(again[0].payload).value("bdSeq"), "9");
  EXPECT_EQ(test::host_payload(again[1].payload).value("Alerts/belt-slip/State"), "'closed'");
}

TEST_F(SparkplugNodeTest, is_silent_until_it_is_born) {
  EXPECT_THAT(revise(1), IsEmpty());
  EXPECT_THAT(node_.set_devices({}, now_), IsEmpty());
  node_.birth(0, now_);
  node_.end();
  EXPECT_THAT(revise(2), IsEmpty());
}

TEST_F(SparkplugNodeTest, tells_as_history_what_was_missed) {
  node_.birth(0, now_);
  node_.end();
  for (const int rev : {1, 2, 3}) revise(rev);
  const auto messages = node_.birth(1, now_);
  EXPECT_THAT(told(messages), ElementsAre("NBIRTH/gw-0042 0", "DBIRTH/gw-0042/AHU-07 1", "DBIRTH/gw-0042/PUMP-02 2",
                                          "DDATA/gw-0042/AHU-07 3", "DDATA/gw-0042/AHU-07 4"));
  EXPECT_EQ(test::host_payload(messages[1].payload).value("Alerts/belt-slip/Rev"), "3") << "the present one";
  const auto history = test::host_payload(messages[3].payload);
  EXPECT_EQ(history.value("Alerts/belt-slip/Rev"), "1");
  for (const auto& each : history.metrics) EXPECT_TRUE(each.is_historical) << each.name;
  EXPECT_EQ(history.metrics[0].time, 1795071731000U) << "when it was so";
  EXPECT_THAT(node_.birth(1, now_), SizeIs(3)) << "told once";
}

TEST_F(SparkplugNodeTest, keeps_so_much_of_what_was_missed) {
  for (int rev = 1; rev <= 250; ++rev) revise(rev);
  EXPECT_EQ(node_.forgotten(), 50U);
  const auto messages = node_.birth(0, now_);
  ASSERT_THAT(messages, SizeIs(3 + 199));
  EXPECT_EQ(test::host_payload(messages[1].payload).value("Alerts/belt-slip/Rev"), "250");
  EXPECT_EQ(test::host_payload(messages[3].payload).value("Alerts/belt-slip/Rev"), "51");
}

TEST_F(SparkplugNodeTest, lets_a_device_die_that_is_gone) {
  node_.birth(0, now_);
  devices_.erase("PUMP-02");
  const auto messages = node_.set_devices(devices_, now_);
  EXPECT_THAT(told(messages), ElementsAre("DDEATH/gw-0042/PUMP-02 3"));
  EXPECT_THAT(test::host_payload(messages[0].payload).metrics, IsEmpty());
  EXPECT_EQ(node_.document("PUMP-02", "bearing-wear"), nullptr);
}

TEST_F(SparkplugNodeTest, is_born_again_when_there_is_something_new) {
  node_.birth(0, now_);
  revise(1);
  EXPECT_THAT(node_.set_devices(devices_, now_), IsEmpty());
  devices_["CHILLER-01"] = {"tube-fouling"};
  devices_.erase("PUMP-02");
  EXPECT_THAT(told(node_.set_devices(devices_, now_)),
              ElementsAre("DDEATH/gw-0042/PUMP-02 4", "NBIRTH/gw-0042 0", "DBIRTH/gw-0042/AHU-07 1",
                          "DBIRTH/gw-0042/CHILLER-01 2"));
  EXPECT_EQ(*node_.document("AHU-07", "belt-slip"), document(1));
  devices_["AHU-07"].erase("filter-clog");
  EXPECT_THAT(node_.set_devices(devices_, now_), SizeIs(3)) << "a slot less";
}

TEST_F(SparkplugNodeTest, is_born_again_for_a_slot_that_nobody_announced) {
  node_.birth(0, now_);
  const auto messages = node_.revise("gw-0042/disk-low", document(1), now_);
  EXPECT_THAT(told(messages), ElementsAre("NBIRTH/gw-0042 0", "DBIRTH/gw-0042/AHU-07 1", "DBIRTH/gw-0042/PUMP-02 2",
                                          "DBIRTH/gw-0042/gw-0042 3"));
  EXPECT_EQ(test::host_payload(messages[3].payload).value("Alerts/disk-low/State"), "'active'");
}

}  // namespace
}  // namespace fettle::delivery
