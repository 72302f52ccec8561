#include "core/time.hpp"

#include <gtest/gtest.h>

namespace fettle {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

Time at(int year, unsigned month, unsigned day) {
  return Time{std::chrono::sys_days{std::chrono::year{year} / static_cast<int>(month) / static_cast<int>(day)}};
}

TEST(Rfc3339, is_written_in_utc_and_without_a_fraction_for_whole_seconds) {
  EXPECT_EQ(to_rfc3339(at(2026, 11, 21) + hours{9} + minutes{14} + seconds{58}), "2026-11-21T09:14:58Z");
  EXPECT_EQ(to_rfc3339(at(2026, 11, 21) + milliseconds{120}), "2026-11-21T00:00:00.120Z");
  EXPECT_EQ(to_rfc3339(at(1969, 12, 31) + hours{23}), "1969-12-31T23:00:00Z");
}

TEST(Rfc3339, is_read_with_z_or_an_offset) {
  EXPECT_EQ(parse_rfc3339("2026-11-21T09:14:58Z"), at(2026, 11, 21) + hours{9} + minutes{14} + seconds{58});
  EXPECT_EQ(parse_rfc3339("2026-11-21T10:00:00+01:00"), at(2026, 11, 21) + hours{9});
  EXPECT_EQ(parse_rfc3339("2026-11-21t10:00:00-02:30"), at(2026, 11, 21) + hours{12} + minutes{30});
  EXPECT_EQ(parse_rfc3339("2026-11-21 10:00:00z"), at(2026, 11, 21) + hours{10});
  EXPECT_EQ(parse_rfc3339("2024-02-29T00:00:00Z"), at(2024, 2, 29));
}

TEST(Rfc3339, keeps_milliseconds_and_cuts_off_what_is_finer) {
  EXPECT_EQ(parse_rfc3339("2026-11-21T00:00:00.5Z"), at(2026, 11, 21) + milliseconds{500});
  EXPECT_EQ(parse_rfc3339("2026-11-21T00:00:00.123987Z"), at(2026, 11, 21) + milliseconds{123});
}

TEST(Rfc3339, comes_back_as_it_was_written) {
  for (const auto* text : {"2000-01-01T00:00:00Z", "2026-02-28T23:59:59.999Z", "1970-01-01T00:00:00.001Z"}) {
    EXPECT_EQ(to_rfc3339(parse_rfc3339(text).value()), text);
  }
}

class NotRfc3339 : public testing::TestWithParam<const char*> {};

TEST_P(NotRfc3339, is_refused) { EXPECT_FALSE(parse_rfc3339(GetParam())); }

INSTANTIATE_TEST_SUITE_P(Text, NotRfc3339,
                         testing::Values("", "2026", "2026-11-21", "2026-13-01T00:00:00Z", "2026-02-29T00:00:00Z",
                                         "2026-11-21T24:00:00Z", "2026-11-21T00:60:00Z", "2026-11-21T00:00:61Z",
                                         "2026-11-21T00:00:00", "2026-11-21T00:00:00.Z", "2026-11-21T00:00:00Zx",
                                         "2026-11-21T00:00:00+25:00", "2026-11-21T00:00:00+0100",
                                         "-026-11-21T00:00:00Z", "2026/11/21T00:00:00Z", "2026-11-21X00:00:00Z",
                                         "2026-11-21T00-00:00Z"));

TEST(DurationText, is_read_in_every_unit) {
  EXPECT_EQ(parse_duration("500ms"), milliseconds{500});
  EXPECT_EQ(parse_duration("5s"), seconds{5});
  EXPECT_EQ(parse_duration("15m"), minutes{15});
  EXPECT_EQ(parse_duration("1.5h"), minutes{90});
  EXPECT_EQ(parse_duration("7d"), hours{168});
  EXPECT_EQ(parse_duration("0s"), Duration{0});
}

TEST(DurationText, is_refused_without_a_number_or_a_known_unit) {
  for (const auto* text : {"", "5", "s", "5 s", "5 parsecs", "-5s", "5sx", "nan s", "infs", "1e30d"}) {
    EXPECT_FALSE(parse_duration(text)) << text;
  }
}

TEST(DurationText, is_written_in_the_largest_unit_that_divides_it) {
  EXPECT_EQ(to_text(seconds{90}), "90s");
  EXPECT_EQ(to_text(hours{168}), "7d");
  EXPECT_EQ(to_text(minutes{15}), "15m");
  EXPECT_EQ(to_text(milliseconds{1500}), "1500ms");
  EXPECT_EQ(to_text(Duration{0}), "0s");
}

TEST(Iso8601, is_the_shortest_form) {
  EXPECT_EQ(to_iso8601(hours{72}), "P3D");
  EXPECT_EQ(to_iso8601(hours{1}), "PT1H");
  EXPECT_EQ(to_iso8601(minutes{10}), "PT10M");
  EXPECT_EQ(to_iso8601(seconds{90}), "PT90S");
  EXPECT_EQ(to_iso8601(Duration{0}), "PT0S");
}

TEST(Words, are_what_people_say) {
  EXPECT_EQ(to_words(hours{9 * 24}), "9 days");
  EXPECT_EQ(to_words(hours{31}), "31 hours");
  EXPECT_EQ(to_words(minutes{50}), "50 minutes");
  EXPECT_EQ(to_words(minutes{1}), "1 minute");
}

TEST(Hours, are_a_fraction) { EXPECT_DOUBLE_EQ(to_hours(minutes{90}), 1.5); }

}  // namespace
}  // namespace fettle
