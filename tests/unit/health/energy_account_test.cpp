#include "health/energy_account.hpp"

#include <gtest/gtest.h>

namespace fettle::health {
namespace {

using namespace std::chrono_literals;

constexpr Time start{std::chrono::sys_days{std::chrono::year{2026} / 6 / 1}};
constexpr PointId power{3};

EnergySettings filter(std::optional<double> price = std::nullopt) {
  EnergySettings settings;
  settings.id = "AHU-07/filter-clog";
  settings.every = 5min;
  settings.share = [](double baseline, double value) { return 1 - baseline / value; };
  settings.price = price;
  settings.currency = "EUR";
  return settings;
}

/// An indicator that was 100 when healthy, at `value`.
ModeHealth at(Time time, double value, double evidence = 10) {
  ModeHealth health;
  health.time = time;
  health.baseline = 100;
  health.value = value;
  health.index = (value - 100) / 100;
  health.evidence = evidence;
  return health;
}

/// Draws so many kW for a while.
void run(EnergyAccount& account, Time from, Time to, double kilowatts) {
  for (auto now = from + 5min; now <= to; now += 5min) account.draw(good(power, now, kilowatts));
}

/// Running at 4 kW since `start`, with a quarter of it wasted.
struct Wasteful {
  explicit Wasteful(std::optional<double> price = std::nullopt) : account{filter(price)} {
    account.draw(good(power, start, 4));
    account.judge(at(start, 100 / 0.75));
  }
  EnergyAccount account;
};

TEST(EnergyAccount, says_nothing_about_a_machine_at_its_baseline) {
  EnergyAccount account{filter()};
  account.judge(at(start, 101, 0.5));
  run(account, start, start + 48h, 4);
  EXPECT_FALSE(account.waste());
}

TEST(EnergyAccount, adds_up_the_wasted_share_since_the_first_significant_sign) {
  Wasteful machine;
  auto& account = machine.account;
  run(account, start, start + 10h, 4);
  ASSERT_TRUE(account.waste());
  EXPECT_NEAR(account.waste()->kwh, 10, 0.01);
  EXPECT_EQ(account.waste()->since, start);
}

TEST(EnergyAccount, follows_the_indicator_from_update_to_update) {
  Wasteful machine;
  auto& account = machine.account;
  run(account, start, start + 10h, 4);
  account.judge(at(start + 10h, 200));
  run(account, start + 10h, start + 20h, 4);
  EXPECT_NEAR(account.waste()->kwh, 30, 0.01);
}

TEST(EnergyAccount, counts_running_time_only_and_no_gap) {
  Wasteful machine;
  auto& account = machine.account;
  run(account, start, start + 10h, 4);
  for (auto now = start + 10h; now <= start + 20h; now += 5min) account.draw(bad(power, now, Reason::not_running));
  EXPECT_NEAR(account.waste()->kwh, 10, 0.01);
  account.draw(good(power, start + 60h, 4));
  EXPECT_NEAR(account.waste()->kwh, 10.17, 0.01);
}

TEST(EnergyAccount, stays_within_what_is_drawn_and_never_falls) {
  Wasteful machine;
  auto& account = machine.account;
  account.judge(at(start, 1, 10));
  run(account, start, start + 1h, 4);
  EXPECT_FALSE(account.waste());
  account.judge(at(start, 1e12));
  run(account, start + 1h, start + 2h, 4);
  run(account, start + 2h, start + 3h, -4);
  EXPECT_NEAR(account.waste()->kwh, 4, 0.01);
  account.judge(at(start, 0));
  run(account, start + 3h, start + 4h, 4);
  EXPECT_NEAR(account.waste()->kwh, 4, 0.01);
}

TEST(EnergyAccount, is_closed_when_the_indicator_is_back_for_three_updates) {
  Wasteful machine;
  auto& account = machine.account;
  run(account, start, start + 10h, 4);
  for (int update = 1; update <= 3; ++update) {
    EXPECT_TRUE(account.waste()) << update;
    account.judge(at(start + 10h + update * 6h, 100.5, 0.4));
  }
  EXPECT_FALSE(account.waste());
  account.judge(at(start + 40h, 150));
  run(account, start + 40h, start + 42h, 4);
  EXPECT_EQ(account.waste()->since, start + 40h);
}

TEST(EnergyAccount, costs_what_the_last_whole_days_did) {
  Wasteful machine{0.5};
  auto& account = machine.account;
  run(account, start, start + 23h, 4);
  EXPECT_FALSE(account.waste()->cost_per_day);
  run(account, start + 23h, start + 25h, 4);
  ASSERT_TRUE(account.waste()->cost_per_day);
  EXPECT_NEAR(*account.waste()->cost_per_day, 12, 0.1);
  EXPECT_EQ(account.waste()->currency, "EUR");
  account.judge(at(start + 25h, 200));
  run(account, start + 25h, start + 24h * 10, 4);
  EXPECT_NEAR(*account.waste()->cost_per_day, 24, 0.2);
}

TEST(EnergyAccount, costs_nothing_that_can_be_said_without_a_tariff) {
  Wasteful machine;
  auto& account = machine.account;
  run(account, start, start + 48h, 4);
  EXPECT_FALSE(account.waste()->cost_per_day);
  EXPECT_EQ(account.waste()->currency, "");
}

TEST(EnergyAccount, makes_no_waste_of_a_clock_that_jumps) {
  for (const auto jump : {Duration{24h}, Duration{-24h}, Duration{24h * 365}}) {
    Wasteful machine{0.5};
    auto& account = machine.account;
    run(account, start, start + 10h, 4);
    run(account, start + jump + 10h, start + jump + 20h, 4);
    EXPECT_NEAR(account.waste()->kwh, 20, 0.2);
  }
}

TEST(EnergyAccount, goes_on_after_a_restart) {
  Wasteful machine{0.5};
  auto& before = machine.account;
  run(before, start, start + 30h, 4);
  StateWriter writer;
  before.save(writer);
  const auto bytes = writer.take();
  EnergyAccount after{filter(0.5)};
  StateReader reader{bytes};
  ASSERT_TRUE(after.restore(reader));
  run(before, start + 30h, start + 40h, 4);
  run(after, start + 30h, start + 40h, 4);
  EXPECT_NEAR(after.waste()->kwh, before.waste()->kwh, 0.1);
  EXPECT_EQ(after.waste()->cost_per_day, before.waste()->cost_per_day);
}

TEST(EnergyAccount, takes_over_what_was_published_when_a_crash_lost_more) {
  EnergyAccount account{filter()};
  account.recall({12.5, start - 24h, std::nullopt, ""});
  EXPECT_EQ(account.waste()->kwh, 12.5);
  EXPECT_EQ(account.waste()->since, start - 24h);
  account.recall({3, start, std::nullopt, ""});
  EXPECT_EQ(account.waste()->kwh, 12.5);
}

TEST(EnergyAccount, forgets_all_after_a_repair) {
  Wasteful machine;
  auto& account = machine.account;
  run(account, start, start + 10h, 4);
  account.start_anew();
  EXPECT_FALSE(account.waste());
}

}  // namespace
}  // namespace fettle::health
