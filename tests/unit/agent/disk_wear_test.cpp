#include "disk_wear.hpp"

#include <gtest/gtest.h>
#include <chrono>

namespace fettle {
namespace {

using namespace std::chrono_literals;

constexpr Time noon{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1} + 12h};

TEST(DiskWear, counts_from_where_the_process_stood_first) {
  DiskWear wear;
  EXPECT_FALSE(wear.sample(noon, 5'000));
  EXPECT_EQ(wear.per_day(), 0U);
  wear.sample(noon + 1min, 5'700);
  wear.sample(noon + 2min, 6'000);
  EXPECT_EQ(wear.per_day(), 1'000U);
  EXPECT_EQ(wear.today(), 1'000U);
}

TEST(DiskWear, forgets_what_is_older_than_24_hours) {
  DiskWear wear;
  wear.sample(noon, 0);
  for (int hour = 1; hour <= 48; ++hour) wear.sample(noon + hour * 1h, static_cast<std::uint64_t>(hour) * 100);
  EXPECT_EQ(wear.per_day(), 2'300U) << "23 whole hours; the present one has just begun";
  wear.sample(noon + 48h + 30min, 4'850);
  EXPECT_EQ(wear.per_day(), 2'350U);
  wear.sample(noon + 96h, 4'850);
  EXPECT_EQ(wear.per_day(), 0U);
}

TEST(DiskWear, begins_the_day_at_midnight) {
  DiskWear wear;
  wear.sample(noon, 0);
  wear.sample(noon + 11h + 59min, 700);
  wear.sample(noon + 12h, 700);
  EXPECT_EQ(wear.today(), 0U);
  wear.sample(noon + 12h + 1min, 800);
  EXPECT_EQ(wear.today(), 100U);
  EXPECT_EQ(wear.per_day(), 800U);
}

TEST(DiskWear, survives_a_restart_through_one_fact_an_hour) {
  DiskWear before;
  before.sample(noon, 0);
  before.sample(noon + 30min, 300);
  const auto first = before.sample(noon + 1h, 400);
  ASSERT_TRUE(first);
  before.sample(noon + 90min, 450);
  const auto second = before.present();
  EXPECT_EQ(first->name, DiskWear::name(12));
  EXPECT_EQ(second.name, DiskWear::name(13));
  DiskWear after;
  after.recall(12, first->value);
  after.recall(13, second.value);
  EXPECT_FALSE(after.sample(noon + 95min, 9'000)) << "another process, another count";
  EXPECT_EQ(after.per_day(), 450U);
  after.sample(noon + 96min, 9'010);
  EXPECT_EQ(after.per_day(), 460U);
}

TEST(DiskWear, believes_no_fact_that_belongs_elsewhere) {
  DiskWear before;
  before.sample(noon, 0);
  before.sample(noon + 1min, 300);
  DiskWear after;
  after.recall(3, before.present().value);
  after.recall(4, 0);
  after.recall(5, -1);
  after.sample(noon + 2min, 0);
  EXPECT_EQ(after.per_day(), 0U);
}

TEST(DiskWear, takes_a_clock_that_is_set_back_or_forth) {
  DiskWear wear;
  wear.sample(noon, 0);
  wear.sample(noon + 1min, 100);
  wear.sample(noon - 24h, 200);
  wear.sample(noon - 24h + 1min, 250);
  EXPECT_EQ(wear.per_day(), 50U);
  wear.sample(noon + 365 * 24h, 300);
  EXPECT_EQ(wear.per_day(), 0U);
  wear.sample(Time{} - 5h, 400);
  wear.sample(Time{} + 1min, 410);
  EXPECT_EQ(wear.per_day(), 10U);
}

}  // namespace
}  // namespace fettle
