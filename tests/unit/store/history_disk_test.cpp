#include "sample_history.hpp"
#include "store/history.hpp"
#include "support/faulty_vfs.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <chrono>
#include <cmath>
#include <filesystem>

namespace fettle::store {
namespace {

using namespace std::chrono_literals;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::Le;
namespace fs = std::filesystem;

std::uint64_t size_on_disk(const test::TempDir& folder) {
  std::uint64_t result = 0;
  for (const auto& entry : fs::directory_iterator{folder.path()}) result += entry.file_size();
  return result;
}

/// Days of readings, one a minute and point, which the file cannot tell from faster ones.
void run_days(History& history, std::uint32_t points, int from, int days) {
  for (int minute = from * 24 * 60; minute < (from + days) * 24 * 60; ++minute) {
    const auto time = midnight() + minute * 1min;
    for (std::uint32_t point = 0; point < points; ++point) add(history, time, std::sin(minute) + point, point);
    ASSERT_TRUE(history.tick(time));
  }
}

TEST(HistoryOnDisk, is_never_larger_than_its_size_and_forgets_the_oldest_first) {
  const test::TempDir folder;
  auto history = opened_history(folder, {.size = 6'000'000, .minutes = Days{4}}, 40);
  std::vector<std::uint64_t> sizes;
  for (int day = 0; day < 30; ++day) {
    run_days(*history, 40, day, 1);
    sizes.push_back(size_on_disk(folder));
  }
  EXPECT_THAT(sizes, Each(Le(6'000'000U)));
  EXPECT_GT(sizes.back(), 3'000'000U) << "the room is used";
  const auto all = rows_of(*history, midnight(), midnight() + Days{30}, 24h);
  EXPECT_LT(all.rows.size(), 30U);
  EXPECT_GT(all.rows.size(), 6U);
  EXPECT_EQ(all.rows.back().time, midnight() + Days{29});
}

TEST(HistoryOnDisk, writes_less_than_ten_megabytes_a_day_for_a_hundred_points) {
  const test::TempDir folder;
  test::FaultyVfs disk;
  auto history = opened_history(folder, {.minutes = Days{2}}, 100);
  run_days(*history, 100, 0, 4);
  const auto before = disk.bytes_written();
  const auto syncs = disk.syncs();
  run_days(*history, 100, 4, 2);
  const auto a_day = (disk.bytes_written() - before) / 2;
  fmt::print("100 points: {:.2f} MB a day with the roll-up of a day of minutes, {} syncs, {:.1f} MB on disk\n",
             static_cast<double>(a_day) / 1e6, (disk.syncs() - syncs) / 2,
             static_cast<double>(size_on_disk(folder)) / 1e6);
  EXPECT_LT(a_day, 10'000'000U);
  EXPECT_GT(a_day, 1'000'000U) << "nothing was written at all";
}

TEST(HistoryOnDisk, goes_on_in_memory_while_the_disk_is_full_and_says_so_once) {
  const test::TempDir folder;
  test::FaultyVfs disk;
  auto history = opened_history(folder);
  run_days(*history, 2, 0, 1);
  disk.leave_room(0);
  int errors = 0;
  for (int minute = 24 * 60; minute < 48 * 60; ++minute) {
    add(*history, midnight() + minute * 1min, minute);
    const auto ticked = history->tick(midnight() + minute * 1min);
    if (ticked) continue;
    ++errors;
    EXPECT_THAT(ticked.error().detail, HasSubstr("the disk is full"));
  }
  EXPECT_EQ(errors, 1);
  EXPECT_TRUE(history->is_in_trouble());
  EXPECT_EQ(rows_of(*history, midnight(), midnight() + Days{2}, 1min).rows.size(), 48U * 60);
  disk.leave_room({});
  EXPECT_TRUE(history->tick(midnight() + Days{2}));
  EXPECT_FALSE(history->is_in_trouble());
  EXPECT_TRUE(history->flush(midnight() + Days{2}));
  history.reset();
  EXPECT_EQ(rows_of(*opened_history(folder), midnight(), midnight() + Days{2}, 1min).rows.size(), 48U * 60);
}

TEST(HistoryOnDisk, keeps_within_bounds_in_memory_when_the_disk_stays_away) {
  const test::TempDir folder;
  test::FaultyVfs disk;
  disk.make_read_only(true);
  auto history = opened_history(folder, {}, 100);
  EXPECT_TRUE(history->is_in_trouble());
  for (int quarter = 0; quarter < 300; ++quarter) {
    for (std::uint32_t point = 0; point < 100; ++point) add(*history, midnight() + quarter * 15min, quarter, point);
    EXPECT_TRUE(history->tick(midnight() + quarter * 15min));
  }
  const auto kept = rows_of(*history, midnight(), midnight() + Days{9}, 15min);
  EXPECT_GT(kept.rows.size(), 90U) << "the latest 10,000 blocks";
  EXPECT_LT(kept.rows.size(), 110U);
  EXPECT_EQ(kept.rows.back().time, midnight() + 299 * 15min);
  disk.make_read_only(false);
  EXPECT_TRUE(history->tick(midnight() + Days{4}));
  EXPECT_FALSE(history->is_in_trouble());
}

TEST(HistoryOnDisk, opens_after_any_power_cut_without_half_a_row) {
  int cut = 0;
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    const test::TempDir folder;
    test::FaultyVfs disk;
    std::mt19937_64 random{seed};
    {
      auto history = opened_history(folder, {.minutes = Days{1}}, 20);
      disk.cut_power_at(1 + random() % 3000);
      for (int minute = 0; minute < 4 * 24 * 60 && !disk.is_off(); ++minute) {
        for (std::uint32_t point = 0; point < 20; ++point) add(*history, midnight() + minute * 1min, 1, point);
        static_cast<void>(history->tick(midnight() + minute * 1min));
      }
      cut += static_cast<int>(disk.is_off());
    }
    disk.restore_power(random);
    auto history = opened_history(folder, {}, 20);
    for (const auto& row : rows_of(*history, midnight(), midnight() + Days{5}, 1min).rows) {
      ASSERT_EQ(row.mean, 1) << "seed " << seed;
    }
    EXPECT_FALSE(fs::exists(folder.file("history.db.damaged"))) << "seed " << seed;
  }
  EXPECT_GT(cut, 25);
}

}  // namespace
}  // namespace fettle::store
