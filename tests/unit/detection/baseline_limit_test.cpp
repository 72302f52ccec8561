#include "detection/detector.hpp"

#include <gtest/gtest.h>
#include <random>

namespace fettle::detection {
namespace {

using namespace std::chrono_literals;

constexpr PointId point{4};
constexpr Time start{std::chrono::sys_days{std::chrono::year{2026} / 6 / 1}};

std::unique_ptr<Detector> make(Duration learn) {
  return Registry<Detector>::instance().find("baseline_limit")->make({"PUMP-01/bearing-wear/vibration", 1h, learn});
}

/// Feeds `count` readings of N(1.2, 0.05), the same for the same seed, and returns the last finding.
std::optional<Finding> feed(Detector& detector, int count, unsigned seed = 1) {
  std::mt19937 random{seed};
  std::normal_distribution<double> vibration{1.2, 0.05};
  std::optional<Finding> last;
  for (int i = 0; i < count; ++i) last = detector.observe(good(point, start + i * 1h, vibration(random)));
  return last;
}

TEST(BaselineLimit, says_nothing_until_it_has_learned) {
  const auto detector = make(48h);
  EXPECT_FALSE(feed(*detector, 48));
  EXPECT_EQ(detector->learned(), 1);
  const auto finding = detector->observe(good(point, start + 48h, 1.2));
  ASSERT_TRUE(finding);
  EXPECT_NEAR(finding->baseline, 1.2, 0.02);
  EXPECT_LT(finding->evidence, 1);
}

TEST(BaselineLimit, learns_from_good_readings_only) {
  const auto detector = make(48h);
  for (int i = 0; i < 100; ++i) detector->observe(bad(point, start + i * 1h, Reason::timeout));
  EXPECT_EQ(detector->learned(), 0);
}

TEST(BaselineLimit, finds_a_shift_and_keeps_its_baseline) {
  const auto detector = make(48h);
  feed(*detector, 48);
  for (int i = 0; i < 1000; ++i) {
    const auto finding = detector->observe(good(point, start + (48 + i) * 1h, 1.6));
    EXPECT_GT(finding->evidence, 6);
    EXPECT_NEAR(finding->baseline, 1.2, 0.02);
  }
}

TEST(BaselineLimit, rarely_believes_that_noise_is_a_change) {
  int strong = 0;
  for (unsigned seed = 1; seed <= 50; ++seed) {
    const auto detector = make(48h);
    feed(*detector, 48, seed);
    std::mt19937 random{1000 + seed};
    std::normal_distribution<double> vibration{1.2, 0.05};
    for (int i = 0; i < 200; ++i)
      strong += detector->observe(good(point, start, vibration(random)))->evidence > 3 ? 1 : 0;
  }
  EXPECT_LE(strong, 20) << "of 10,000 that should hold about 10";
}

TEST(BaselineLimit, keeps_a_spread_when_the_sensor_shows_one_value_only) {
  const auto detector = make(24h);
  for (int i = 0; i < 24; ++i) detector->observe(good(point, start + i * 1h, 2.0));
  EXPECT_LT(detector->observe(good(point, start, 2.005))->evidence, 1);
  EXPECT_GT(detector->observe(good(point, start, 2.5))->evidence, 6);
}

TEST(BaselineLimit, needs_no_learning_where_limits_are_absolute) {
  const auto finding = make(0h)->observe(good(point, start, 0.03));
  ASSERT_TRUE(finding);
  EXPECT_EQ(finding->value, 0.03);
  EXPECT_EQ(finding->baseline, 0);
}

TEST(BaselineLimit, goes_on_after_a_restart_as_if_nothing_had_been) {
  for (const int before : {20, 48, 60}) {
    const auto one = make(48h);
    feed(*one, before);
    StateWriter writer;
    one->save(writer);
    const auto bytes = writer.take();
    const auto other = make(48h);
    StateReader reader{bytes};
    ASSERT_TRUE(other->restore(reader));
    for (int i = 0; i < 60; ++i) {
      const auto reading = good(point, start + i * 1h, 1.2 + 0.01 * (i % 7));
      const auto expected = one->observe(reading);
      const auto actual = other->observe(reading);
      ASSERT_EQ(expected.has_value(), actual.has_value());
      EXPECT_EQ(expected ? expected->evidence : 0, actual ? actual->evidence : 0);
    }
  }
}

TEST(BaselineLimit, learns_anew_after_a_repair) {
  const auto detector = make(48h);
  feed(*detector, 48);
  detector->start_anew();
  EXPECT_EQ(detector->learned(), 0);
  for (int i = 0; i < 48; ++i) EXPECT_FALSE(detector->observe(good(point, start + i * 1h, 0.8 + 0.01 * (i % 5))));
  EXPECT_NEAR(detector->observe(good(point, start + 49h, 0.8))->baseline, 0.82, 0.01);
}

TEST(BaselineLimit, refuses_a_damaged_state_and_stays_as_new) {
  const auto detector = make(48h);
  StateWriter writer;
  writer.put(std::uint32_t{1'000'000});
  const auto bytes = writer.take();
  StateReader reader{bytes};
  EXPECT_FALSE(detector->restore(reader));
  EXPECT_EQ(detector->learned(), 0);
}

}  // namespace
}  // namespace fettle::detection
