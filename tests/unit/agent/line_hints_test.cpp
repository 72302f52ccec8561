#include "line_hints.hpp"

#include <gmock/gmock.h>

namespace fettle {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// A device that has answered every one of 100 questions in 20 ms.
DeviceStatus fine(const std::string& name) {
  DeviceStatus device;
  device.device = name;
  device.answering = true;
  device.polls = 100;
  device.line = LineStatus{100, 100, 0, 0, 0, 0, 15, 20};
  return device;
}

DeviceStatus with_errors(const std::string& name) {
  auto device = fine(name);
  device.line->answers = 90;
  device.line->malformed = 10;
  return device;
}

DeviceStatus noise(const std::string& name) {
  auto device = fine(name);
  device.answering = false;
  device.line = LineStatus{100, 0, 0, 20, 80, 640, 0, 0};
  return device;
}

DeviceStatus mute(const std::string& name) {
  auto device = fine(name);
  device.answering = false;
  device.line = LineStatus{100, 0, 0, 100, 0, 0, 0, 0};
  return device;
}

std::vector<std::string> hints(bool is_serial, std::vector<DeviceStatus> devices) {
  std::vector<std::string> texts;
  for (const auto& hint : line_hints({is_serial, 300ms, std::move(devices)})) texts.push_back(to_text(hint));
  return texts;
}

TEST(LineHints, are_none_for_a_line_in_good_order) {
  EXPECT_THAT(hints(true, {fine("a"), fine("b")}), IsEmpty());
  EXPECT_THAT(hints(false, {fine("a")}), IsEmpty());
  EXPECT_THAT(hints(true, {}), IsEmpty());
}

TEST(LineHints, wait_for_enough_questions) {
  auto device = noise("a");
  device.line->requests = 9;
  EXPECT_THAT(hints(true, {device}), IsEmpty());
  device.line.reset();
  EXPECT_THAT(hints(true, {device}), IsEmpty());
}

TEST(LineHints, point_at_the_cable_when_several_units_have_wrong_check_sums) {
  EXPECT_THAT(hints(true, {with_errors("a"), with_errors("b"), fine("c")}), ElementsAre(HasSubstr("120 ohm at both")));
  EXPECT_THAT(hints(true, {with_errors("a")}), ElementsAre(HasSubstr("120 ohm"))) << "one unit is the whole line";
}

TEST(LineHints, point_at_one_unit_when_the_others_are_right) {
  EXPECT_THAT(hints(true, {with_errors("a"), fine("b")}),
              ElementsAre(HasSubstr("a: check sums are wrong at this unit only: two devices with the same unit id")));
}

TEST(LineHints, say_swapped_wires_or_parity_when_there_is_only_noise) {
  EXPECT_THAT(hints(true, {noise("a"), noise("b")}), ElementsAre(HasSubstr("A and B swapped")));
  EXPECT_THAT(hints(true, {noise("a"), fine("b")}), ElementsAre(HasSubstr("a: only noise at this unit")));
}

TEST(LineHints, tell_a_mute_line_from_a_mute_unit) {
  EXPECT_THAT(hints(true, {mute("a"), mute("b")}), ElementsAre(HasSubstr("nothing comes back from any unit")));
  EXPECT_THAT(hints(true, {mute("a"), fine("b")}),
              ElementsAre(HasSubstr("a: never answered: wrong unit id, no power")));
  EXPECT_THAT(hints(false, {mute("a")}), ElementsAre(HasSubstr("behind the gateway")));
}

TEST(LineHints, count_answers_that_are_lost) {
  auto device = fine("a");
  device.line->timeouts = 12;
  EXPECT_THAT(hints(true, {device, fine("b")}), ElementsAre(HasSubstr("a: 12 % of the answers are lost")));
}

TEST(LineHints, warn_of_answers_that_nearly_come_too_late) {
  auto device = fine("a");
  device.line->latency_p95 = 290;
  EXPECT_THAT(
      hints(false, {device}),
      ElementsAre(HasSubstr("takes 290 ms or more of 300ms; raise the bus's timeout, or ask the gateway less")));
  EXPECT_THAT(line_hints({false, std::nullopt, {device}}), IsEmpty()) << "nobody knows how long it may take";
}

TEST(LineHints, warn_of_a_serial_line_without_reserve) {
  auto first = fine("a"), second = fine("b");
  first.line->load = 0.5;
  second.line->load = 0.4;
  EXPECT_THAT(hints(true, {first, second}), ElementsAre(HasSubstr("90 % of the line's time")));
  EXPECT_THAT(hints(false, {first, second}), IsEmpty()) << "a network has room";
}

TEST(LineLoad, is_the_sum_of_the_devices_that_are_known) {
  BusStatus bus;
  bus.devices = {fine("a"), fine("b"), fine("c")};
  EXPECT_FALSE(load_of(bus));
  bus.devices[0].line->load = 0.25;
  bus.devices[2].line->load = 0.5;
  EXPECT_EQ(load_of(bus), 0.75);
}

TEST(LineLoad, is_marked_by_the_time_that_the_wire_was_taken) {
  std::vector<BusStatus> buses(1);
  buses[0].devices = {fine("a"), fine("b")};
  buses[0].devices[0].line->busy = 250;
  buses[0].devices[1].line.reset();
  mark_loads(buses, 1'000);
  EXPECT_EQ(buses[0].devices[0].line->load, 0.25);
  EXPECT_FALSE(buses[0].devices[1].line);
}

}  // namespace
}  // namespace fettle
