#include "pulse/counter.hpp"
#include "pulse/kept_count.hpp"
#include "pulse/pulses_per.hpp"

#include <gtest/gtest.h>

#include "support/temp_dir.hpp"

namespace fettle::pulse {
namespace {

using namespace std::chrono_literals;

const Moment boot{};

class Pulses : public testing::Test {
 protected:
  void SetUp() override { counter.begin(boot); }
  /// Pulses `first`..`last`, one every `period`, the last of them at `end`.
  void come(std::uint32_t first, std::uint32_t last, Moment end, std::chrono::nanoseconds period) {
    for (auto number = first; number <= last; ++number) counter.count({end - (last - number) * period, number});
  }

  PulseCounter counter{100, 10min};
};

TEST_F(Pulses, are_added_to_what_was_counted_before) {
  come(1, 5, boot + 5s, 1s);
  EXPECT_EQ(counter.total(), 105U);
  EXPECT_EQ(counter.unseen(), 0U);
}

TEST_F(Pulses, that_the_kernel_had_to_drop_are_counted_by_their_numbers) {
  come(1, 2, boot + 2s, 1s);
  come(12, 13, boot + 13s, 1s);
  EXPECT_EQ(counter.total(), 113U);
  EXPECT_EQ(counter.unseen(), 9U);
  EXPECT_DOUBLE_EQ(counter.take_rate(boot + 13s).value(), 1);
}

TEST_F(Pulses, are_all_counted_when_the_first_was_dropped) {
  come(4, 4, boot + 4s, 1s);
  EXPECT_EQ(counter.total(), 104U);
  EXPECT_EQ(counter.unseen(), 3U);
}

TEST_F(Pulses, go_on_when_their_numbers_wrap) {
  counter.count({boot + 1s, 0xFFFFFFFF});
  const auto before = counter.total();
  counter.count({boot + 2s, 0});
  counter.count({boot + 3s, 1});
  EXPECT_EQ(counter.total(), before + 2);
}

TEST_F(Pulses, begin_anew_when_the_line_is_opened_again) {
  come(1, 7, boot + 7s, 1s);
  counter.begin(boot + 20s);
  come(1, 1, boot + 21s, 1s);
  EXPECT_EQ(counter.total(), 108U);
  EXPECT_EQ(counter.take_rate(boot + 21s), std::nullopt) << "one pulse has no interval";
}

TEST_F(Pulses, give_their_rate_by_the_kernel_s_clock_however_late_they_are_read) {
  EXPECT_EQ(counter.take_rate(boot + 1s), std::nullopt);
  come(1, 11, boot + 10s, 500ms);
  EXPECT_DOUBLE_EQ(counter.take_rate(boot + 10s).value(), 2);
  come(12, 31, boot + 12s, 100ms);
  EXPECT_DOUBLE_EQ(counter.take_rate(boot + 12s).value(), 10) << "over the new ones only";
}

TEST_F(Pulses, that_do_not_come_pull_the_rate_down_until_it_is_zero) {
  come(1, 2, boot + 10s, 1s);
  EXPECT_DOUBLE_EQ(counter.take_rate(boot + 10500ms).value(), 1) << "the next one is not due yet";
  EXPECT_DOUBLE_EQ(counter.take_rate(boot + 14s).value(), 0.25) << "at most one in four seconds";
  EXPECT_DOUBLE_EQ(counter.take_rate(boot + 110s).value(), 0.01);
  EXPECT_DOUBLE_EQ(counter.take_rate(boot + 11min).value(), 0);
  come(3, 4, boot + 700s, 1s);
  EXPECT_GT(counter.take_rate(boot + 700s).value(), 0);
}

TEST_F(Pulses, that_never_came_are_a_rate_of_zero_after_a_while) {
  EXPECT_EQ(counter.take_rate(boot + 9min), std::nullopt);
  EXPECT_EQ(counter.take_rate(boot + 10min), 0);
}

TEST(PulseWorth, is_written_as_on_the_meter) {
  EXPECT_DOUBLE_EQ(parse_pulses_per("1000/kWh")->value, 0.001);
  EXPECT_DOUBLE_EQ(parse_pulses_per("1 / l")->value, 0.001);
  EXPECT_DOUBLE_EQ(parse_pulses_per("10/m3")->value, 0.1);
  EXPECT_DOUBLE_EQ(parse_pulses_per("0.5/MWh")->value, 2000);
  EXPECT_EQ(parse_pulses_per("64/kvarh")->total, Quantity::reactive_energy);
  EXPECT_EQ(parse_pulses_per("2")->total, Quantity::count);
  for (const auto* const wrong : {"", "kWh", "0/kWh", "-1/kWh", "1000/kW", "1000/", "1000 kWh"})
    EXPECT_FALSE(parse_pulses_per(wrong)) << wrong;
}

TEST(KeptCount, survives_and_is_never_half) {
  const test::TempDir folder;
  const auto file = folder.file("meter.pulses");
  EXPECT_EQ(load_count(file).value(), 0U) << "a new meter";
  ASSERT_TRUE(save_count(file, 123'456'789'012));
  EXPECT_EQ(load_count(file).value(), 123'456'789'012U);
  EXPECT_FALSE(std::filesystem::exists(file + ".new"));
  folder.write("meter.pulses", "12x\n");
  EXPECT_NE(load_count(file).error().detail.find("holds no number of pulses"), std::string::npos);
  EXPECT_FALSE(save_count("/nowhere/meter.pulses", 1));
}

}  // namespace
}  // namespace fettle::pulse
