#include <gmock/gmock.h>

#include <filesystem>

#include "peers/stepped_agent.hpp"

// The real agent while its clock is set (contract 8, rule 13), and before it was ever right (6.4).

namespace fettle::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class ClockThatIsSet : public SteppedAgent {
 protected:
  /// The first machine stays ill while the clock is set; that the second one then raises an alert shows that the pipeline goes on.
  void expect_to_keep_its_alert(const FakedClock& clock, const std::string& reading) {
    const auto before = *ledger.row("PUMP-1/heat");
    clock.set(reading);
    levers.set(1, ill);
    ASSERT_TRUE(until_state("PUMP-2/heat", "active")) << reading;
    EXPECT_GT(ledger.row("PUMP-2/heat")->sequence, before.sequence) << reading;
    EXPECT_GT(std::chrono::abs(ledger.row("PUMP-2/heat")->changed - before.changed), std::chrono::hours{23}) << reading;
    const auto after = *ledger.row("PUMP-1/heat");
    EXPECT_EQ(after.id, before.id) << reading;
    EXPECT_EQ(after.state, "active") << reading;
    EXPECT_EQ(after.count, 1) << "it was cleared in between; " << reading;
    EXPECT_THAT(ledger.breaches(), IsEmpty()) << reading;
  }
};

TEST_F(ClockThatIsSet, a_day_ahead_clears_nothing_and_the_sequence_rises) {
  const FakedClock clock{"+0"};
  auto agent = run("trust", clock);
  levers.set(0, ill);
  ASSERT_TRUE(until_state("PUMP-1/heat", "active")) << agent.output();
  expect_to_keep_its_alert(clock, "+1d");
  EXPECT_EQ(agent.terminate(), 0) << agent.output();
}

TEST_F(ClockThatIsSet, a_day_back_clears_nothing_and_the_sequence_rises) {
  const FakedClock clock{"+0"};
  auto agent = run("trust", clock);
  levers.set(0, ill);
  ASSERT_TRUE(until_state("PUMP-1/heat", "active")) << agent.output();
  expect_to_keep_its_alert(clock, "-1d");
  EXPECT_EQ(agent.terminate(), 0) << agent.output();
}

TEST_F(ClockThatIsSet, between_two_lives_clears_nothing_either) {
  const FakedClock clock{"+0"};
  levers.set(0, ill);
  {
    auto agent = run("trust", clock);
    ASSERT_TRUE(until_state("PUMP-1/heat", "active")) << agent.output();
    agent.kill();
  }
  clock.set("-1d");
  auto agent = run("trust", clock);
  expect_to_keep_its_alert(clock, "-1d");
}

class ClockThatWasNeverRight : public SteppedAgent {
 protected:
  void SetUp() override {
    SteppedAgent::SetUp();
    // This machine's time daemon would vouch for the agent's clock.
    if (std::filesystem::exists("/run/systemd/timesync/synchronized")) GTEST_SKIP() << "the clock is synchronised here";
  }
};

TEST_F(ClockThatWasNeverRight, keeps_alerts_back_in_a_new_journal) {
  const FakedClock clock{FakedClock::in_1970()};
  levers.set(0, ill);
  auto agent = run("system", clock);
  const auto hears = [this](std::string_view word) {
    return subscriber.wait_for([word](const Received& each) { return each.payload.find(word) != std::string::npos; },
                               patience);
  };
  ASSERT_TRUE(agent.wait_for_line("readings wait until the clock is right", patience)) << agent.output();
  ASSERT_TRUE(hears(R"("online")")) << agent.output();
  EXPECT_EQ(agent.terminate(), 0);
  // The farewell is the last message of all.
  ASSERT_TRUE(hears(R"("offline")"));
  for (const auto& each : subscriber.all()) {
    EXPECT_THAT(each.topic, Not(HasSubstr("/alert/"))) << each.payload;
    if (each.payload.find(R"("online")") != std::string::npos) {
      EXPECT_THAT(each.payload, HasSubstr(R"("sync":"none")"));
      EXPECT_THAT(each.payload, HasSubstr(R"("open":{})"));
    }
  }
}

}  // namespace
}  // namespace fettle::test
