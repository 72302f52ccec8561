#include "mbus/scan.hpp"

#include "mbus_wire.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <random>
#include <set>

namespace fettle::mbus {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class ScanTest : public testing::Test {
 protected:
  ScanOutcome primary(const PrimaryRange& range = {}) { return scan_primary(master, range, watch); }
  ScanOutcome secondary(std::string_view within = "FFFFFFFF") {
    return scan_secondary(master, *parse_secondary(within), watch);
  }

  /// Meters of these numbers, which tell their number as their volume.
  void populate(const std::vector<unsigned>& numbers) {
    wire.line.meters.clear();
    for (const auto number : numbers) {
      test::SimulatedMeter meter;
      meter.secondary = fmt::format("{:08}2D2C0107", number);
      meter.telegrams = {
          fmt::format("04 13 {:02X} {:02X} {:02X} 00", number & 0xFFU, number >> 8U & 0xFFU, number >> 16U & 0xFFU)};
      wire.line.meters.push_back(meter);
    }
  }

  static std::set<std::string> numbers(const ScanOutcome& outcome) {
    std::set<std::string> result;
    for (const auto& meter : outcome.meters) result.insert(to_text(*meter.secondary).substr(0, 8));
    return result;
  }

  MeterWire wire;
  Master master{wire, LinkTiming::of(2400, 100ms), 2};
  ScanWatch watch;
};

TEST_F(ScanTest, finds_every_primary_address_and_shows_what_is_there) {
  wire.line.meters = test::three_meters();
  const auto outcome = primary();
  ASSERT_THAT(outcome.meters, SizeIs(3));
  EXPECT_EQ(outcome.asked, 251U);
  const auto& heat = outcome.meters[0];
  EXPECT_EQ(*heat.address, 1);
  EXPECT_EQ(to_text(*heat.secondary), "12345678 KAM 1B 04");
  EXPECT_EQ(medium_name(heat.secondary->medium), "heat");
  ASSERT_GE(heat.records.size(), 9U);
  EXPECT_EQ(heat.records[1].selector, "energy");
  EXPECT_EQ(heat.records[1].record.value.number, 12345000);
  EXPECT_EQ(heat.records[8].selector, "energy.s1");
  EXPECT_FALSE(heat.more_follow);
  EXPECT_TRUE(outcome.meters[1].more_follow);
  EXPECT_THAT(outcome.collisions, IsEmpty());
  EXPECT_THAT(outcome.hints, IsEmpty());
}

TEST_F(ScanTest, takes_about_a_minute_for_all_primary_addresses) {
  wire.line.meters = test::three_meters();
  const auto begin = wire.now();
  primary();
  EXPECT_LT(wire.now() - begin, 80s);
}

TEST_F(ScanTest, tells_two_meters_at_one_address_from_one) {
  wire.line.meters = test::three_meters();
  wire.line.meters[1].address = 1;
  const auto outcome = primary({0, 10});
  ASSERT_THAT(outcome.meters, SizeIs(1));
  EXPECT_EQ(*outcome.meters[0].address, 3);
  ASSERT_THAT(outcome.collisions, SizeIs(1));
  EXPECT_EQ(outcome.collisions[0].at, "address 1");
}

TEST_F(ScanTest, takes_one_disturbed_answer_for_no_collision) {
  wire.line.meters = test::three_meters();
  wire.line.meters[0].garbled = 1;
  const auto outcome = primary({0, 10});
  EXPECT_THAT(outcome.meters, SizeIs(3));
  EXPECT_THAT(outcome.collisions, IsEmpty());
}

TEST_F(ScanTest, says_that_it_is_the_line_when_even_nobody_answers) {
  wire.line.everything_is_garbled = true;
  const auto outcome = primary();
  EXPECT_THAT(outcome.meters, IsEmpty());
  EXPECT_THAT(outcome.hints, ElementsAre(HasSubstr("this is the line, not the meters")));
  EXPECT_EQ(outcome.asked, 1U);
  EXPECT_THAT(secondary().hints, ElementsAre(HasSubstr("this is the line, not the meters")));
}

TEST_F(ScanTest, shows_a_meter_that_confirms_but_tells_nothing) {
  wire.line.meters = test::three_meters();
  wire.line.meters.resize(1);
  wire.line.meters[0].telegrams.clear();
  const auto outcome = primary({0, 3});
  ASSERT_THAT(outcome.meters, SizeIs(1));
  EXPECT_EQ(outcome.meters[0].trouble, "no answer within 287ms");
  EXPECT_FALSE(outcome.meters[0].secondary.has_value());
}

TEST_F(ScanTest, can_be_ended_at_any_question) {
  wire.line.meters = test::three_meters();
  std::size_t calls = 0;
  watch = [&calls](const ScanProgress& progress) {
    EXPECT_EQ(progress.expected, 251U);
    return ++calls < 4;
  };
  const auto outcome = primary();
  EXPECT_TRUE(outcome.was_cancelled);
  EXPECT_EQ(outcome.asked, 2U);
  EXPECT_THAT(outcome.meters, SizeIs(1));
}

TEST_F(ScanTest, reports_each_find_when_it_happens) {
  populate({12345678, 12345679});
  std::vector<std::string> found;
  watch = [&found](const ScanProgress& progress) {
    if (progress.found != nullptr) found.push_back(to_text(*progress.found->secondary));
    return true;
  };
  secondary();
  EXPECT_THAT(found, ElementsAre("12345678 KAM 01 07", "12345679 KAM 01 07"));
}

TEST_F(ScanTest, ends_with_the_wire) {
  wire.cancel();
  EXPECT_EQ(primary().failure->fault, Fault::offline);
  EXPECT_EQ(secondary().failure->fault, Fault::offline);
}

TEST_F(ScanTest, needs_few_selections_when_nobody_or_one_meter_is_there) {
  populate({});
  EXPECT_EQ(secondary().asked, 1U);
  populate({4711});
  const auto outcome = secondary();
  EXPECT_LE(outcome.asked, 12U);
  EXPECT_THAT(numbers(outcome), ElementsAre("00004711"));
}

TEST_F(ScanTest, finds_a_delivery_of_consecutive_numbers_from_the_last_digit_on) {
  std::vector<unsigned> delivery;
  for (unsigned number = 0; number < 60; ++number) delivery.push_back(61234500 + number);
  populate(delivery);
  const auto outcome = secondary();
  EXPECT_THAT(numbers(outcome), SizeIs(60));
  EXPECT_LE(outcome.asked, 200U);
  delivery.resize(10);
  populate(delivery);
  const auto ten = secondary();
  EXPECT_THAT(numbers(ten), SizeIs(10));
  EXPECT_LE(ten.asked, 140U);
}

TEST_F(ScanTest, finds_new_meters_that_answer_in_step_as_one) {
  populate({61234500, 61234501});
  for (auto& meter : wire.line.meters) meter.telegrams = {"04 13 00 00 00 00"};
  EXPECT_THAT(numbers(secondary()), ElementsAre("61234500", "61234501"));
}

TEST_F(ScanTest, finds_random_numbers_in_a_few_selections_each) {
  std::mt19937 random{7};
  std::set<unsigned> drawn;
  while (drawn.size() < 60) drawn.insert(static_cast<unsigned>(random() % 100'000'000U));
  populate({drawn.begin(), drawn.end()});
  const auto outcome = secondary();
  EXPECT_THAT(numbers(outcome), SizeIs(60));
  EXPECT_THAT(outcome.collisions, IsEmpty());
  EXPECT_LE(outcome.asked, 700U);
}

TEST_F(ScanTest, goes_into_detail_where_confirmations_collide_too) {
  populate({11111111, 11111112, 91111111});
  wire.line.acknowledgements_collide = true;
  EXPECT_THAT(numbers(secondary()), SizeIs(3));
}

TEST_F(ScanTest, tells_meters_of_one_number_apart_by_their_media_and_reports_those_it_cannot) {
  populate({5, 5, 6, 6});
  wire.line.meters[0].secondary = "000000052D2C0104";
  wire.line.meters[0].telegrams = {"01 13 05"};
  wire.line.meters[2].telegrams = {"01 13 07"};
  const auto outcome = secondary();
  EXPECT_THAT(numbers(outcome), ElementsAre("00000005"));
  EXPECT_THAT(outcome.meters, SizeIs(2));
  ASSERT_THAT(outcome.collisions, SizeIs(1));
  EXPECT_EQ(outcome.collisions[0].at, "00000006 *** FF 07");
}

TEST_F(ScanTest, finds_letters_among_the_digits) {
  populate({1, 2});
  wire.line.meters[0].secondary = "0500023E2D2C0102";
  wire.line.meters[1].secondary = "0500023D2D2C0102";
  EXPECT_THAT(numbers(secondary()), ElementsAre("0500023D", "0500023E"));
}

TEST_F(ScanTest, keeps_within_what_it_is_told) {
  populate({11111111, 22222222});
  EXPECT_THAT(numbers(secondary("2FFFFFFF")), ElementsAre("22222222"));
}

}  // namespace
}  // namespace fettle::mbus
