#include "store/spool.hpp"

#include "support/temp_dir.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>
#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>

namespace fettle::store {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
namespace fs = std::filesystem;

constexpr std::uint64_t size = 4'000'000;
constexpr std::uint64_t by_time = 1'795'252'498'000'000;

Time moment() { return parse_rfc3339("2026-11-21T09:14:58Z").value(); }

SpooledBatch batch(std::uint64_t seq, std::size_t length = 10) {
  return {seq, "ahu_1_io", fmt::format("{{\"seq\":{}{}}}", seq, std::string(length, ' '))};
}

std::vector<SpooledBatch> batches(std::uint64_t from, std::uint64_t to, std::size_t length = 10) {
  std::vector<SpooledBatch> result;
  for (auto seq = from; seq < to; ++seq) result.push_back(batch(seq, length));
  return result;
}

std::vector<std::uint64_t> numbers(Spool& spool, std::uint64_t after = 0, std::size_t at_most = 1'000'000) {
  std::vector<std::uint64_t> result;
  for (const auto& each : spool.after(after, at_most).value()) result.push_back(each.seq);
  return result;
}

std::uint64_t bytes_in(const test::TempDir& folder) {
  std::uint64_t result = 0;
  for (const auto& entry : fs::directory_iterator{folder.path()}) result += entry.file_size();
  return result;
}

Spool begun(const test::TempDir& folder, std::uint64_t most = size) {
  Spool spool{folder.path().string(), most};
  spool.begin(moment());
  return spool;
}

TEST(Spool, gives_back_in_order_what_it_was_given) {
  const test::TempDir folder;
  auto spool = begun(folder);
  EXPECT_TRUE(spool.keep(batches(1, 6)));
  EXPECT_THAT(numbers(spool), ElementsAre(1, 2, 3, 4, 5));
  EXPECT_THAT(numbers(spool, 2, 2), ElementsAre(3, 4));
  EXPECT_EQ(spool.after(4, 1).value().front().document, batch(5).document);
  EXPECT_EQ(spool.after(4, 1).value().front().device, "ahu_1_io");
  EXPECT_EQ(spool.count(), 5U);
  EXPECT_EQ(spool.last(), 5U);
}

TEST(Spool, forgets_what_the_broker_has) {
  const test::TempDir folder;
  auto spool = begun(folder);
  EXPECT_TRUE(spool.keep(batches(1, 6)));
  EXPECT_TRUE(spool.forget(3));
  EXPECT_THAT(numbers(spool), ElementsAre(4, 5));
  EXPECT_TRUE(spool.forget(3));
  EXPECT_EQ(spool.count(), 2U);
  EXPECT_TRUE(spool.forget(9));
  EXPECT_EQ(spool.count(), 0U);
  EXPECT_EQ(spool.last(), 0U);
  EXPECT_EQ(spool.dropped(), 0U);
}

TEST(Spool, begins_the_numbers_at_the_time_and_goes_on_without_a_gap_after_a_clean_end) {
  const test::TempDir folder;
  {
    Spool spool{folder.path().string(), size};
    const auto beginning = spool.begin(moment());
    EXPECT_EQ(beginning.seq, by_time);
    EXPECT_FALSE(beginning.after_crash);
    EXPECT_TRUE(spool.reserve(by_time + 100'000));
    EXPECT_TRUE(spool.close(by_time + 7));
  }
  const auto beginning = Spool{folder.path().string(), size}.begin(moment() + std::chrono::hours{1});
  EXPECT_EQ(beginning.seq, by_time + 7);
  EXPECT_FALSE(beginning.after_crash);
}

TEST(Spool, never_gives_a_number_twice_after_a_crash) {
  const test::TempDir folder;
  EXPECT_TRUE(begun(folder).reserve(by_time + 100'000));
  const auto clock_went_back = Spool{folder.path().string(), size}.begin(moment() - std::chrono::hours{24});
  EXPECT_EQ(clock_went_back.seq, by_time + 100'000);
  EXPECT_TRUE(clock_went_back.after_crash);
  const auto a_minute_later = Spool{folder.path().string(), size}.begin(moment() + std::chrono::minutes{1});
  EXPECT_EQ(a_minute_later.seq, by_time + 60'000'000);
  EXPECT_TRUE(a_minute_later.after_crash);
}

TEST(Spool, survives_a_death_without_warning) {
  const test::TempDir folder;
  const auto die = [&folder] {
    auto spool = begun(folder);
    const bool kept = spool.reserve(100) && spool.keep(batches(1, 4)) && spool.forget(1) && spool.keep(batches(4, 6));
    raise(kept ? SIGKILL : SIGTERM);
  };
  EXPECT_EXIT(die(), ::testing::KilledBySignal(SIGKILL), "");
  Spool spool{folder.path().string(), size};
  EXPECT_TRUE(spool.begin(moment()).after_crash);
  EXPECT_THAT(numbers(spool), ElementsAre(2, 3, 4, 5));
}

TEST(Spool, never_grows_beyond_its_size_and_drops_the_oldest) {
  const test::TempDir folder;
  auto spool = begun(folder);
  std::uint64_t largest = 0, last = 0;
  while (last * 900 < 3 * size) {
    ASSERT_TRUE(spool.keep(batches(last + 1, last + 101, 900)));
    last += 100;
    largest = std::max(largest, bytes_in(folder));
  }
  EXPECT_LE(largest, size);
  EXPECT_GT(largest, size / 2) << "and it uses what it may";
  EXPECT_EQ(spool.last(), last);
  EXPECT_EQ(spool.dropped() + spool.count(), last);
  const auto kept = numbers(spool);
  ASSERT_EQ(kept.size(), spool.count());
  EXPECT_EQ(kept.front(), spool.dropped() + 1);
  EXPECT_EQ(kept.back(), last);
}

TEST(Spool, keeps_its_size_with_documents_of_any_length) {
  const test::TempDir folder;
  auto spool = begun(folder);
  std::uint64_t largest = 0, last = 0;
  for (const std::size_t length : {1'000U, 40'000U, 200U, 100'000U, 30U, 5'000U}) {
    const auto together = 100'000 / length;
    for (std::size_t written = 0; written < size / 2; written += length * together) {
      ASSERT_TRUE(spool.keep(batches(last + 1, last + 1 + together, length)));
      last += together;
      largest = std::max(largest, bytes_in(folder));
    }
  }
  EXPECT_LE(largest, size);
  EXPECT_EQ(spool.dropped() + spool.count(), last);
}

TEST(Spool, remembers_how_many_it_has_dropped) {
  const test::TempDir folder;
  std::uint64_t dropped = 0;
  {
    auto spool = begun(folder);
    for (std::uint64_t seq = 1; seq < 400; seq += 3) ASSERT_TRUE(spool.keep(batches(seq, seq + 3, 30'000)));
    spool.count_dropped(5);
    ASSERT_TRUE(spool.keep(batches(500, 501)));
    dropped = spool.dropped();
    EXPECT_GT(dropped, 100U);
  }
  EXPECT_EQ(begun(folder).dropped(), dropped);
}

TEST(Spool, shrinks_when_the_settings_give_it_less) {
  const test::TempDir folder;
  {
    auto spool = begun(folder, 3 * size);
    for (std::uint64_t seq = 1; seq < 9'000; seq += 100) ASSERT_TRUE(spool.keep(batches(seq, seq + 100, 900)));
    ASSERT_GT(bytes_in(folder), 2 * size);
  }
  auto spool = begun(folder);
  EXPECT_LE(bytes_in(folder), size);
  EXPECT_EQ(spool.dropped() + spool.count(), 9'000U);
  EXPECT_EQ(numbers(spool).back(), 9'000U);
  EXPECT_TRUE(spool.keep(batches(9'001, 9'041, 900)));
}

TEST(Spool, moves_aside_what_is_no_database) {
  const test::TempDir folder;
  folder.write("telemetry.db", std::string(9'000, 'x'));
  auto spool = begun(folder);
  EXPECT_TRUE(spool.keep(batches(1, 3)));
  EXPECT_EQ(test::read_text(folder.file("telemetry.db.damaged")), std::string(9'000, 'x'));
}

TEST(Spool, begins_anew_when_its_file_is_damaged_while_it_runs) {
  const test::TempDir folder;
  {
    auto spool = begun(folder);
    for (std::uint64_t seq = 1; seq < 1'000; seq += 100) ASSERT_TRUE(spool.keep(batches(seq, seq + 100, 800)));
    ASSERT_TRUE(spool.close(1'001));
  }
  {
    std::fstream stream{folder.file("telemetry.db"), std::ios::in | std::ios::out | std::ios::binary};
    stream.seekp(20'480);
    stream << std::string(700'000, 'x');
  }
  auto spool = begun(folder);
  const auto found = spool.after(0, 10'000);
  EXPECT_FALSE(found && found->size() == 1'000U);
  EXPECT_TRUE(fs::exists(folder.file("telemetry.db.damaged")));
  EXPECT_TRUE(spool.keep(batches(2'000, 2'003)));
  EXPECT_THAT(numbers(spool), ElementsAre(2'000, 2'001, 2'002));
}

/// Writes until no more fits, and checks what is left then.
void fill(const test::TempDir& folder) {
  auto spool = begun(folder);
  const rlimit limit{500'000, 500'000};
  if (std::signal(SIGXFSZ, SIG_IGN) == SIG_ERR || setrlimit(RLIMIT_FSIZE, &limit) != 0) _exit(2);
  for (std::uint64_t seq = 1; seq < 10'000; seq += 10) {
    const auto kept = spool.keep(batches(seq, seq + 10, 900));
    if (kept) continue;
    const bool helpful = kept.error().detail.find("check the disk") != std::string::npos;
    _exit(helpful && spool.count() == seq - 1 && numbers(spool).size() == seq - 1 ? 0 : 3);
  }
  _exit(4);
}

TEST(Spool, keeps_what_it_has_when_the_disk_is_full) {
  const test::TempDir folder;
  EXPECT_EXIT(fill(folder), ::testing::ExitedWithCode(0), "");
  auto spool = begun(folder);
  EXPECT_GT(spool.count(), 100U);
  EXPECT_TRUE(spool.keep(batches(20'000, 20'010)));
}

TEST(Spool, works_as_soon_as_there_is_a_folder) {
  const test::TempDir folder;
  Spool spool{folder.file("later"), size};
  EXPECT_EQ(spool.begin(moment()).seq, by_time);
  const auto refused = spool.keep(batches(1, 2));
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().detail, HasSubstr("telemetry.db"));
  fs::create_directory(folder.file("later"));
  EXPECT_TRUE(spool.keep(batches(1, 2)));
  EXPECT_EQ(spool.count(), 1U);
}

}  // namespace
}  // namespace fettle::store
