#include "modbus/rtu_master.hpp"

#include "modbus/rtu.hpp"

#include <gmock/gmock.h>

#include "scripted_wire.hpp"

namespace fettle::modbus {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr Request two_registers{RegisterTable::holding, 0x0102, 2};
constexpr std::uint8_t unit = 5;

ByteList with_sum(ByteList frame) {
  const auto sum = crc16(frame);
  frame.push_back(static_cast<std::uint8_t>(sum & 0xFFU));
  frame.push_back(static_cast<std::uint8_t>(sum >> 8U));
  return frame;
}

ByteList question() {
  const auto frame = encode_rtu(unit, two_registers);
  return {frame.begin(), frame.end()};
}

const ByteList answer = with_sum({unit, 3, 4, 0, 1, 0, 2});
const ByteList stranger = with_sum({7, 3, 4, 9, 9, 9, 9});

/// A line at 9600 baud, 8N1: a character takes 1.04 ms, the silence between frames 3.6 ms.
class RtuMasterTest : public testing::Test {
 protected:
  Result<Words> ask() { return master.ask({unit, 300ms, min_gap}, two_registers); }
  Result<Words> ask(std::vector<Delivery> answers) {
    wire.expect(question(), std::move(answers));
    return ask();
  }

  ScriptedWire wire;
  Span min_gap{};
  RtuMaster master{wire, LineTiming::of(9600, 10)};
};

TEST(LineTiming, follows_the_specification) {
  EXPECT_EQ(LineTiming::of(9600, 10).character, 1041666ns);
  EXPECT_EQ(LineTiming::of(9600, 10).silence, 3645831ns);
  EXPECT_EQ(LineTiming::of(115200, 11).silence, 1750us);
}

TEST_F(RtuMasterTest, takes_the_answer_as_soon_as_it_is_complete) {
  const auto begin = wire.now();
  EXPECT_THAT(ask({{20ms, answer}}).value(), ElementsAre(1, 2));
  EXPECT_LE(wire.now() - begin, 25ms);
}

TEST_F(RtuMasterTest, puts_together_an_answer_that_comes_in_pieces) {
  EXPECT_THAT(ask({{20ms, {answer.begin(), answer.begin() + 4}}, {50ms, {answer.begin() + 4, answer.end()}}}).value(),
              ElementsAre(1, 2));
}

TEST_F(RtuMasterTest, steps_over_noise_and_its_own_echo) {
  EXPECT_THAT(ask({{1ms, question()}, {20ms, {0x00, 0xFF}}, {21ms, answer}}).value(), ElementsAre(1, 2));
}

TEST_F(RtuMasterTest, steps_over_a_stranger_while_the_time_runs_on) {
  EXPECT_THAT(ask({{20ms, stranger}, {100ms, answer}}).value(), ElementsAre(1, 2));
  const auto error = ask({{20ms, stranger}}).error();
  EXPECT_EQ(error.fault, Fault::timeout);
  EXPECT_THAT(error.detail, HasSubstr("unit 7 spoke"));
}

TEST_F(RtuMasterTest, waits_for_a_silent_device_exactly_as_long_as_it_was_told) {
  const auto error = ask(std::vector<Delivery>{}).error();
  EXPECT_EQ(error.fault, Fault::timeout);
  EXPECT_EQ(error.detail, "no answer within 300ms");
  const auto on_the_wire = (8 + 9) * LineTiming::of(9600, 10).character;
  EXPECT_EQ(wire.now() - wire.sent().back(), 300ms + on_the_wire);
}

TEST_F(RtuMasterTest, takes_no_damaged_or_misshapen_answer) {
  auto damaged = answer;
  damaged.back() ^= 0x55U;
  EXPECT_EQ(ask({{20ms, damaged}}).error().fault, Fault::malformed);
  EXPECT_EQ(ask({{20ms, {answer.begin(), answer.begin() + 5}}}).error().fault, Fault::malformed);
  EXPECT_EQ(ask({{20ms, with_sum({unit, 3, 6, 0, 1, 0, 2, 0, 3})}}).error().fault, Fault::malformed);
  EXPECT_EQ(ask({{20ms, with_sum({unit, 4, 4, 0, 1, 0, 2})}}).error().fault, Fault::malformed);
  EXPECT_THAT(ask({{20ms, answer}}).value(), ElementsAre(1, 2));
}

TEST_F(RtuMasterTest, passes_a_refusal_on) {
  const auto error = ask({{20ms, with_sum({unit, 0x83, 2})}}).error();
  EXPECT_EQ(error.fault, Fault::unsupported);
  EXPECT_EQ(error.detail, "refused with exception 2 (illegal data address)");
}

TEST_F(RtuMasterTest, throws_a_late_answer_away_before_it_asks_again) {
  const auto late = with_sum({unit, 3, 4, 9, 9, 9, 9});
  EXPECT_EQ(ask({{325ms, late}}).error().fault, Fault::timeout);
  EXPECT_THAT(ask({{20ms, answer}}).value(), ElementsAre(1, 2));
}

TEST_F(RtuMasterTest, throws_away_what_trails_behind_an_answer) {
  EXPECT_THAT(ask({{20ms, answer}, {22ms, {0x55, 0x55}}}).value(), ElementsAre(1, 2));
  EXPECT_THAT(ask({{20ms, answer}}).value(), ElementsAre(1, 2));
}

TEST_F(RtuMasterTest, keeps_the_line_silent_between_frames) {
  ask({{20ms, answer}}).value();
  const auto answered = wire.now();
  ask({{20ms, answer}}).value();
  EXPECT_EQ(wire.sent().back() - answered, LineTiming::of(9600, 10).silence);
}

TEST_F(RtuMasterTest, keeps_the_silence_that_a_device_needs) {
  min_gap = 50ms;
  ask({{20ms, answer}}).value();
  const auto answered = wire.now();
  ask({{20ms, answer}}).value();
  EXPECT_EQ(wire.sent().back() - answered, 50ms);
}

TEST_F(RtuMasterTest, does_not_speak_into_a_line_that_is_never_silent) {
  for (int byte = 0; byte < 1000; ++byte) wire.babble(byte * 1ms, {0x55});
  const auto error = ask().error();
  EXPECT_EQ(error.fault, Fault::malformed);
  EXPECT_THAT(error.detail, HasSubstr("never silent"));
  EXPECT_TRUE(wire.sent().empty());
}

TEST_F(RtuMasterTest, survives_a_flood_in_the_place_of_an_answer) {
  std::vector<Delivery> flood(400, {1ms, ByteList(100, 0x55)});
  EXPECT_EQ(ask(std::move(flood)).error().fault, Fault::malformed);
}

TEST_F(RtuMasterTest, opens_a_wire_again_that_was_lost) {
  wire.break_at(wire.now());
  EXPECT_EQ(ask().error().fault, Fault::offline);
  EXPECT_FALSE(wire.is_open());
  wire.break_at(Moment::max());
  EXPECT_THAT(ask({{20ms, answer}}).value(), ElementsAre(1, 2));
  EXPECT_EQ(wire.openings(), 2);
}

TEST_F(RtuMasterTest, pauses_before_it_tries_to_open_a_wire_again) {
  wire.refuse_to_open(true);
  EXPECT_EQ(ask().error().detail, "cannot open the wire");
  EXPECT_EQ(ask().error().detail, "cannot open the wire");
  EXPECT_EQ(wire.openings(), 1);
  wire.pass(1s);
  wire.refuse_to_open(false);
  EXPECT_THAT(ask({{20ms, answer}}).value(), ElementsAre(1, 2));
  EXPECT_EQ(wire.openings(), 2);
}

TEST_F(RtuMasterTest, does_not_wear_itself_out_on_a_port_that_stays_away) {
  wire.refuse_to_open(true);
  for (int turn = 0; turn < 600; ++turn) {
    EXPECT_EQ(ask().error().detail, "cannot open the wire");
    wire.pass(100ms);
  }
  EXPECT_LE(wire.openings(), 5 + 60 / 10);
  wire.refuse_to_open(false);
  wire.pass(10s);
  EXPECT_THAT(ask({{20ms, answer}}).value(), ElementsAre(1, 2));
}

TEST_F(RtuMasterTest, asks_again_at_once_when_the_wire_was_lost_meanwhile) {
  EXPECT_TRUE(ask({{20ms, answer}}));
  wire.hang_up();
  EXPECT_THAT(ask({{20ms, answer}}).value(), ElementsAre(1, 2));
  EXPECT_EQ(wire.openings(), 2);
}

TEST_F(RtuMasterTest, asks_a_unit_that_owes_an_answer_for_another_number_of_registers_first) {
  EXPECT_EQ(ask({{800ms, answer}}).error().fault, Fault::timeout);
  constexpr Request one_register{two_registers.table, two_registers.address, 1};
  const auto other = encode_rtu(unit, one_register);
  // The late answer comes while the line is asked something else, and is not taken for it.
  wire.expect({other.begin(), other.end()}, {{480ms, answer}, {500ms, with_sum({unit, 3, 2, 0, 1})}});
  const auto fresh = with_sum({unit, 3, 4, 0, 8, 0, 9});
  wire.expect(question(), {{10ms, fresh}});
  EXPECT_EQ(master.ask({unit, 600ms, min_gap}, two_registers).value(), (Words{8, 9}));
}

TEST_F(RtuMasterTest, knocks_no_longer_than_the_line_s_units_usually_take_and_no_more_than_a_twentieth_of_the_time) {
  for (int turn = 0; turn < 5; ++turn) EXPECT_TRUE(ask({{20ms, answer}}));
  constexpr Station silent{9, 1s, {}};
  const auto knock = encode_rtu(9, two_registers);
  wire.expect({knock.begin(), knock.end()}, {});
  const auto begin = wire.now();
  EXPECT_FALSE(master.knock(silent, two_registers));
  const auto cost = wire.now() - begin;
  EXPECT_LE(cost, 200ms);
  wire.pass(18 * cost);
  EXPECT_FALSE(master.knock(silent, two_registers));
  wire.pass(cost);
  const auto other = encode_rtu(9, {two_registers.table, two_registers.address, 1});
  wire.expect({other.begin(), other.end()}, {{20ms, with_sum({9, 0x83, 2})}});
  EXPECT_TRUE(master.knock(silent, two_registers));
}

TEST_F(RtuMasterTest, counts_what_became_of_its_questions) {
  EXPECT_TRUE(ask({{20ms, answer}}));
  EXPECT_FALSE(ask({{20ms, {1, 2, 3}}}));
  EXPECT_FALSE(ask({{20ms, with_sum({unit, 0x83, 2})}}));
  const auto quality = master.quality(unit);
  EXPECT_EQ(quality.requests, 3U);
  EXPECT_EQ(quality.answers, 2U);
  EXPECT_EQ(quality.refusals, 1U);
  EXPECT_EQ(quality.malformed, 1U);
  EXPECT_EQ(quality.noise, 3U);
  EXPECT_GT(quality.latency_p50, 0);
  EXPECT_EQ(master.quality(77).requests, 0U);
}

}  // namespace
}  // namespace fettle::modbus
