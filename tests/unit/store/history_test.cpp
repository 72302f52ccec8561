#include "store/history.hpp"

#include "sample_history.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <chrono>

namespace fettle::store {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(History, answers_from_raw_readings_while_they_last) {
  const test::TempDir folder;
  auto history = opened_history(folder);
  for (int second = 0; second < 60; ++second) add(*history, midnight() + second * 1s, second);
  const auto answer = rows_of(*history, midnight() + 10s, midnight() + 20s, 5s);
  EXPECT_EQ(answer.step, 5s);
  EXPECT_THAT(texts_of(answer), ElementsAre("00:00:10 10 12 14", "00:00:15 15 17 19"));
}

TEST(History, gives_minutes_where_the_raw_readings_are_gone) {
  const test::TempDir folder;
  auto history = opened_history(folder, {.raw = 1min});
  for (int second = 0; second < 600; second += 10) add(*history, midnight() + second * 1s, second);
  const auto answer = rows_of(*history, midnight() + 65s, midnight() + 3min, 10s);
  EXPECT_EQ(answer.step, 1min);
  EXPECT_THAT(texts_of(answer), ElementsAre("00:01:00 60 85 110", "00:02:00 120 145 170"));
}

TEST(History, joins_minutes_into_longer_steps_and_leaves_gaps_out) {
  const test::TempDir folder;
  auto history = opened_history(folder);
  for (const int minute : {0, 1, 4, 5, 16, 17}) add(*history, midnight() + minute * 1min, minute);
  const auto answer = rows_of(*history, midnight(), midnight() + 1h, 4min + 1s);
  EXPECT_EQ(answer.step, 5min);
  EXPECT_THAT(texts_of(answer),
              ElementsAre("00:00:00 0 1.6666666666666667 4", "00:05:00 5 5 5", "00:15:00 16 16.5 17"));
}

TEST(History, leaves_out_what_is_no_good_reading) {
  const test::TempDir folder;
  auto history = opened_history(folder);
  history->add(bad(PointId{0}, midnight(), Reason::timeout));
  history->add({PointId{0}, midnight(), 5, Quality::uncertain, Reason::starting});
  add(*history, midnight(), std::numeric_limits<double>::infinity());
  history->add(good(PointId{7}, midnight(), 5));
  EXPECT_THAT(rows_of(*history, midnight() - 1h, midnight() + 1h, 1min).rows, IsEmpty());
}

TEST(History, is_there_again_after_a_restart_with_other_points) {
  const test::TempDir folder;
  {
    auto history = opened_history(folder);
    add(*history, midnight(), 5, 0);
    add(*history, midnight(), 7, 1);
    EXPECT_TRUE(history->flush(midnight() + 30s));
  }
  auto history = std::move(History::open(folder.path().string(), {}, {"AHU-01/p1", "AHU-01/new"}).value());
  EXPECT_THAT(texts_of(rows_of(*history, midnight(), midnight() + 1h, 1min, "AHU-01/p1")),
              ElementsAre("00:00:00 7 7 7"));
  EXPECT_THAT(texts_of(rows_of(*history, midnight(), midnight() + 1h, 1min)), ElementsAre("00:00:00 5 5 5"));
  EXPECT_THAT(rows_of(*history, midnight(), midnight() + 1h, 1min, "AHU-01/new").rows, IsEmpty());
  const auto unknown = history->rows("AHU-01/p9", midnight(), midnight() + 1h, 1min);
  EXPECT_EQ(unknown.error().fault, Fault::unsupported);
}

TEST(History, goes_on_with_the_quarter_of_an_hour_in_which_it_was_stopped) {
  const test::TempDir folder;
  for (const int second : {10, 50, 90}) {
    auto history = opened_history(folder);
    add(*history, midnight() + second * 1s, second);
    EXPECT_TRUE(history->flush(midnight() + second * 1s));
  }
  auto history = opened_history(folder);
  EXPECT_THAT(texts_of(rows_of(*history, midnight(), midnight() + 1h, 1min)),
              ElementsAre("00:00:00 10 30 50", "00:01:00 90 90 90"));
}

TEST(History, writes_a_quarter_of_an_hour_when_it_is_over) {
  const test::TempDir folder;
  {
    auto history = opened_history(folder);
    for (int minute = 0; minute < 20; ++minute) {
      add(*history, midnight() + minute * 1min, minute);
      EXPECT_TRUE(history->tick(midnight() + minute * 1min + 1s));
    }
  }
  auto history = opened_history(folder);
  const auto answer = rows_of(*history, midnight(), midnight() + 1h, 1min);
  EXPECT_EQ(answer.rows.size(), 15U) << "what was not flushed is lost with a crash";
}

TEST(History, takes_late_readings_and_a_clock_that_steps_back) {
  const test::TempDir folder;
  {
    auto history = opened_history(folder);
    for (const auto after : {2h, 1h, 0h, 2h, 1h, 0h}) {
      add(*history, midnight() + after, 5);
      add(*history, midnight() + after + 20s, 7);
      EXPECT_TRUE(history->tick(midnight() + after + 1min));
    }
    EXPECT_THAT(texts_of(rows_of(*history, midnight(), midnight() + 1h, 1min)), ElementsAre("00:00:00 5 6 7"));
    EXPECT_TRUE(history->flush(midnight()));
  }
  auto history = opened_history(folder);
  EXPECT_THAT(texts_of(rows_of(*history, midnight() - 24h, midnight() + 24h, 1min)),
              ElementsAre("00:00:00 5 6 7", "01:00:00 5 6 7", "02:00:00 5 6 7"));
}

TEST(History, keeps_the_latest_quarters_of_an_hour_when_readings_come_from_too_many_at_once) {
  const test::TempDir folder;
  auto history = opened_history(folder, {.raw = 1min}, 10'000);
  for (int quarter = 0; quarter < 12; ++quarter) add(*history, midnight() + quarter * 15min, quarter, 9'999);
  const auto kept = rows_of(*history, midnight(), midnight() + 3h, 15min, "AHU-01/p9999");
  EXPECT_EQ(kept.rows.size(), 5U);
  EXPECT_EQ(kept.rows.back().time, midnight() + 11 * 15min);
}

TEST(History, makes_quarters_of_an_hour_out_of_old_minutes) {
  const test::TempDir folder;
  auto history = opened_history(folder, {.minutes = Days{1}});
  for (int minute = 0; minute < 72 * 60; ++minute) {
    const auto time = midnight() + minute * 1min;
    add(*history, time, minute % 60);
    ASSERT_TRUE(history->tick(time));
  }
  const auto old = rows_of(*history, midnight() + 7min, midnight() + 1h, 1min);
  EXPECT_EQ(old.step, 15min);
  EXPECT_THAT(texts_of(old),
              ElementsAre("00:00:00 0 7 14", "00:15:00 15 22 29", "00:30:00 30 37 44", "00:45:00 45 52 59"));
  EXPECT_EQ(rows_of(*history, midnight() + 60h, midnight() + 61h, 1min).step, 1min);
  EXPECT_EQ(rows_of(*history, midnight(), midnight() + Days{3}, 15min).rows.size(), 288U)
      << "nothing missing, nothing twice";
  EXPECT_EQ(rows_of(*history, midnight() - Days{20'000}, midnight() + Days{90'000}, 24h).rows.size(), 3U);
}

TEST(History, follows_a_clock_that_runs_3600_times_as_fast) {
  const test::TempDir folder;
  auto history = opened_history(folder);
  for (int hour = 0; hour < 24 * 30; ++hour) {
    add(*history, midnight() + hour * 1h, hour);
    ASSERT_TRUE(history->tick(midnight() + hour * 1h));
  }
  EXPECT_EQ(rows_of(*history, midnight(), midnight() + Days{30}, 1h).rows.size(), 720U);
}

TEST(History, begins_anew_when_its_file_is_damaged) {
  const test::TempDir folder;
  folder.write("history.db", std::string(9000, 'x'));
  auto history = opened_history(folder);
  add(*history, midnight(), 5);
  EXPECT_TRUE(history->flush(midnight()));
  EXPECT_EQ(test::read_text(folder.file("history.db.damaged")), std::string(9000, 'x'));
  EXPECT_THAT(texts_of(rows_of(*history, midnight(), midnight() + 1h, 1min)), ElementsAre("00:00:00 5 5 5"));
}

TEST(HistorySettings, are_read_with_their_mistakes) {
  settings::Mistakes mistakes;
  const auto good =
      read_history(settings::load_text("{size: 32MB, raw: 2h, minutes: 7d}", "site.yaml", mistakes), mistakes);
  EXPECT_TRUE(mistakes.empty());
  EXPECT_EQ(good.size, 32'000'000U);
  EXPECT_EQ(good.raw, 2h);
  EXPECT_EQ(good.minutes, Days{7});
  EXPECT_EQ(read_history({}, mistakes).size, 64'000'000U);
  EXPECT_TRUE(mistakes.empty());
  read_history(settings::load_text("size: 1MB\nraw: 1s\nmonths: 3\n", "site.yaml", mistakes), mistakes);
  ASSERT_EQ(mistakes.size(), 3U);
  EXPECT_EQ(settings::to_text(mistakes.all()[0]), "site.yaml:1:7: size: \"1MB\" is too small (at least 4MB)");
  EXPECT_THAT(settings::to_text(mistakes.all()[1]), HasSubstr("site.yaml:2:6: raw: \"1s\" is too short (at least 1m)"));
  EXPECT_THAT(settings::to_text(mistakes.all()[2]), HasSubstr("site.yaml:3:1: unknown key \"months\""));
}

}  // namespace
}  // namespace fettle::store
