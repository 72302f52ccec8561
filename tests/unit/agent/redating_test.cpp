#include "redating.hpp"
#include "core/earliest.hpp"

#include <gmock/gmock.h>
#include <array>

namespace fettle {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr Time noon{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1} + 12h};
constexpr Time epoch{};
constexpr SteadyMoment boot{};

std::vector<double> values(const std::vector<Reading>& readings) {
  std::vector<double> result;
  for (const auto& reading : readings) result.push_back(reading.value);
  return result;
}

std::vector<Time> times(const std::vector<Reading>& readings) {
  std::vector<Time> result;
  for (const auto& reading : readings) result.push_back(reading.time);
  return result;
}

TEST(Redating, dates_what_was_read_in_1970_by_how_long_ago_it_was) {
  Redating redating{{}, true};
  EXPECT_FALSE(redating.is_settled(epoch + 5s, boot + 5s, false));
  redating.hold(std::array{good({1}, epoch + 5s, 10), good({2}, epoch + 5s, 20)}, boot + 5s);
  redating.hold(std::array{good({1}, epoch + 15s, 11)}, boot + 15s);
  redating.hold(std::array{good({1}, noon, 12)}, boot + 25s);  // the clock was set, and nobody has noticed yet
  ASSERT_TRUE(redating.is_settled(noon + 10s, boot + 35s, true));
  const auto released = redating.release(noon + 10s, boot + 35s);
  EXPECT_THAT(values(released), ElementsAre(10, 20, 11, 12));
  EXPECT_THAT(times(released), ElementsAre(noon - 20s, noon - 20s, noon - 10s, noon));
  EXPECT_EQ(redating.held(), 0U);
  EXPECT_THAT(redating.release(noon + 11s, boot + 36s), IsEmpty());
}

TEST(Redating, waits_for_a_possible_time_as_long_as_it_takes) {
  Redating redating{noon, false};
  EXPECT_FALSE(redating.is_settled(epoch, boot, false));
  EXPECT_FALSE(redating.is_settled(epoch + 48h, boot + 48h, false));
  EXPECT_FALSE(redating.is_settled(noon - 1s, boot + 49h, false)) << "the journal knows that this is over";
  EXPECT_TRUE(redating.is_settled(noon, boot + 49h, false));
}

TEST(Redating, waits_with_a_new_journal_for_ten_minutes_where_the_time_is_possible) {
  Redating redating{{}, true};
  EXPECT_FALSE(redating.is_settled(noon, boot + 1min, false));
  EXPECT_FALSE(redating.is_settled(noon + 9min, boot + 10min, false));
  EXPECT_TRUE(redating.is_settled(noon + 10min, boot + 11min, false));
}

TEST(Redating, believes_a_clock_that_goes_on_from_the_journal_s_past_at_once) {
  Redating redating{noon, false};
  EXPECT_TRUE(redating.is_settled(noon + 1s, boot, false));
}

TEST(Redating, believes_a_synchronised_clock_even_against_the_journal) {
  Redating redating{noon + 24h, false};
  EXPECT_TRUE(redating.is_settled(noon, boot, true));
}

TEST(Redating, stays_settled_when_the_clock_is_set_back_later) {
  Redating redating{noon, false};
  EXPECT_TRUE(redating.is_settled(noon, boot, true));
  EXPECT_TRUE(redating.is_settled(epoch, boot + 1h, false));
}

TEST(Redating, drops_the_oldest_where_there_is_no_room_and_counts_it) {
  Redating redating{{}, true, 3};
  for (int second = 0; second < 5; ++second) redating.hold(std::array{good({1}, epoch, second)}, boot + second * 1s);
  EXPECT_EQ(redating.held(), 3U);
  EXPECT_EQ(redating.dropped(), 2U);
  EXPECT_THAT(values(redating.release(noon, boot + 5s)), ElementsAre(2, 3, 4));
}

TEST(ClockStep, tells_how_far_the_clock_was_set) {
  ClockStep step;
  EXPECT_EQ(step.look(epoch + 10s, boot + 10s), 0s) << "nothing to compare with";
  EXPECT_EQ(step.look(epoch + 70s, boot + 70s), 0s);
  EXPECT_EQ(step.look(noon, boot + 130s), noon - epoch - 130s);
  EXPECT_EQ(step.look(noon + 60s, boot + 190s), 0s);
  EXPECT_EQ(step.look(noon + 120s - 24h, boot + 250s), -24h);
}

TEST(ClockStep, takes_a_clock_that_is_steered_for_one_that_is_not_set) {
  ClockStep step;
  EXPECT_EQ(step.look(noon, boot), 0s);
  for (int minute = 1; minute <= 10; ++minute) EXPECT_EQ(step.look(noon + minute * 90s, boot + minute * 60s), 0s);
}

TEST(Redate, moves_what_the_agent_dated_and_leaves_what_people_wrote) {
  Alert alert;
  alert.raised_at = alert.changed_at = epoch + 1h;
  alert.dispatch_by = epoch + 24h;
  alert.evidence = Evidence{epoch, epoch + 1h, {}, {}};
  alert.ack = Acknowledgement{"dispatch", noon, "", {}};
  alert.log = {{1, epoch + 1h, AlertEvent::raised, "", ""}, {2, noon, AlertEvent::acked, "dispatch", ""}};
  redate(alert, noon - epoch);
  EXPECT_EQ(alert.raised_at, noon + 1h);
  EXPECT_EQ(alert.changed_at, noon + 1h);
  EXPECT_EQ(alert.dispatch_by, noon + 24h);
  EXPECT_EQ(alert.evidence->from, noon);
  EXPECT_EQ(alert.ack->at, noon);
  EXPECT_EQ(alert.log[0].at, noon + 1h);
  EXPECT_EQ(alert.log[1].at, noon);
  EXPECT_FALSE(alert.closed_at);
}

}  // namespace
}  // namespace fettle
