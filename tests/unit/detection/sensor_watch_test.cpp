#include "detection/sensor_watch.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>

namespace fettle::detection {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr Time start{std::chrono::sys_days{std::chrono::year{2026} / 6 / 1}};

Reading uncertain(Time time, Reason why) { return {{0}, time, 1, Quality::uncertain, why}; }

/// Two sensors that are read every ten minutes.
class Life {
 public:
  Life() : watch{{"AHU-07", {"supply temperature", "flow"}, 7}} {}

  /// So many hours in which the first sensor is unfit for that reason, or measures; the last finding.
  Finding live(double hours, Reason why = Reason::none) {
    for (const Time end = now + std::chrono::round<Duration>(std::chrono::duration<double, std::ratio<3600>>{hours});
         now < end; now += 10min) {
      auto reading = good({0}, now, 20);
      if (why == Reason::no_value || why == Reason::timeout)
        reading = bad({0}, now, why);
      else if (why != Reason::none)
        reading = uncertain(now, why);
      if (const auto finding = watch.observe(0, reading)) last = *finding;
      if (const auto finding = watch.observe(1, good({1}, now, 5))) last = *finding;
    }
    return last;
  }

  SensorWatch watch;
  Finding last{};
  Time now = start;
};

TEST(SensorWatch, says_nothing_of_sensors_that_measure) {
  Life life;
  EXPECT_EQ(life.live(100).value, 0);
  EXPECT_EQ(life.last.words, "");
}

TEST(SensorWatch, tells_which_sensor_has_stopped_measuring_and_how) {
  Life life;
  life.live(24);
  EXPECT_LT(life.live(1, Reason::stuck).value, SensorWatch::warn);
  EXPECT_GE(life.live(3.5, Reason::stuck).value, SensorWatch::limit);
  EXPECT_EQ(life.last.words, "supply temperature has stood still for longer than it ever did");
  EXPECT_LT(life.live(5).value, 0.1) << "it measures again";
}

TEST(SensorWatch, names_all_that_do_not_measure) {
  Life life;
  for (; life.now < start + 8h; life.now += 10min) {
    for (std::uint32_t sensor = 0; sensor < 2; ++sensor) {
      auto reading = uncertain(life.now, sensor == 0 ? Reason::spike : Reason::out_of_range);
      reading.point = {sensor};
      if (const auto finding = life.watch.observe(sensor, reading)) life.last = *finding;
    }
  }
  EXPECT_THAT(life.last.words, HasSubstr("supply temperature leaps from value to value"));
  EXPECT_THAT(life.last.words, HasSubstr("; flow shows what cannot be"));
}

TEST(SensorWatch, tells_that_work_on_the_machine_was_never_ended) {
  SensorWatch watch{{"AHU-07", {"flow", "maintenance"}, 7, 1}};
  Finding last;
  Time now = start;
  const auto live = [&](int hours, double maintenance) {
    for (const Time end = now + 1h * hours; now < end; now += 10min) {
      if (const auto finding = watch.observe(0, bad({0}, now, Reason::not_running))) last = *finding;
      if (const auto finding = watch.observe(1, good({1}, now, maintenance))) last = *finding;
    }
    return last.value;
  };
  EXPECT_LT(live(3 * 24, 1), SensorWatch::warn);
  EXPECT_EQ(live(4, 0), 0) << "the work is done";
  EXPECT_GE(live(4 * 24, 1), SensorWatch::warn);
  EXPECT_LT(last.value, SensorWatch::limit);
  EXPECT_EQ(last.words, "maintenance has been on for days: nothing is judged meanwhile");
  EXPECT_GE(live(4 * 24, 1), SensorWatch::limit);
}

TEST(SensorWatch, blames_the_device_if_several_stand_still_at_once) {
  SensorWatch watch{{"AHU-07", {"supply temperature", "flow", "return temperature", "power", "damper"}, 7}};
  const auto words_of_hours_after = [&](Time end, std::size_t standing) {
    std::string words;
    for (Time now = end - 12h; now < end; now += 10min) {
      for (std::size_t sensor = 0; sensor < 4; ++sensor) {
        const PointId point{static_cast<std::uint32_t>(sensor)};
        const auto reading = good(point, now, 20);
        const auto stuck = Reading{point, now, 20, Quality::uncertain, Reason::stuck};
        if (const auto finding = watch.observe(sensor, sensor < standing ? stuck : reading)) words = finding->words;
      }
    }
    return words;
  };
  EXPECT_EQ(words_of_hours_after(start + 12h, 0), "");
  EXPECT_EQ(words_of_hours_after(start + 24h, 2),
            "supply temperature has stood still for longer than it ever did; flow has stood still for longer than it "
            "ever did");
  EXPECT_EQ(words_of_hours_after(start + 36h, 3),
            "3 of its 4 sensors stand still at once, as if their device repeated old values (supply "
            "temperature, flow, "
            "return temperature)");
}

TEST(SensorWatch, blames_no_sensor_for_a_silent_wire) {
  Life life;
  life.live(24);
  EXPECT_EQ(life.live(200, Reason::timeout).value, 0);
}

TEST(SensorWatch, lets_a_machine_that_is_off_have_no_values_over_a_weekend_and_longer_if_it_often_did) {
  Life life;
  life.live(48);
  EXPECT_LT(life.live(63, Reason::no_value).value, SensorWatch::limit);
  life.live(100);
  EXPECT_LT(life.live(110, Reason::no_value).value, SensorWatch::limit) << "twice as long as before";
  EXPECT_GE(life.live(20 * 24, Reason::no_value).value, SensorWatch::limit);
}

TEST(SensorWatch, counts_no_time_between_readings_far_apart) {
  Life life;
  life.live(24);
  life.live(0.5, Reason::stuck);
  life.now += 24h * 30;
  EXPECT_LT(life.live(0.5, Reason::stuck).value, SensorWatch::limit);
}

TEST(SensorWatch, asks_whether_the_machine_runs_before_it_calls_a_sensor_stuck) {
  Life life;
  life.live(24);
  const auto note = [&life](const Reading& standstill) { life.watch.note_standstill(0, standstill); };
  note(bad({0}, life.now, Reason::not_running));
  EXPECT_EQ(life.live(100, Reason::stuck).value, 0) << "water that stands keeps its temperature";
  note(good({0}, life.now, 0));
  EXPECT_EQ(life.live(10, Reason::stuck).value, 0) << "it moves in operation";
  note(good({0}, life.now, 1));
  EXPECT_GE(life.live(4).value, SensorWatch::limit) << "it stands in operation, however long it stood before";
  note(bad({0}, life.now, Reason::not_running));
  EXPECT_GE(life.live(24).value, SensorWatch::limit) << "a rest mends nothing";
  note(good({0}, life.now, 0));
  EXPECT_LT(life.live(5).value, 0.1);
  note(good({0}, life.now, 1));
  EXPECT_GE(life.live(4).value, SensorWatch::limit);
  note(bad({0}, life.now, Reason::not_running));
  for (const Time end = life.now + 5h; life.now < end; life.now += 10min) {
    const double cooling = to_hours(life.now - start);
    if (const auto finding = life.watch.observe(0, good({0}, life.now, cooling))) life.last = *finding;
  }
  EXPECT_LT(life.last.value, 0.1) << "what moves, measures";
  note(bad({0}, life.now, Reason::undefined));
  EXPECT_GE(life.live(4, Reason::stuck).value, SensorWatch::limit) << "nobody knows whether it runs";
}

TEST(SensorWatch, takes_one_that_never_measured_for_information) {
  Life life;
  const double told = life.live(24.0 * 60, Reason::no_value).value;
  EXPECT_GE(told, SensorWatch::warn);
  EXPECT_LT(told, SensorWatch::limit);
}

TEST(SensorWatch, goes_on_after_a_restart_as_if_nothing_had_been) {
  Life life, other;
  life.live(24);
  life.live(2, Reason::stuck);
  StateWriter writer;
  life.watch.save(writer);
  const auto bytes = writer.take();
  StateReader reader{bytes};
  ASSERT_TRUE(other.watch.restore(reader));
  other.now = life.now;
  EXPECT_EQ(other.live(2, Reason::stuck).value, life.live(2, Reason::stuck).value);
}

TEST(SensorWatch, refuses_a_state_that_is_damaged) {
  Life life;
  life.live(2, Reason::stuck);
  StateWriter writer;
  life.watch.save(writer);
  const auto sound = writer.take();
  auto shorter = sound;
  shorter.pop_back();
  StateReader cut{shorter};
  EXPECT_FALSE(life.watch.restore(cut));
  auto wild = sound;
  const auto nan = std::bit_cast<std::array<std::byte, 4>>(std::numeric_limits<float>::quiet_NaN());
  std::copy(nan.begin(), nan.end(), wild.begin() + 16);  // behind the step and the first sensor's time
  StateReader reader{wild};
  EXPECT_FALSE(life.watch.restore(reader));
}

TEST(SensorWatch, survives_a_clock_that_jumps) {
  Life life;
  life.live(24);
  for (const auto jump : {Duration{-48h}, Duration{24h * 365 * 30}, Duration{-24h * 365 * 60}}) {
    life.now += jump;
    EXPECT_LT(life.live(2, Reason::stuck).value, 10);
  }
  EXPECT_TRUE(std::isfinite(life.live(100).value));
}

}  // namespace
}  // namespace fettle::detection
