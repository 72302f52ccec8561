#include <gmock/gmock.h>

#include <cmath>
#include <set>

#include "running_agent.hpp"
#include "support/back_office.hpp"
#include "support/certificates.hpp"
#include "support/signing.hpp"

// The settings change while the agent polls a device that counts its requests.

namespace fettle {
namespace {

using test::patience;
using test::Received;

class ChangedSettings : public test::RealTimeAgent {
 protected:
  bool counts_requests() override { return true; }
  std::string further_settings() override {
    return fmt::format(
        "telemetry: {{}}\ncommands: {{requesters: [{{name: maintenance, operations: [config], keys: [{}]}}]}}\n",
        keys.public_key);
  }

  /// The requests whose answers have been published so far.
  std::set<long> published() const {
    std::set<long> numbers;
    for (const auto& received : watch.all()) {
      if (!received.topic.ends_with("/data/pump")) continue;
      const auto batch = document(received);
      for (const auto& each : batch.at("points").as_array()) {
        const auto& point = each.as_object();
        if (point.at("id").as_string() != "power" || !point.contains("value")) continue;
        numbers.insert(std::lround(point.at("value").to_number<double>() * 100));
      }
    }
    return numbers;
  }

  bool publish_so_many_more(std::size_t count) {
    const auto wanted = published().size() + count;
    return watch.wait_for([&](const Received&) { return published().size() >= wanted; }, patience).has_value();
  }

  void SetUp() override {
    RealTimeAgent::SetUp();
    office.sign_with([this](const std::string& claims) { return test::sign(claims, keys.private_key); });
  }

  void change(test::Child& agent, const boost::json::object& patch) {
    const auto answer = office.ask("config", {{"patch", patch}});
    ASSERT_EQ(answer.at("status").as_int64(), 200) << boost::json::serialize(answer);
    ASSERT_TRUE(agent.wait_for_line("the settings are now configuration", patience)) << agent.output();
    ASSERT_TRUE(agent.wait_for_line("is kept: the broker was reached", std::chrono::minutes{1})) << agent.output();
    ASSERT_TRUE(publish_so_many_more(10)) << agent.output();
  }

  test::KeyPair keys = test::make_key_pair(folder.path(), "maintenance", test::KeyKind::ed25519);
  test::Subscriber watch{broker.port()};
  test::BackOffice office{broker.port(), "gw-7", "maintenance"};
};

TEST_F(ChangedSettings, lose_no_reading_of_a_device_that_they_do_not_concern) {
  test::Child agent{{FETTLE_BINARY, "run", "-c", site}};
  ASSERT_TRUE(publish_so_many_more(10)) << agent.output();
  ASSERT_NO_FATAL_FAILURE(change(agent, {{"site", {{"building", "B7"}}}}));
  ASSERT_NO_FATAL_FAILURE(change(
      agent, {{"devices",
               {{{"id", "pump"}, {"bus", "lan"}, {"unit", 1}, {"profile", "generic_pump_io"}, {"every", "100ms"}},
                {{"id", "ghost"}, {"bus", "dead"}, {"unit", 2}, {"profile", "generic_pump_io"}, {"every", "1m"}}}}}));
  const auto numbers = published();
  ASSERT_GE(numbers.size(), 30U);
  EXPECT_EQ(*numbers.rbegin() - *numbers.begin() + 1, static_cast<long>(numbers.size()));
}

}  // namespace
}  // namespace fettle
