#include "modbus/tcp_master.hpp"

#include "modbus/mbap.hpp"

#include <gmock/gmock.h>

#include "scripted_wire.hpp"

namespace fettle::modbus {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

constexpr Request two_registers{RegisterTable::input, 6, 2};
constexpr std::uint8_t unit = 11;

ByteList frame(std::uint8_t transaction, const ByteList& pdu, std::uint8_t from = unit) {
  ByteList bytes{0, transaction, 0, 0, 0, static_cast<std::uint8_t>(pdu.size() + 1), from};
  bytes.insert(bytes.end(), pdu.begin(), pdu.end());
  return bytes;
}

const ByteList registers{4, 4, 0, 1, 0, 2};
const ByteList others{4, 4, 9, 9, 9, 9};

class TcpMasterTest : public testing::Test {
 protected:
  /// Transactions are numbered from 1 on.
  Result<Words> ask(std::vector<Delivery> answers) {
    const auto question = encode_tcp(++transaction, unit, two_registers);
    wire.expect({question.begin(), question.end()}, std::move(answers));
    return master.ask({unit, 1s, 0s}, two_registers);
  }

  ScriptedWire wire;
  TcpMaster master{wire};
  std::uint8_t transaction = 0;
};

TEST_F(TcpMasterTest, takes_the_answer_to_its_question) {
  EXPECT_THAT(ask({{5ms, frame(1, registers)}}).value(), ElementsAre(1, 2));
  EXPECT_THAT(ask({{5ms, frame(2, others)}}).value(), ElementsAre(0x0909, 0x0909));
  EXPECT_EQ(wire.openings(), 1);
}

TEST_F(TcpMasterTest, puts_together_what_comes_byte_by_byte) {
  std::vector<Delivery> pieces;
  for (const auto byte : frame(1, registers)) pieces.push_back({5ms, {byte}});
  EXPECT_THAT(ask(std::move(pieces)).value(), ElementsAre(1, 2));
}

TEST_F(TcpMasterTest, drops_a_late_answer_to_an_earlier_question) {
  EXPECT_EQ(ask({{1500ms, frame(1, others)}}).error().fault, Fault::timeout);
  EXPECT_THAT(ask({{600ms, frame(2, registers)}}).value(), ElementsAre(1, 2));
}

TEST_F(TcpMasterTest, drops_answers_of_others) {
  EXPECT_THAT(ask({{5ms, frame(1, others, 12)}, {6ms, frame(1, registers)}}).value(), ElementsAre(1, 2));
}

TEST_F(TcpMasterTest, says_when_there_is_no_answer) {
  const auto error = ask(std::vector<Delivery>{}).error();
  EXPECT_EQ(error.fault, Fault::timeout);
  EXPECT_EQ(error.detail, "no answer within 1000ms");
}

TEST_F(TcpMasterTest, passes_a_refusal_on_and_keeps_the_connection) {
  EXPECT_EQ(ask({{5ms, frame(1, {0x84, 2})}}).error().fault, Fault::unsupported);
  EXPECT_THAT(ask({{5ms, frame(2, registers)}}).value(), ElementsAre(1, 2));
  EXPECT_EQ(wire.openings(), 1);
}

TEST_F(TcpMasterTest, takes_no_misshapen_answer) {
  EXPECT_EQ(ask({{5ms, frame(1, {4, 2, 0, 1})}}).error().fault, Fault::malformed);
  EXPECT_EQ(ask({{5ms, frame(2, {3, 4, 0, 1, 0, 2})}}).error().fault, Fault::malformed);
  EXPECT_THAT(ask({{5ms, frame(3, registers)}}).value(), ElementsAre(1, 2));
}

TEST_F(TcpMasterTest, hangs_up_on_what_is_no_modbus) {
  EXPECT_EQ(ask({{5ms, {'H', 'T', 'T', 'P', '/', '1', '.', '0'}}}).error().fault, Fault::malformed);
  EXPECT_FALSE(wire.is_open());
  EXPECT_THAT(ask({{5ms, frame(2, registers)}}).value(), ElementsAre(1, 2));
}

TEST_F(TcpMasterTest, replaces_a_connection_that_has_gone_dead) {
  for (int question = 0; question < 3; ++question) ask(std::vector<Delivery>{}).error();
  EXPECT_FALSE(wire.is_open());
  EXPECT_THAT(ask({{5ms, frame(4, registers)}}).value(), ElementsAre(1, 2));
  EXPECT_EQ(wire.openings(), 2);
}

TEST_F(TcpMasterTest, does_not_listen_to_a_flood_beyond_its_time) {
  std::vector<Delivery> flood;
  for (int piece = 0; piece < 2000; ++piece) flood.push_back({piece * 1ms, frame(99, others)});
  const auto begin = wire.now();
  EXPECT_EQ(ask(std::move(flood)).error().fault, Fault::timeout);
  EXPECT_LE(wire.now() - begin, 1s);
}

TEST_F(TcpMasterTest, opens_a_connection_again_that_was_lost) {
  wire.break_at(wire.now());
  EXPECT_EQ(ask(std::vector<Delivery>{}).error().fault, Fault::offline);
  wire.break_at(Moment::max());
  EXPECT_THAT(ask({{5ms, frame(2, registers)}}).value(), ElementsAre(1, 2));
}

TEST_F(TcpMasterTest, asks_again_at_once_when_the_host_has_closed_the_connection_meanwhile) {
  EXPECT_TRUE(ask({{5ms, frame(1, registers)}}));
  wire.hang_up();
  const auto lost = encode_tcp(++transaction, unit, two_registers);
  wire.expect({lost.begin(), lost.end()}, {});
  EXPECT_THAT(ask({{5ms, frame(3, registers)}}).value(), ElementsAre(1, 2));
  EXPECT_EQ(wire.openings(), 2);
}

TEST_F(TcpMasterTest, pauses_before_it_connects_again_to_a_host_that_hangs_up_at_once) {
  wire.ignore_questions();
  for (int turn = 0; turn < 600; ++turn) {
    wire.hang_up();
    const auto answer = master.ask({unit, 1s, 0s}, two_registers);
    EXPECT_EQ(answer.error().fault, Fault::offline);
    EXPECT_EQ(answer.error().detail, "the wire was lost");
    wire.pass(100ms);
  }
  EXPECT_GE(wire.openings(), 6);
  EXPECT_LE(wire.openings(), 3 + 4 + 60 / 10);
}

TEST_F(TcpMasterTest, hurries_the_other_side_only_while_it_owes_something) {
  const auto whole = frame(1, registers);
  EXPECT_TRUE(ask({{5ms, whole}}));
  EXPECT_EQ(wire.wanted_more(), 0);
  const auto pieces = frame(2, registers);
  EXPECT_TRUE(ask({{5ms, {pieces.begin(), pieces.begin() + 7}}, {45ms, {pieces.begin() + 7, pieces.end()}}}));
  EXPECT_EQ(wire.wanted_more(), 1);
}

/// Four different questions in one batch; transactions are numbered from `first` on.
class Batch : public TcpMasterTest {
 protected:
  static Request request(std::uint16_t place) { return {RegisterTable::holding, place, 1}; }
  ByteList question(std::uint8_t number, std::uint16_t place) {
    const auto bytes = encode_tcp(number, unit, request(place));
    return {bytes.begin(), bytes.end()};
  }
  static ByteList answer(std::uint8_t number, std::uint8_t value) { return frame(number, {3, 2, 0, value}); }

  std::vector<Result<Words>> ask_all(std::uint16_t count) {
    std::vector<Request> requests;
    for (std::uint16_t place = 0; place < count; ++place) requests.push_back(request(place));
    return master.ask_all({unit, 1s, 0s}, requests);
  }
  /// Batches of four that are answered one by one, until four are under way at once. Gives the number of the last transaction.
  std::uint8_t open_the_window() {
    std::uint8_t number = 0;
    for (int round = 0; round < 3; ++round) {
      for (std::uint16_t place = 0; place < 4; ++place) {
        ++number;
        wire.expect(question(number, place), {{5ms, answer(number, static_cast<std::uint8_t>(place))}});
      }
      for (const auto& each : ask_all(4)) EXPECT_TRUE(each);
    }
    EXPECT_EQ(master.window(), 4U);
    return number;
  }
};

TEST_F(Batch, of_questions_is_under_way_at_once_when_the_host_has_answered_all_and_is_matched_in_any_order) {
  const auto last = open_the_window();
  const auto begin = wire.now();
  for (std::uint8_t place = 0; place < 4; ++place) {
    const auto number = static_cast<std::uint8_t>(last + 1 + place);
    wire.expect(question(number, place), {{(100 - 20 * place) * 1ms, answer(number, place)}});
  }
  const auto answers = ask_all(4);
  for (std::uint16_t place = 0; place < 4; ++place) EXPECT_THAT(answers[place].value(), ElementsAre(place));
  EXPECT_LE(wire.now() - begin, 100ms);
}

TEST_F(Batch, that_a_host_answers_only_in_part_is_asked_again_one_by_one_and_so_are_all_later_ones) {
  auto number = open_the_window();
  for (std::uint8_t place = 0; place < 4; ++place) {
    ++number;
    wire.expect(question(number, place),
                place == 0 ? std::vector<Delivery>{{5ms, answer(number, 0)}} : std::vector<Delivery>{});
  }
  for (std::uint8_t place = 1; place < 4; ++place) {
    ++number;
    wire.expect(question(number, place), {{5ms, answer(number, place)}});
  }
  for (const auto& each : ask_all(4)) EXPECT_TRUE(each);
  EXPECT_EQ(master.window(), 1U);
}

TEST_F(Batch, ends_with_the_first_silence) {
  wire.expect(question(1, 0), {});
  const auto answers = ask_all(3);
  for (const auto& each : answers) EXPECT_EQ(each.error().fault, Fault::timeout);
  EXPECT_TRUE(wire.finished());
}

TEST_F(TcpMasterTest, knocks_without_waiting_and_notices_the_answer_whenever_it_comes) {
  constexpr Station silent{12, 1s, 0s};
  const auto knock = encode_tcp(++transaction, 12, two_registers);
  wire.expect({knock.begin(), knock.end()}, {{700ms, frame(1, others, 12)}});
  const auto begin = wire.now();
  EXPECT_FALSE(master.knock(silent, two_registers));
  EXPECT_LE(wire.now() - begin, 100ms);
  for (int turn = 0; turn < 3; ++turn) {
    EXPECT_THAT(ask({{5ms, frame(static_cast<std::uint8_t>(2 + turn), registers)}}).value(), ElementsAre(1, 2));
    EXPECT_FALSE(master.knock(silent, two_registers));
  }
  wire.pass(1s);
  EXPECT_TRUE(master.knock(silent, two_registers));
}

TEST_F(TcpMasterTest, knocks_on_a_new_connection_if_nothing_was_heard_on_the_old_one) {
  EXPECT_EQ(ask(std::vector<Delivery>{}).error().fault, Fault::timeout);
  constexpr Station same{unit, 1s, 0s};
  const auto first = encode_tcp(++transaction, unit, two_registers);
  wire.expect({first.begin(), first.end()}, {});
  EXPECT_FALSE(master.knock(same, two_registers));
  wire.pass(5s);
  const auto second = encode_tcp(++transaction, unit, two_registers);
  wire.expect({second.begin(), second.end()}, {{5ms, frame(3, registers)}});
  EXPECT_FALSE(master.knock(same, two_registers));
  EXPECT_EQ(wire.openings(), 2);
  wire.pass(100ms);
  EXPECT_TRUE(master.knock(same, two_registers));
}

TEST_F(TcpMasterTest, knocks_again_after_five_seconds) {
  constexpr Station silent{12, 1s, 0s};
  for (std::uint8_t number = 1; number <= 2; ++number) {
    const auto knock = encode_tcp(number, 12, two_registers);
    wire.expect({knock.begin(), knock.end()}, {});
    EXPECT_FALSE(master.knock(silent, two_registers));
    wire.pass(3s);
    EXPECT_FALSE(master.knock(silent, two_registers));
    wire.pass(2s);
  }
  EXPECT_TRUE(wire.finished());
}

}  // namespace
}  // namespace fettle::modbus
