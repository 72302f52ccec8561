#include "delivery/clock_sync.hpp"

#include "support/temp_dir.hpp"

#include <gtest/gtest.h>
#include <chrono>

namespace fettle::delivery {
namespace {

namespace fs = std::filesystem;

class ClockSyncTest : public ::testing::Test {
 protected:
  void write(const fs::path& file, std::chrono::minutes age) {
    folder_.write(file.filename().string(), "x");
    fs::last_write_time(file, fs::file_time_type::clock::now() - age);
  }

  test::TempDir folder_;
  ClockFiles files_{folder_.file("synchronized"), folder_.file("chronyd.pid"), folder_.file("drift")};
};

TEST_F(ClockSyncTest, cannot_be_told_without_a_time_daemon) { EXPECT_EQ(clock_by_files(files_).sync, ClockSync::none); }

TEST_F(ClockSyncTest, is_told_by_timesyncd) {
  write(files_.timesyncd, std::chrono::minutes{500});
  EXPECT_EQ(clock_by_files(files_).sync, ClockSync::ntp);
  EXPECT_EQ(clock_by_files(files_).error_ms, std::nullopt);
}

TEST_F(ClockSyncTest, is_told_by_a_drift_file_that_the_running_chronyd_has_written) {
  write(files_.chrony_running, std::chrono::minutes{60});
  EXPECT_EQ(clock_by_files(files_).sync, ClockSync::none) << "it has not found a source yet";
  write(files_.chrony_drift, std::chrono::minutes{90});
  EXPECT_EQ(clock_by_files(files_).sync, ClockSync::none) << "that was before the restart";
  write(files_.chrony_drift, std::chrono::minutes{10});
  EXPECT_EQ(clock_by_files(files_).sync, ClockSync::ntp);
}

TEST_F(ClockSyncTest, of_a_clock_the_operator_vouches_for_is_manual) {
  EXPECT_EQ(vouched_clock().sync, ClockSync::manual);
}

}  // namespace
}  // namespace fettle::delivery
