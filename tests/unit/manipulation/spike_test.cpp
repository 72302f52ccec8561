#include "manipulation/spike.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <vector>

namespace fettle::manipulation {
namespace {

using namespace std::chrono_literals;
using testing::Each;
using testing::ElementsAre;

/// A point that has been watched for a while, read every minute.
class Point {
 public:
  explicit Point(Quantity quantity, double first, double second) : quantity_{quantity} {
    for (int i = 0; i < 200; ++i) fits(i % 2 == 0 ? first : second);
  }
  bool fits(double value) { return spike_.fits(1min, value, nature_of(quantity_)); }
  std::vector<bool> take(const std::vector<double>& values) {
    std::vector<bool> result;
    for (const double value : values) result.push_back(fits(value));
    return result;
  }

 private:
  Quantity quantity_;
  Spike spike_;
};

TEST(Spike, is_a_single_value_far_from_its_neighbours) {
  Point room{Quantity::temperature, 21, 21.3};
  EXPECT_THAT(room.take({21, 85, 21.3, 21}), ElementsAre(true, false, true, true));
  EXPECT_THAT(room.take({21, -40, 21.3, 21}), ElementsAre(true, false, true, true));
}

TEST(Spike, is_no_step_which_is_doubted_for_one_reading) {
  Point fan{Quantity::active_power, 0, 0};
  EXPECT_THAT(fan.take({5, 5.1, 5, 4.9, 0, 0}), ElementsAre(false, true, true, true, true, true));
}

TEST(Spike, is_not_what_a_machine_does_again_and_again) {
  Point compressor{Quantity::active_power, 0, 6};
  EXPECT_THAT(compressor.take({0, 0, 0, 0, 0, 6, 6, 6, 6, 0, 0, 0, 0, 36, 6, 6}), Each(true)) << "with its inrush";
}

TEST(Spike, is_no_matter_of_a_few_digits) {
  Point coarse{Quantity::temperature, 20, 20};
  EXPECT_THAT(coarse.take({20.5, 20, 21, 20, 24.5, 20}), Each(true));
}

TEST(Spike, does_not_happen_to_a_state_or_a_voltage) {
  Point valve{Quantity::ratio, 0.3, 0.3};
  EXPECT_THAT(valve.take({1, 0.3, 0, 0.3}), Each(true));
  Point mains{Quantity::voltage, 230, 231};
  EXPECT_THAT(mains.take({0, 230}), Each(true)) << "an outage";
}

TEST(Spike, is_doubted_only_while_it_is_rare) {
  Point restless{Quantity::temperature, 20, 20.5};
  int doubted = 0;
  for (int i = 0; i < 100'000; ++i) doubted += restless.fits(i % 50 == 0 ? 90 : 20) ? 0 : 1;
  EXPECT_GE(doubted, 1);
  EXPECT_LE(doubted, 5) << "it leaps by nature";
}

TEST(Spike, does_not_poison_the_range_it_is_judged_by) {
  Point room{Quantity::temperature, 21, 21.3};
  EXPECT_FALSE(room.fits(85));
  for (int i = 0; i < 5'000; ++i) ASSERT_TRUE(room.fits(21));
  EXPECT_FALSE(room.fits(60));
}

TEST(Spike, is_judged_after_a_restart_as_before) {
  Spike before;
  for (int i = 0; i < 200; ++i) before.fits(1min, i % 2 == 0 ? 20 : 21, nature_of(Quantity::temperature));
  StateWriter writer;
  before.save(writer);
  const auto bytes = writer.take();
  StateReader reader{bytes};
  Spike after;
  ASSERT_TRUE(after.restore(reader));
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(after.fits(1min, 20, nature_of(Quantity::temperature)));
  EXPECT_FALSE(after.fits(1min, 85, nature_of(Quantity::temperature)));
}

}  // namespace
}  // namespace fettle::manipulation
