#include "manipulation/device_quality.hpp"

#include <gmock/gmock.h>

#include <array>
#include <limits>
#include <random>

namespace fettle::manipulation {
namespace {

using namespace std::chrono_literals;
using testing::Each;
using testing::ElementsAre;

constexpr std::array quantities{Quantity::temperature,   Quantity::temperature,  Quantity::temperature,
                                Quantity::active_energy, Quantity::active_power, Quantity::state};

DeviceFacts heat_meter() {
  std::vector<PointFacts> points;
  for (const auto quantity : quantities)
    points.push_back(
        {quantity, facts(quantity).lowest, facts(quantity).highest, {}, quantity == Quantity::active_energy});
  return std::make_shared<const std::vector<PointFacts>>(points);
}

std::vector<Reading> poll_of(Time time, const std::vector<double>& values) {
  std::vector<Reading> poll;
  for (std::uint32_t place = 0; place < values.size(); ++place)
    poll.push_back(good(PointId{place}, time, values[place]));
  return poll;
}

std::vector<Reason> reasons(DeviceQuality& device, const std::vector<Reading>& poll) {
  std::vector<Reason> result;
  device.look_at(poll);
  for (const auto& reading : poll) result.push_back(device.judged(reading)->reason);
  return result;
}

TEST(DeviceQuality, gives_no_value_to_thermometers_that_all_show_nothing) {
  DeviceQuality device{"substation", 1, heat_meter()};
  EXPECT_THAT(reasons(device, poll_of(Time{1h}, {60, 40, 12, 900, 5, 1})), Each(Reason::none));
  EXPECT_THAT(
      reasons(device, poll_of(Time{2h}, {0, 0, 12.1, 0, 0, 0})),
      ElementsAre(Reason::no_value, Reason::no_value, Reason::none, Reason::set_back, Reason::none, Reason::none));
  EXPECT_THAT(reasons(device, poll_of(Time{3h}, {61, 41, 12.1, 901, 5, 1})), Each(Reason::none));
}

TEST(DeviceQuality, knows_sensors_that_were_never_connected) {
  DeviceQuality device{"substation", 1, heat_meter()};
  EXPECT_THAT(reasons(device, poll_of(Time{1h}, {-39.9, -39.9, 12})),
              ElementsAre(Reason::no_value, Reason::no_value, Reason::none));
}

TEST(DeviceQuality, leaves_frost_alone) {
  DeviceQuality device{"roof", 1, heat_meter()};
  reasons(device, poll_of(Time{1h}, {0.4, 0.2, 0.5}));
  EXPECT_THAT(reasons(device, poll_of(Time{2h}, {0, 0, 0.3})), Each(Reason::none));
}

TEST(DeviceQuality, is_the_same_after_a_restart) {
  DeviceQuality before{"substation", 1, heat_meter()};
  for (int i = 0; i < 300; ++i)
    reasons(before, poll_of(Time{1h + i * 1min}, {60.0 + i % 2, 40.0 + i % 3, 12, 900.0 + i, 5, 1}));
  StateWriter writer;
  before.save(writer);
  const auto bytes = writer.take();
  DeviceQuality after{"substation", 1, heat_meter()};
  StateReader reader{bytes};
  ASSERT_TRUE(after.restore(reader));
  StateWriter again;
  after.save(again);
  EXPECT_EQ(again.take(), bytes);
}

TEST(DeviceQuality, is_as_new_after_a_state_that_does_not_fit) {
  DeviceQuality device{"substation", 1, heat_meter()};
  StateWriter fresh;
  device.save(fresh);
  const auto bytes = fresh.take();
  std::mt19937 random{11};
  for (int trial = 0; trial < 2'000; ++trial) {
    auto damaged = bytes;
    damaged.resize(trial % 4 == 0 ? random() % (bytes.size() + 9) : bytes.size());
    for (auto& byte : damaged) {
      if (random() % 4 == 0) byte = static_cast<std::byte>(random());
    }
    DeviceQuality other{"substation", 1, heat_meter()};
    StateReader reader{damaged};
    const bool fits = other.restore(reader);
    StateWriter writer;
    other.save(writer);
    EXPECT_TRUE(fits || writer.take() == bytes);
    EXPECT_THAT(reasons(other, poll_of(Time{1h}, {60, 40, 12, 900, 5, 1})), Each(Reason::none));
  }
}

/// What no device should send.
double wild(std::mt19937& random) {
  constexpr auto infinite = std::numeric_limits<double>::infinity();
  constexpr std::array values{std::numeric_limits<double>::quiet_NaN(),
                              infinite,
                              -infinite,
                              1e12,
                              -1e12,
                              0.0,
                              -0.0,
                              std::numeric_limits<double>::max(),
                              std::numeric_limits<double>::denorm_min(),
                              1e30,
                              20.0,
                              21.0};
  return random() % 2 == 0 ? values.at(random() % values.size()) : static_cast<double>(random() % 1000) / 7;
}

/// Forwards mostly; also twice the same, back by a little or for good, months later, and the ends of time.
Time wild_time(std::mt19937& random, Time now) {
  switch (random() % 40) {
    case 0: return now;
    case 1: return now - 90s;
    case 2: return now - 24h;
    case 3: return now + 24h * 100;
    case 4: return Time::min();
    case 5: return Time::max();
    default: return now + 1s * (1 + random() % 600);
  }
}

class Wild : public testing::TestWithParam<int> {};

TEST_P(Wild, input_leaves_with_a_quality_and_never_as_a_good_number_that_is_none) {
  std::mt19937 random{static_cast<unsigned>(GetParam())};
  DeviceQuality device{"wild", 1, heat_meter()};
  Time now{std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}};
  for (int i = 0; i < 20'000; ++i) {
    const auto time = wild_time(random, now);
    if (time > Time{} && time < Time{std::chrono::sys_days{std::chrono::year{2100} / 1 / 1}}) now = time;
    std::vector<Reading> poll;
    for (std::uint32_t place = 0; place < quantities.size(); ++place) {
      auto reading = good(PointId{place}, time, wild(random));
      if (random() % 50 == 0) reading = bad(PointId{place}, time, Reason::timeout);
      poll.push_back(reading);
    }
    device.look_at(poll);
    for (const auto& each : poll) {
      const auto judged = device.judged(each);
      if (!judged) continue;
      ASSERT_EQ(judged->is_good(), judged->reason == Reason::none);
      ASSERT_EQ(judged->point, each.point);
      const auto& limits = facts(quantities.at(each.point.index));
      ASSERT_TRUE(judged->quality == Quality::bad ||
                  (judged->value >= limits.lowest && judged->value <= limits.highest));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, Wild, testing::Range(1, 9));

}  // namespace
}  // namespace fettle::manipulation
