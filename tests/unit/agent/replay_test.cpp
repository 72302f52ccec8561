#include "replay.hpp"
#include "recorded_pumps.hpp"

#include "local_time.hpp"
#include "replay_alerts.hpp"
#include "replay_site.hpp"
#include "replay_summary.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fettle {
namespace {

using namespace std::chrono_literals;
using test::pump_rows;
using test::RecordedPumps;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr Time start{std::chrono::sys_days{std::chrono::year{2026} / 6 / 1}};

/// What became of a replay.
struct Outcomes {
  std::vector<Alert> revisions;
  std::vector<AlertStory> stories;
  ReplaySummary summary;
  std::string failure;
};

Outcomes replayed(const Installation& installation, const ReplaySpan& span = {}) {
  Replay replay{installation};
  AlertBook book;
  Outcomes outcomes;
  const auto run = replay.run(
      span,
      [&](const Alert& alert) {
        book.take(alert);
        outcomes.revisions.push_back(alert);
      },
      [] { return true; });
  if (!run) outcomes.failure = run.error().detail;
  outcomes.stories = book.stories();
  outcomes.summary = summarise(replay, book.stories());
  return outcomes;
}

/// The mistakes of a load that must fail, one a line.
std::string refusal(const RecordedPumps& pumps, const std::vector<std::string>& files) {
  try {
    pumps.load(files);
  } catch (const settings::SettingsError& error) {
    return error.what();
  }
  return "";
}

TEST(Replay, tells_what_the_pipeline_tells_of_the_same_readings) {
  const RecordedPumps pumps;
  const auto installation = pumps.load({pumps.write("a.csv", pump_rows(72, 46))});
  const auto outcomes = replayed(installation);
  Pipeline pipeline{installation};
  std::vector<std::string> expected;
  const auto take = [&expected](const std::vector<Alert>& alerts) {
    for (const auto& each : alerts) expected.push_back(each.id + to_rfc3339(each.changed_at));
  };
  for (Time now = start; now < start + 72h; now += 1min) {
    if (now > start) take(pipeline.tick(now));
    if ((now - start) % 10min == 0min) take(pipeline.accept(good(installation.devices[0].wiring[0].point, now, 46)));
  }
  std::vector<std::string> told;
  for (const auto& each : outcomes.revisions) told.push_back(each.id + to_rfc3339(each.changed_at));
  EXPECT_THAT(told, SizeIs(testing::Ge(3U))) << "raised, and once a day";
  EXPECT_EQ(told, expected);
}

TEST(Replay, converts_units_at_the_door) {
  const RecordedPumps pumps;
  const auto outcomes = replayed(pumps.load({pumps.write("a.csv", pump_rows(24, 46))}));
  ASSERT_THAT(outcomes.stories, SizeIs(1));
  EXPECT_NEAR(outcomes.stories[0].raised.evidence->points[0].value, 46, 1e-9);
  EXPECT_TRUE(outcomes.stories[0].is_dispatch());
}

TEST(Replay, reads_several_files_of_one_history_in_their_order) {
  const RecordedPumps pumps;
  const auto first = pumps.write("a.csv", "time,heat,room\n2026-06-01T00:00Z,70,20\n2026-06-01T00:10Z,70,20\n");
  const auto second = pumps.write("b.csv", "room;heat;time\n20;70;2026-06-01T00:20Z\n");
  const auto summary = replayed(pumps.load({first, second})).summary;
  EXPECT_EQ(summary.rows, 3U);
  EXPECT_EQ(summary.readings, 6U);
  EXPECT_EQ(summary.last, start + 20min);
  EXPECT_THAT(replayed(pumps.load({second, first})).summary.devices[0].left.reasons, HasSubstr("2 out of order"))
      << "the other way round";
}

TEST(Replay, merges_the_rows_of_several_devices_by_their_times) {
  const RecordedPumps pumps{2};
  const auto cool = pumps.write("a.csv", "time,heat,room\n2026-06-01T00:00Z,70,20\n2026-06-03T00:00Z,70,20\n");
  const auto hot = pumps.write("b.csv", pump_rows(24, 46));
  const auto outcomes = replayed(pumps.load({"log_1=" + cool, "log_2=" + hot}));
  ASSERT_THAT(outcomes.stories, SizeIs(1));
  EXPECT_EQ(outcomes.stories[0].raised.asset, "PUMP-2");
  std::vector<Time> times;
  for (const auto& each : outcomes.revisions) times.push_back(each.changed_at);
  EXPECT_TRUE(std::is_sorted(times.begin(), times.end()));
  EXPECT_EQ(outcomes.revisions.back().changed_at.time_since_epoch() / 24h, (start + 24h).time_since_epoch() / 24h)
      << "time passes for the second one while rows of the first come";
}

TEST(Replay, keeps_to_the_span_that_is_asked_for) {
  const RecordedPumps pumps;
  const auto installation = pumps.load({pumps.write("a.csv", pump_rows(72, 46))});
  const auto outcomes = replayed(installation, {start + 24h, start + 36h});
  EXPECT_EQ(outcomes.summary.first, start + 24h);
  EXPECT_EQ(outcomes.summary.last, start + 36h);
  ASSERT_THAT(outcomes.stories, SizeIs(1));
  EXPECT_GT(outcomes.stories[0].raised.raised_at, start + 24h);
}

TEST(Replay, ends_when_it_is_asked_to) {
  const RecordedPumps pumps;
  const auto installation = pumps.load({pumps.write("a.csv", pump_rows(24 * 20, 20))});
  Replay replay{installation};
  int asked = 0;
  ASSERT_TRUE(replay.run(
      {}, [](const Alert&) {}, [&asked] { return ++asked < 2; }));
  EXPECT_EQ(asked, 2);
  EXPECT_GT(replay.rows(), 0U);
  EXPECT_LT(replay.rows(), 24U * 20 * 6);
  EXPECT_GT(replay.share_done(), 0);
  EXPECT_LT(replay.share_done(), 1);
}

TEST(Replay, names_the_rows_and_values_it_cannot_use_and_goes_on) {
  const RecordedPumps pumps;
  const auto file = pumps.write("a.csv",
                                "time,heat,room\nyesterday,70,20\n2026-06-01T00:10Z,warm,20\n2026-06-01T00:00Z,70,20\n"
                                "2026-06-01T00:10Z,70,20\n2026-06-01T00:20Z\n2026-06-01T00:30Z,70,\n");
  const auto summary = replayed(pumps.load({file})).summary;
  EXPECT_EQ(summary.rows, 3U);
  EXPECT_EQ(summary.bad, 4U);
  EXPECT_THAT(summary.notes, Contains(AllOf(HasSubstr("log_1: 3 rows left out (1 without a time, 1 repeated, 1 out of "
                                                      "order)"),
                                            HasSubstr("a.csv:2: \"yesterday\" is not \"iso\""))));
  EXPECT_THAT(summary.notes, Contains(AllOf(HasSubstr("log_1: 1 value without a number"),
                                            HasSubstr("a.csv:3: heat: \"warm\" is no number"))));
}

TEST(Replay, says_when_rows_are_further_apart_than_the_site_file_says) {
  const RecordedPumps pumps;
  const auto file = pumps.write("a.csv", "time,heat,room\n2026-06-01T00:00Z,7,2\n2026-06-01T01:00Z,7,2\n");
  EXPECT_THAT(replayed(pumps.load({file})).summary.notes, Contains(HasSubstr("log_1: its rows are 1h apart")));
  EXPECT_THAT(replayed(pumps.load({pumps.write("b.csv", pump_rows(1, 20))})).summary.notes, IsEmpty());
}

TEST(Replay, fails_when_a_file_is_gone_by_then) {
  const RecordedPumps pumps;
  const auto file = pumps.write("a.csv", pump_rows(1, 20));
  const auto installation = pumps.load({file});
  std::filesystem::remove(file);
  EXPECT_THAT(replayed(installation).failure, HasSubstr("cannot read " + file));
}

TEST(ReplayedFiles, stand_in_the_place_of_those_in_the_site_file) {
  const RecordedPumps pumps;
  EXPECT_THAT(refusal(pumps, {}), HasSubstr("cannot read " + pumps.file("none_1.csv")));
  EXPECT_EQ(refusal(pumps, {pumps.write("a.csv", pump_rows(1, 20))}), "");
  EXPECT_EQ(refusal(pumps, {"log_1=" + pumps.write("odd=name.csv", pump_rows(1, 20))}), "");
  EXPECT_EQ(refusal(pumps, {pumps.file("odd=name.csv")}), "");
}

TEST(ReplayedFiles, are_refused_with_their_place_on_the_command_line) {
  const RecordedPumps one, two{2};
  EXPECT_THAT(refusal(one, {"/nowhere/a.csv"}), HasSubstr("command line:1:1: log_1: cannot read /nowhere/a.csv"));
  EXPECT_THAT(refusal(one, {one.write("a.csv", "")}), HasSubstr("a.csv is empty"));
  EXPECT_THAT(refusal(one, {one.write("a.csv", "time,heat\n")}), HasSubstr("there is no column \"room\" in"));
  EXPECT_THAT(refusal(one, {"log_2=a.csv"}), HasSubstr("no device \"log_2\" has a recorded history"));
  EXPECT_THAT(refusal(two, {"log_1=a.csv", "b.csv"}),
              HasSubstr("command line:1:2: \"b.csv\" may be of any of log_1, log_2; write log_1=b.csv"));
}

TEST(ReplayedFiles, need_a_device_with_a_history) {
  const test::TempDir folder;
  const auto site = folder.write("site.yaml", "gateway: {id: g}\nsite: {id: S, tz: UTC}\nstore: {folder: s}\n");
  try {
    load_for_replay(site, {});
    ADD_FAILURE();
  } catch (const settings::SettingsError& error) {
    EXPECT_THAT(error.what(), HasSubstr("no device has a recorded history"));
  }
}

TEST(LocalTime, is_that_of_the_site) {
  const auto summer = *parse_rfc3339("2026-06-30T22:05:00Z");
  const auto berlin = find_zone("Europe/Berlin");
  EXPECT_EQ(local_text(summer, *berlin), "1 Jul 2026 00:05");
  EXPECT_EQ(local_text(summer, *find_zone("Mars/Base")), "30 Jun 2026 22:05");
  EXPECT_EQ(parse_moment("2026-07-01", *berlin), *parse_rfc3339("2026-06-30T22:00:00Z"));
  EXPECT_EQ(parse_moment("2026-07-01T00:00:00+01:00", *berlin), *parse_rfc3339("2026-06-30T23:00:00Z"));
  EXPECT_EQ(parse_moment("next week", *berlin), std::nullopt);
}

}  // namespace
}  // namespace fettle
