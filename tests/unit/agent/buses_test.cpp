#include "buses.hpp"

#include "support/temp_dir.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <chrono>
#include <functional>

namespace fettle {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

constexpr auto patience = 20s;
constexpr auto longest_turn = 5min;

/// A bus whose sensor is not there, which is nothing that a bus gets stuck at.
class BusesTest : public testing::Test {
 protected:
  BusesTest() {
    installation = load_installation(folder.write(
        "site.yaml", fmt::format("gateway: {{id: gw-1}}\nsite: {{id: HQ, tz: Europe/Berlin}}\n"
                                 "store: {{folder: {0}/store}}\nbuses: [{{id: board, driver: sysfs, root: {0}}}]\n"
                                 "devices: [{{id: chip, bus: board, hwmon: cpu, every: 1h, profile: {{protocol: sysfs, "
                                 "points: {{t: {{quantity: temperature, file: temp1_input}}}}}}}}]\n",
                                 folder.path().string())));
  }

  /// Lets home work until it is so; false if that takes too long.
  bool wait(const std::function<bool()>& is_so) {
    const auto end = steady_clock::now() + patience;
    while (!is_so() && steady_clock::now() < end) {
      home.restart();
      home.run_one_until(end);
    }
    return is_so();
  }

  test::TempDir folder;
  Installation installation;
  boost::asio::io_context home;
  Buses buses{home, DomainClock{}, [](const auto&) {}, [](std::size_t, auto) {}};
};

TEST_F(BusesTest, are_not_stuck_without_a_bus) { EXPECT_EQ(buses.stuck(steady_clock::time_point::max()), ""); }

TEST_F(BusesTest, are_stuck_when_one_has_not_been_heard_of_for_minutes) {
  buses.follow(installation);
  const auto begin = steady_clock::now();
  EXPECT_EQ(buses.stuck(begin), "");
  EXPECT_EQ(buses.stuck(begin + longest_turn), "board");
  EXPECT_TRUE(wait([&] { return buses.stuck(begin + longest_turn).empty(); })) << "it is at work";
  EXPECT_EQ(buses.stuck(steady_clock::now() + longest_turn), "board") << "not since then";
}

TEST_F(BusesTest, are_not_stuck_at_a_bus_that_is_gone) {
  buses.follow(installation);
  const auto later = steady_clock::now() + longest_turn;
  EXPECT_EQ(buses.stuck(later), "board");
  installation.devices.clear();
  buses.follow(installation);
  EXPECT_EQ(buses.stuck(later), "");
}

}  // namespace
}  // namespace fettle
