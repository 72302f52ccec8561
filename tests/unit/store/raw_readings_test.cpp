#include "store/history_recent.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <string>
#include <vector>

namespace fettle::store {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

Time second(int number) { return Time{std::chrono::sys_days{std::chrono::year{2026} / 11 / 21}} + number * 1s; }

/// "3 7.5": the second, and the value.
std::vector<std::string> of(const RawReadings& readings, std::uint32_t point, int from = 0, int to = 1'000'000) {
  std::vector<std::string> result;
  readings.each(PointId{point}, second(from), second(to), [&result](Time time, double value) {
    result.push_back(fmt::format("{} {}", (time - second(0)) / 1s, value));
  });
  return result;
}

TEST(RawReadings, keep_apart_what_points_read_at_the_same_moment) {
  RawReadings readings{1h};
  for (int number = 0; number < 3; ++number) {
    for (const std::uint32_t point : {9U, 2U, 5U}) readings.add(good(PointId{point}, second(number), point + 0.5));
  }
  EXPECT_THAT(of(readings, 2), ElementsAre("0 2.5", "1 2.5", "2 2.5"));
  EXPECT_THAT(of(readings, 9, 1, 2), ElementsAre("1 9.5"));
  EXPECT_THAT(of(readings, 3), IsEmpty());
}

TEST(RawReadings, keep_apart_points_beyond_sixty_five_thousand) {
  RawReadings readings{1h};
  for (const std::uint32_t point : {7U, 65'536U + 7U, 7U}) readings.add(good(PointId{point}, second(0), point));
  EXPECT_THAT(of(readings, 7), ElementsAre("0 7", "0 7"));
  EXPECT_THAT(of(readings, 65'536 + 7), ElementsAre("0 65543"));
}

TEST(RawReadings, find_a_point_in_any_stretch_of_consecutive_ones) {
  RawReadings readings{1h};
  for (const std::uint32_t point : {3U, 4U, 6U, 7U, 8U, 2U}) readings.add(good(PointId{point}, second(0), point));
  for (const std::uint32_t point : {9U, 10U}) readings.add(good(PointId{point}, second(1), point));
  for (const std::uint32_t point : {2U, 3U, 4U, 6U, 7U, 8U}) {
    EXPECT_THAT(of(readings, point), ElementsAre(fmt::format("0 {}", point)));
  }
  EXPECT_THAT(of(readings, 9), ElementsAre("1 9")) << "the stretch before ended at 8, but a second earlier";
  EXPECT_THAT(of(readings, 5), IsEmpty());
  EXPECT_THAT(of(readings, 1), IsEmpty());
}

TEST(RawReadings, forget_what_is_older_than_their_window_one_by_one) {
  RawReadings readings{10s};
  for (int number = 0; number < 100; ++number) {
    for (std::uint32_t point = 0; point < 3; ++point) readings.add(good(PointId{point}, second(number), number));
  }
  EXPECT_EQ(of(readings, 2).front(), "89 89");
  EXPECT_EQ(readings.size(), 33U);
  EXPECT_EQ(readings.since(), second(88) + 1ms);
}

TEST(RawReadings, hold_so_many_and_no_more) {
  RawReadings together{24h};
  for (int number = 0; number < 4'000; ++number) {
    for (std::uint32_t point = 0; point < 100; ++point) together.add(good(PointId{point}, second(number), number));
  }
  EXPECT_EQ(together.size(), 100'000U);
  EXPECT_EQ(of(together, 99).front(), "3000 3000");
  RawReadings one_by_one{1'000h};
  for (int number = 0; number < 200'000; ++number) one_by_one.add(good(PointId{0}, second(number), 0));
  EXPECT_EQ(one_by_one.size(), 50'000U);
  EXPECT_EQ(one_by_one.since(), second(149'999) + 1ms);
}

}  // namespace
}  // namespace fettle::store
