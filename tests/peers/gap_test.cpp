#include <gmock/gmock.h>

#include <boost/json.hpp>
#include <cmath>
#include <map>

#include "peers/stepped_agent.hpp"
#include "support/cut_proxy.hpp"
#include "support/ports.hpp"

// The link to the broker is cut for thirty polls of a device that counts them: what of its telemetry arrives, how often and in which order,
// and whether the alert of that time does.

namespace fettle::test {
namespace {

using testing::IsEmpty;

/// What a consumer of telemetry has seen: for each batch its number, its count, and how often it came.
class Batches {
 public:
  void take(const Received& message) {
    if (message.topic.find("/data/") == std::string::npos) return;
    auto batch = boost::json::parse(message.payload).as_object();
    const auto number = batch.at("seq").as_int64();
    const auto count = std::llround(batch.at("points").as_array().at(0).at("value").to_number<double>());
    batch.erase("replayed");
    const auto content = boost::json::serialize(batch);
    const auto [known, is_new] = contents_.emplace(number, content);
    if (!is_new && known->second != content) wrong_.push_back("other content: " + content);
    if (!is_new) return;
    if (!counts_.empty() && count <= counts_.back()) wrong_.push_back("late or doubled: " + content);
    counts_.push_back(count);
  }

  /// Wrong is what came late, came twice under another number, or came twice with other content.
  const std::vector<std::string>& wrong() const { return wrong_; }
  bool empty() const { return counts_.empty(); }
  std::int64_t last() const { return counts_.back(); }
  /// How many polls between the first and the last never came.
  std::int64_t lost() const { return last() - counts_.front() + 1 - static_cast<std::int64_t>(counts_.size()); }

 private:
  std::map<std::int64_t, std::string> contents_;  ///< by number, without the mark of a replay
  std::vector<std::int64_t> counts_;
  std::vector<std::string> wrong_;
};

class CutLink : public SteppedAgent {
 protected:
  static constexpr int cut_for = 30;
  static constexpr int polls_in_a_second = 5;

  void SetUp() override {
    SteppedAgent::SetUp();
    folder.write("devices/counter.yaml", R"(title: Counter
maker: test
models: [test]
protocol: modbus
verified: false
defaults: {table: holding, type: u16}
points:
  polls: {quantity: temperature, unit: degC, address: 0}
)");
    site_file = folder.write("gap.yaml", fmt::format(R"(gateway: {{id: gw-8, clock: trust, heartbeat: 10s}}
site: {{id: HQ, tz: Europe/Berlin, building: B2}}
broker: {{url: "mqtt://127.0.0.1:{}", reconnect_within: 1s}}
store: {{folder: {}}}
telemetry: {{devices: [counter], catch_up: 100/s}}
buses:
  - {{id: lan, driver: modbus_tcp, host: 127.0.0.1, port: {}, timeout: 5s}}
  - {{id: meters, driver: modbus_tcp, host: 127.0.0.1, port: {}, timeout: 5s}}
devices:
  - {{id: board, bus: lan, unit: 1, profile: board, every: 200ms}}
  - {{id: counter, bus: meters, unit: 1, profile: counter, every: 200ms}}
assets:
  - {{id: PUMP-1, name: Pump 1, model: hot_pump, points: {{bearing_temperature: board/t1}}}}
)",
                                                     link.port(), folder.file("store"), levers.port(), counter_port));
    ASSERT_TRUE(counter.wait_for_line("ready", patience));
  }

  Child run() const { return Child{{FETTLE_BINARY, "run", "-c", site_file}}; }

  bool until_counted(std::int64_t count) {
    return counter.wait_for_line("poll " + std::to_string(count), patience).has_value();
  }

  bool until_batch(std::int64_t count) {
    while (batches.empty() || batches.last() < count) {
      const auto message = subscriber.next(patience);
      if (!message) return false;
      batches.take(*message);
      ledger.take(*message);
    }
    return true;
  }

  CutProxy link{broker.port()};
  unsigned short counter_port = free_port();
  Child counter{{FETTLE_SWITCHBOARD, std::to_string(counter_port), "1", "counting"}};
  std::string site_file;
  Batches batches;
};

TEST_F(CutLink, loses_doubles_and_reorders_no_telemetry) {
  auto agent = run();
  ASSERT_TRUE(until_batch(10)) << agent.output();
  const auto before = batches.last();
  link.cut();
  ASSERT_TRUE(until_counted(before + cut_for));
  link.restore();
  ASSERT_TRUE(until_batch(before + cut_for + 10)) << agent.output();
  EXPECT_EQ(batches.lost(), 0);
  EXPECT_THAT(batches.wrong(), IsEmpty());
}

TEST_F(CutLink, loses_no_alert_and_at_most_a_second_of_telemetry_when_the_agent_is_killed_as_well) {
  auto agent = std::make_unique<Child>(run());
  ASSERT_TRUE(until_batch(10)) << agent->output();
  const auto before = batches.last();
  link.cut();
  levers.set(0, ill);
  ASSERT_TRUE(agent->wait_for_line("PUMP-1/heat active", patience)) << agent->output();
  ASSERT_TRUE(until_counted(before + cut_for));
  agent->kill();
  agent = std::make_unique<Child>(run());
  ASSERT_TRUE(until_counted(before + cut_for + 10)) << agent->output();
  link.restore();
  ASSERT_TRUE(until_batch(before + cut_for + 20)) << agent->output();
  ASSERT_TRUE(until_state("PUMP-1/heat", "active")) << agent->output();
  EXPECT_EQ(ledger.episodes("PUMP-1/heat"), 1U);
  EXPECT_THAT(ledger.breaches(), IsEmpty());
  EXPECT_LE(batches.lost(), polls_in_a_second);
  EXPECT_THAT(batches.wrong(), IsEmpty());
}

}  // namespace
}  // namespace fettle::test
