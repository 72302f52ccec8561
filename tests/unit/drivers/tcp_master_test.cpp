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

}  // namespace
}  // namespace fettle::modbus
