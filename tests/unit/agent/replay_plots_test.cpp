#include "replay_plots.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <cmath>

namespace fettle {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr Time start{std::chrono::sys_days{std::chrono::year{2026} / 6 / 1}};

/// A course with a sample in every period, judged by limits that nobody had to learn.
Course course_of(Duration length, Duration period) {
  Course course;
  for (Duration at{}; at <= length; at += period) course.samples.push_back({start + at, 20, 0});
  course.yardsticks.push_back({start, 0, 30, 40, true});
  return course;
}

void forget(Course& course, Duration from, Duration to) {
  for (auto& each : course.samples) {
    if (each.time >= start + from && each.time < start + to) each.value = std::nanf("");
  }
}

AlertStory story_of(Duration raised, Duration cleared) {
  AlertStory story;
  story.raised.raised_at = story.last.changed_at = start + raised;
  story.last.cleared_at = start + cleared;
  return story;
}

std::string axis(Duration from, Duration to) {
  const auto seconds = [](Duration since) {
    return std::chrono::floor<std::chrono::seconds>((start + since).time_since_epoch()).count();
  };
  return fmt::format(R"("from":{},"to":{},)", seconds(from), seconds(to));
}

std::size_t breaks_in(const std::string& json) {
  const auto begin = json.find("\"values\":");
  const auto values = json.substr(begin, json.find(']', begin) - begin);
  std::size_t count = 0;
  for (auto at = values.find("null"); at != std::string::npos; at = values.find("null", at + 1)) ++count;
  return count;
}

TEST(Plots, share_a_series_only_where_both_ends_of_the_span_are_the_same) {
  const auto course = course_of(24h * 200, 1h);
  Plots plots{"UTC"};
  plots.add(story_of(24h, 26h), course, Quantity::temperature);
  plots.add(story_of(24h * 3, 24h * 4), course, Quantity::temperature);
  plots.add(story_of(24h, 26h), course, Quantity::temperature);
  EXPECT_THAT(plots.json(), AllOf(HasSubstr(R"("plots":[{"series":0,)"), HasSubstr(R"({"series":1,)"),
                                  Not(HasSubstr(R"("series":2,)"))));
}

TEST(Plots, say_what_the_axis_shows_where_readings_end_before_the_alert_does) {
  auto course = course_of(24h * 10, 1h);
  forget(course, 24h * 6, 24h * 11);
  Plots plots{"UTC"};
  plots.add(story_of(24h * 5, 24h * 12), course, Quantity::temperature);
  EXPECT_THAT(plots.json(), HasSubstr(axis(0h, 24h * 12)));
}

TEST(Plots, of_years_reach_to_the_end_of_the_alert) {
  const auto course = course_of(24h * 1000, 24h);
  Plots plots{"UTC"};
  plots.add(story_of(24h * 400, 24h * 700), course, Quantity::temperature);
  plots.add(story_of(24h * 400, 24h * 401), course_of(24h * 1000, 24h), Quantity::temperature);
  EXPECT_THAT(plots.json(), HasSubstr(axis(24h * 100, 24h * 700)));
}

TEST(Plots, of_days_are_broken_where_half_a_day_is_unknown_and_go_on_over_a_lost_period) {
  auto course = course_of(24h * 100, 10min);
  forget(course, 24h * 50, 24h * 50 + 12h);
  forget(course, 24h * 49, 24h * 49 + 10min);
  Plots days{"UTC"};
  days.add(story_of(24h * 50, 24h * 51), course, Quantity::temperature);
  EXPECT_EQ(breaks_in(days.json()), 1U);
}

TEST(Plots, of_months_go_on_over_a_night_and_are_broken_over_a_weekend) {
  auto course = course_of(24h * 100, 1h);
  course.yardsticks.front().absolute = false;
  forget(course, 24h * 50, 24h * 50 + 12h);
  forget(course, 24h * 60, 24h * 62);
  Plots months{"UTC"};
  months.add(story_of(24h * 50, 24h * 51), course, Quantity::temperature);
  EXPECT_EQ(breaks_in(months.json()), 1U);
}

}  // namespace
}  // namespace fettle
