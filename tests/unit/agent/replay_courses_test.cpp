#include "replay_courses.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <algorithm>
#include <cmath>

namespace fettle {
namespace {

using namespace std::chrono_literals;
using testing::SizeIs;

constexpr Time start{std::chrono::sys_days{std::chrono::year{2026} / 6 / 1}};

std::vector<Sample> course(std::size_t length) {
  std::vector<Sample> samples;
  for (std::size_t hour = 0; hour < length; ++hour)
    samples.push_back({start + hour * 1h, static_cast<float>(std::sin(static_cast<double>(hour))), 0.5F});
  return samples;
}

TEST(Thinning, leaves_a_short_course_alone) { EXPECT_THAT(thinned(course(100), 100), SizeIs(100)); }

TEST(Thinning, keeps_every_peak_and_the_order_of_time) {
  auto samples = course(9'000);
  samples[4'321].value = 50;
  samples[4'322].value = -50;
  samples[7'777].evidence = 16;
  const auto thin = thinned(samples, 1'000);
  EXPECT_THAT(thin, SizeIs(testing::AllOf(testing::Le(1'000U), testing::Gt(900U))));
  const auto has = [&thin](auto test) { return std::any_of(thin.begin(), thin.end(), test); };
  EXPECT_TRUE(has([](const Sample& each) { return each.value == 50; }));
  EXPECT_TRUE(has([](const Sample& each) { return each.value == -50; }));
  EXPECT_TRUE(has([](const Sample& each) { return each.evidence == 16; }));
  EXPECT_TRUE(std::is_sorted(thin.begin(), thin.end(),
                             [](const Sample& left, const Sample& right) { return left.time < right.time; }));
}

TEST(Thinning, keeps_a_gap_a_gap) {
  auto samples = course(4'000);
  for (std::size_t hour = 1'000; hour < 2'000; ++hour) samples[hour].value = std::nanf("");
  const auto thin = thinned(samples, 400);
  const auto unknown =
      std::count_if(thin.begin(), thin.end(), [](const Sample& each) { return std::isnan(each.value); });
  EXPECT_NEAR(static_cast<double>(unknown), 50, 2);
}

TEST(CourseBook, counts_why_nothing_was_said) {
  CourseBook book;
  const Finding finding;
  const auto see = [&book](const Reading& period, const Finding* found) {
    book.take({3, "vibration", period, Quantity::velocity, found});
  };
  see(good({}, start, 2), nullptr);
  see(good({}, start + 1h, 2), &finding);
  see(bad({}, start + 2h, Reason::not_running), nullptr);
  see(bad({}, start + 3h, Reason::not_running), nullptr);
  const auto silences = book.silences(3);
  EXPECT_EQ(silences.judged, 1U);
  EXPECT_THAT(silences.silent, testing::UnorderedElementsAre(testing::Pair(Reason::not_learned, 1),
                                                             testing::Pair(Reason::not_running, 2)));
  EXPECT_TRUE(book.silences(4).silent.empty());
}

TEST(CourseBook, keeps_what_was_seen_while_learning_and_each_yardstick_once) {
  CourseBook book;
  const auto judge = [&book](int hour, double value, const ModeHealth* health) {
    const auto period = good({}, start + hour * 1h, value);
    book.take({3, "vibration", period, Quantity::velocity, nullptr, health});
  };
  judge(0, 2, nullptr);
  judge(1, 4, nullptr);
  ModeHealth health;
  health.time = start + 2h;
  health.baseline = 3;
  health.warn = 5;
  health.limit = 7;
  judge(2, 6, &health);
  judge(3, 6, &health);
  const auto* course = book.find(3, "vibration");
  ASSERT_NE(course, nullptr);
  EXPECT_EQ(course->lowest, 2);
  EXPECT_EQ(course->highest, 4);
  EXPECT_EQ(course->learned_until, start + 1h);
  EXPECT_THAT(course->samples, SizeIs(4));
  ASSERT_THAT(course->yardsticks, SizeIs(1));
  EXPECT_EQ(course->yardsticks[0].limit, 7);
  EXPECT_EQ(book.find(2, "vibration"), nullptr);
}

TEST(CourseBook, names_first_what_was_strangest_of_what_a_watch_saw) {
  CourseBook book;
  const auto show = [&book](std::string_view name, int hour, double strangeness) {
    const auto reading = good({}, start + hour * 1h, 20);
    const Finding finding{{}, reading.time, {}, strangeness, 20, 0};
    book.take({1, name, reading, Quantity::temperature, strangeness < 0 ? nullptr : &finding});
  };
  for (const auto* const name : {"flow", "power"}) show(name, 0, -1);
  show("flow", 40, 1);
  show("power", 40, 4);
  show("flow", 2, 9);  // longer ago than a day
  const auto strangest = book.strangest(1, start + 41h, 2);
  ASSERT_THAT(strangest, SizeIs(2));
  EXPECT_EQ(strangest.front().first, "power");
  EXPECT_EQ(strangest.front().second->quantity, Quantity::temperature);
  EXPECT_EQ(strangest.front().second->learned_until, start);
  EXPECT_THAT(book.strangest(1, start + 41h, 1), SizeIs(1));
  EXPECT_THAT(book.strangest(2, start + 41h, 2), SizeIs(0));
}

TEST(CourseBook, names_nothing_that_never_had_a_value) {
  CourseBook book;
  book.take({1, "flow", bad({}, start, Reason::timeout), Quantity::temperature});
  EXPECT_THAT(book.strangest(1, start + 1h, 2), SizeIs(0));
}

Course kept(const std::vector<Sample>& samples) {
  Course result;
  for (const auto& each : samples) result.keep(each.time, each.value, each.evidence);
  return result;
}

TEST(Course, calls_rare_what_was_not_as_strong_in_more_than_one_of_a_hundred_periods) {
  auto samples = course(1'000);
  samples[50].evidence = std::nanf("");
  samples[100].evidence = 7;
  samples[500].evidence = 6;
  const auto seen = kept(samples);
  EXPECT_EQ(seen.rare_evidence(start + 500h), 6);
  EXPECT_EQ(seen.rare_evidence(start + 501h), std::nullopt);
  EXPECT_EQ(seen.rare_evidence(start + 50h), std::nullopt);
}

TEST(Course, takes_no_more_memory_for_years_and_keeps_what_a_person_would_look_for) {
  constexpr std::size_t years = 500'000;
  auto samples = course(years);
  samples[7].value = 50;
  samples[123'456].value = -50;
  samples[300'000].evidence = 7;
  samples[years - 2].value = 60;
  for (std::size_t each = 200'000; each < 250'000; ++each) samples[each].value = std::nanf("");
  const auto seen = kept(samples);
  EXPECT_LE(seen.samples.capacity(), Course::most);
  EXPECT_GE(seen.samples.size(), Course::most / 3);
  EXPECT_TRUE(std::ranges::is_sorted(seen.samples, {}, &Sample::time));
  for (const auto& [place, value] : {std::pair{7, 50}, {123'456, -50}, {static_cast<int>(years) - 2, 60}}) {
    const auto found = std::ranges::find(seen.samples, start + place * 1h, &Sample::time);
    ASSERT_NE(found, seen.samples.end()) << place;
    EXPECT_EQ(found->value, static_cast<float>(value));
  }
  const auto between = [](const Sample& each) {
    return each.time > start + 200'100h && each.time < start + 249'900h && !std::isnan(each.value);
  };
  EXPECT_TRUE(std::ranges::none_of(seen.samples, between)) << "a gap stays one";
  EXPECT_EQ(seen.rare_evidence(start + 300'000h), 7) << "a stretch has its strongest evidence";
  EXPECT_EQ(seen.rare_evidence(start + 301'000h), std::nullopt);
}

TEST(Course, is_as_fine_in_its_old_days_as_in_its_new_ones_whatever_happened_then) {
  constexpr std::size_t years = 100'000;
  auto samples = course(years);
  for (std::size_t each = 0; each < years / 2; ++each) samples[each].value = 20;
  const auto seen = kept(samples);
  const auto early = std::ranges::count_if(
      seen.samples, [](const Sample& each) { return each.time < start + static_cast<int>(years / 2) * 1h; });
  EXPECT_NEAR(static_cast<double>(early) / static_cast<double>(seen.samples.size()), 0.5, 0.01);
}

}  // namespace
}  // namespace fettle
