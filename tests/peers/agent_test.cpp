#include <fmt/format.h>
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "running_agent.hpp"

// The real binary between a Modbus server on libmodbus and a real broker.

namespace fettle {
namespace {

using namespace std::chrono_literals;
using test::patience;
using test::Received;
using test::RunningAgent;
using testing::HasSubstr;

constexpr const char* slot = test::hot_slot;

TEST_F(RunningAgent, sends_a_technician_to_a_machine_at_its_limit) {
  test::Subscriber subscriber{broker.port()};
  auto agent = run();
  const auto alert = subscriber.wait_for(slot, patience);
  ASSERT_TRUE(alert) << agent.output();
  const auto data = document(*alert).at("data").as_object();
  EXPECT_EQ(data.at("kind").as_string(), "fault");
  EXPECT_EQ(data.at("priority").as_int64(), 1);
  EXPECT_EQ(data.at("action").at("code").as_string(), "GREASE");
  EXPECT_EQ(agent.terminate(), 0) << agent.output();
  EXPECT_EQ(
      document(*subscriber.wait_for(
                   [](const Received& each) { return each.payload.find("offline") != std::string::npos; }, patience))
          .at("reason")
          .as_string(),
      "stopped");
}

TEST_F(RunningAgent, keeps_the_identity_of_an_alert_when_it_is_killed) {
  test::Subscriber subscriber{broker.port()};
  auto first = run();
  const auto before = subscriber.wait_for(slot, patience);
  ASSERT_TRUE(before) << first.output();
  first.kill();
  auto second = run("2026-06-03T00:00:00Z");
  const auto after = subscriber.wait_for(
      [&before](const Received& each) { return each.topic == before->topic && revision(each) > revision(*before); },
      patience);
  ASSERT_TRUE(after) << second.output();
  EXPECT_EQ(episode(*after), episode(*before));
  EXPECT_GT(document(*after).at("sequence").as_string(), document(*before).at("sequence").as_string());
}

TEST_F(RunningAgent, fills_an_empty_broker_with_what_is_open) {
  auto agent = run();
  std::string first;
  {
    test::Subscriber subscriber{broker.port()};
    const auto alert = subscriber.wait_for(slot, patience);
    ASSERT_TRUE(alert) << agent.output();
    first = episode(*alert);
  }
  broker.kill();
  broker.start();
  test::Subscriber subscriber{broker.port()};
  const auto again = subscriber.wait_for(slot, patience);
  ASSERT_TRUE(again) << agent.output();
  EXPECT_EQ(episode(*again), first);
}

TEST_F(RunningAgent, reads_on_while_there_is_no_broker) {
  broker.kill();
  auto agent = run();
  ASSERT_TRUE(agent.wait_for_line("PUMP-1/overheating active", patience)) << agent.output();
  broker.start();
  test::Subscriber subscriber{broker.port()};
  EXPECT_TRUE(subscriber.wait_for(slot, patience)) << agent.output();
}

TEST_F(RunningAgent, says_what_it_had_to_leave_out_and_which_bus_is_silent) {
  test::Subscriber subscriber{broker.port()};
  auto agent = run();
  const auto settings = subscriber.wait_for("alert/gw-7/config-invalid", patience);
  ASSERT_TRUE(settings) << agent.output();
  EXPECT_THAT(settings->payload, HasSubstr("devices[2].unit"));
  const auto bus = subscriber.wait_for("alert/dead/bus-loss", patience);
  ASSERT_TRUE(bus) << agent.output();
  EXPECT_EQ(document(*bus).at("data").at("kind").as_string(), "system");
  EXPECT_TRUE(subscriber.wait_for(slot, patience)) << "the other bus goes on";
}

TEST_F(RunningAgent, answers_read_with_what_it_knows) {
  auto agent = run();
  ASSERT_TRUE(agent.wait_for_line("PUMP-1/overheating active", patience)) << agent.output();
  test::Child read{{FETTLE_BINARY, "read", "-c", site, "pump"}};
  ASSERT_TRUE(read.wait(patience));
  EXPECT_THAT(read.output(), HasSubstr("46.00"));
  EXPECT_THAT(read.output(), HasSubstr("vibration            -  "));
}

TEST_F(RunningAgent, puts_a_damaged_journal_aside_and_starts) {
  std::filesystem::create_directory(store);
  std::ofstream{store + "/journal.db"} << "this is no database";
  test::Subscriber subscriber{broker.port()};
  auto agent = run();
  EXPECT_TRUE(subscriber.wait_for(slot, patience)) << agent.output();
  EXPECT_THAT(agent.output(), HasSubstr("journal.db.damaged-"));
}

TEST_F(RunningAgent, ends_with_78_when_the_broker_of_the_settings_is_none) {
  std::ofstream{site, std::ios::app} << "broker: {url: nonsense}\n";
  auto agent = run();
  EXPECT_EQ(agent.wait(patience), 78) << agent.output();
}

}  // namespace
}  // namespace fettle
