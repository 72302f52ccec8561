#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "peers/stepped_agent.hpp"

// A gateway that starts in 1970 and learns later what time it is: nothing dated 1970 leaves it, and what it read before carries the right
// time then. timesyncd's mark is made in a mount namespace of the agent's own, so this needs root.

namespace fettle::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

/// It looks for the mark once a minute.
constexpr std::chrono::seconds looks_again{100};
constexpr auto mark = "/run/systemd/timesync/synchronized";

class ClockThatComesRight : public SteppedAgent {
 protected:
  void SetUp() override {
    SteppedAgent::SetUp();
    if (geteuid() != 0) GTEST_SKIP() << "only root can give the agent a /run of its own";
  }

  /// The agent, seeing a /run without marks of any time daemon.
  Child run_apart(const FakedClock& clock) const {
    std::string command = "mount -t tmpfs none /run && mkdir -p /run/systemd/timesync && exec env";
    for (const auto& [name, value] : clock.environment()) command += fmt::format(" {}='{}'", name, value);
    command += fmt::format(" {} run -c {}", FETTLE_BINARY, site("system"));
    return Child{{"unshare", "-m", "/bin/sh", "-c", command}};
  }

  /// timesyncd has found the time.
  static void synchronise(const Child& agent, const FakedClock& clock) {
    clock.set("+0");
    std::ofstream{fmt::format("/proc/{}/root{}", agent.pid(), mark)};
  }
};

TEST_F(ClockThatComesRight, publishes_nothing_of_1970_and_dates_what_it_read_before) {
  const FakedClock clock{FakedClock::in_1970()};
  levers.set(0, ill);
  auto agent = run_apart(clock);
  ASSERT_TRUE(lives_for_a_heartbeat()) << agent.output();
  synchronise(agent, clock);
  ASSERT_TRUE(until_state("PUMP-1/heat", "active", looks_again)) << agent.output();
  const auto now = std::chrono::floor<Duration>(std::chrono::system_clock::now());
  EXPECT_LT(now - ledger.row("PUMP-1/heat")->changed, std::chrono::minutes{5});
  for (const auto& each : subscriber.all()) EXPECT_THAT(each.payload, Not(HasSubstr("\"1970-"))) << each.topic;
  EXPECT_THAT(ledger.breaches(), IsEmpty());
}

TEST_F(ClockThatComesRight, tells_the_truth_about_its_synchronisation) {
  const FakedClock clock{FakedClock::in_1970()};
  auto agent = run_apart(clock);
  const auto status = [](const char* sync) {
    return [sync](const Received& each) {
      return each.payload.find(fmt::format(R"("sync":"{}")", sync)) != std::string::npos;
    };
  };
  ASSERT_TRUE(subscriber.wait_for(status("none"), patience)) << agent.output();
  synchronise(agent, clock);
  EXPECT_TRUE(subscriber.wait_for(status("ntp"), looks_again)) << agent.output();
}

class ClockThatJumps : public SteppedAgent {};

/// Quiet for a day means a day that has passed, not one that was skipped.
TEST_F(ClockThatJumps, does_not_close_an_alert_that_was_cleared_a_moment_ago) {
  const FakedClock clock{"+0"};
  auto agent = run("trust", clock);
  levers.set(0, ill);
  ASSERT_TRUE(until_state("PUMP-1/heat", "active")) << agent.output();
  levers.set(0, well);
  ASSERT_TRUE(until_state("PUMP-1/heat", "cleared")) << agent.output();
  clock.set("+25h");
  levers.set(1, ill);
  ASSERT_TRUE(until_state("PUMP-2/heat", "active")) << agent.output();
  EXPECT_EQ(ledger.row("PUMP-1/heat")->state, "cleared");
}

}  // namespace
}  // namespace fettle::test
