#include "modbus/mbap.hpp"
#include "modbus/pdu.hpp"
#include "modbus/rtu.hpp"

#include <gmock/gmock.h>

namespace fettle::modbus {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Bytes = std::vector<std::uint8_t>;

constexpr Request two_registers{RegisterTable::holding, 0x0102, 2};

Bytes with_sum(Bytes frame) {
  const auto sum = crc16(frame);
  frame.push_back(static_cast<std::uint8_t>(sum & 0xFFU));
  frame.push_back(static_cast<std::uint8_t>(sum >> 8U));
  return frame;
}

Bytes joined(std::initializer_list<Bytes> parts) {
  Bytes all;
  for (const auto& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

TEST(ModbusPdu, asks_with_function_address_and_count) {
  EXPECT_THAT(encode(two_registers), ElementsAre(3, 1, 2, 0, 2));
  EXPECT_THAT(encode({RegisterTable::input, 0, 125}), ElementsAre(4, 0, 0, 0, 125));
}

TEST(ModbusPdu, reads_the_registers_of_an_answer) {
  EXPECT_THAT(decode_answer(two_registers, Bytes{3, 4, 0x43, 0x66, 0x19, 0x9A}).value(), ElementsAre(0x4366, 0x199A));
}

TEST(ModbusPdu, asks_for_bits_and_reads_them_from_the_lowest_one_on) {
  constexpr Request ten_coils{RegisterTable::coil, 3, 10};
  EXPECT_THAT(encode(ten_coils), ElementsAre(1, 0, 3, 0, 10));
  EXPECT_THAT(decode_answer(ten_coils, Bytes{1, 2, 0x8D, 0xFE}).value(), ElementsAre(1, 0, 1, 1, 0, 0, 0, 1, 0, 1));
  EXPECT_EQ(decode_answer(ten_coils, Bytes{1, 1, 0x8D}).error().fault, Fault::malformed);
  constexpr Request eight_inputs{RegisterTable::discrete, 0, 8};
  EXPECT_THAT(decode_answer(eight_inputs, Bytes{2, 1, 0x80}).value(), ElementsAre(0, 0, 0, 0, 0, 0, 0, 1));
}

TEST(ModbusPdu, tells_refusals_by_what_they_mean) {
  EXPECT_EQ(decode_answer(two_registers, Bytes{0x83, 2}).error().fault, Fault::unsupported);
  EXPECT_EQ(decode_answer(two_registers, Bytes{0x83, 6}).error().fault, Fault::refused);
  EXPECT_EQ(decode_answer(two_registers, Bytes{0x83, 11}).error().fault, Fault::timeout);
  EXPECT_EQ(decode_answer(two_registers, Bytes{0x83, 77}).error().detail, "refused with exception 77 (unknown)");
}

TEST(ModbusPdu, takes_nothing_else_for_an_answer) {
  for (const auto& pdu : {Bytes{}, Bytes{3}, Bytes{4, 4, 0, 0, 0, 0}, Bytes{3, 2, 0, 0}, Bytes{3, 4, 0, 0, 0},
                          Bytes{3, 4, 0, 0, 0, 0, 0}, Bytes{0x84, 2}}) {
    EXPECT_EQ(decode_answer(two_registers, pdu).error().fault, Fault::malformed);
  }
}

TEST(ModbusRtu, closes_a_frame_with_the_check_sum_of_the_specification) {
  EXPECT_EQ(crc16(Bytes{0x02, 0x07}), 0x1241);
  EXPECT_THAT(encode_rtu(0x11, {RegisterTable::holding, 0x6B, 3}),
              ElementsAre(0x11, 0x03, 0x00, 0x6B, 0x00, 0x03, 0x76, 0x87));
}

const Bytes answer = with_sum({5, 3, 4, 0, 1, 0, 2});

TEST(ModbusRtu, finds_the_answer_behind_noise_echo_and_strangers) {
  const auto echo = encode_rtu(5, two_registers);
  const auto stranger = with_sum({7, 3, 4, 9, 9, 9, 9});
  for (const auto& before : {Bytes{}, Bytes{0}, Bytes{0xFF, 0}, Bytes(echo.begin(), echo.end()), stranger}) {
    const auto received = joined({before, answer, {0x55}});
    const auto scan = scan_rtu(received, 5, two_registers);
    ASSERT_TRUE(scan.answer);
    EXPECT_THAT(*scan.answer, ElementsAre(3, 4, 0, 1, 0, 2));
  }
}

TEST(ModbusRtu, does_not_take_the_echo_of_a_question_for_its_answer) {
  constexpr Request many_coils{RegisterTable::coil, 0x0301, 20};
  const auto echo = encode_rtu(5, many_coils);
  const auto bits = with_sum({5, 1, 3, 0xFF, 0, 0x0F});
  EXPECT_FALSE(scan_rtu(echo, 5, many_coils).answer);
  EXPECT_EQ(explain_rtu(echo, 5, many_coils, "300ms").fault, Fault::timeout);
  const auto received = joined({Bytes(echo.begin(), echo.end()), bits});
  EXPECT_THAT(scan_rtu(received, 5, many_coils).answer.value(), ElementsAre(1, 3, 0xFF, 0, 0x0F));
}

TEST(ModbusRtu, finds_a_refusal) {
  const auto refusal = with_sum({5, 0x83, 2});
  const auto scan = scan_rtu(refusal, 5, two_registers);
  ASSERT_TRUE(scan.answer);
  EXPECT_THAT(*scan.answer, ElementsAre(0x83, 2));
}

TEST(ModbusRtu, does_not_look_for_an_answer_inside_a_strangers_frame) {
  Bytes stranger{7, 3, static_cast<std::uint8_t>(answer.size() + 1)};
  stranger.insert(stranger.end(), answer.begin(), answer.end());
  stranger.push_back(0);
  EXPECT_FALSE(scan_rtu(with_sum(stranger), 5, two_registers).answer);
}

TEST(ModbusRtu, waits_while_the_answer_is_incomplete) {
  for (std::size_t size = 0; size < answer.size(); ++size) {
    EXPECT_FALSE(scan_rtu(ByteSpan{answer}.first(size), 5, two_registers).answer);
  }
}

struct Explained {
  Bytes received;
  Fault fault;
  std::string text;
};

TEST(ModbusRtu, explains_why_there_is_no_answer) {
  const auto echo = encode_rtu(5, two_registers);
  const auto damaged = Bytes{5, 3, 4, 0, 1, 0, 2, 0, 0};
  const std::vector<Explained> cases{
      {{}, Fault::timeout, "no answer within 300ms"},
      {Bytes(echo.begin(), echo.end()), Fault::timeout, "no answer within 300ms"},
      {with_sum({7, 3, 4, 0, 1, 0, 2}), Fault::timeout, "unit 7 spoke"},
      {with_sum({5, 3, 6, 0, 1, 0, 2, 0, 3}), Fault::malformed, "6 bytes instead of 4"},
      {with_sum({5, 4, 4, 0, 1, 0, 2}), Fault::malformed, "another function"},
      {damaged, Fault::malformed, "9 bytes without a good check sum"},
  };
  for (const auto& [received, fault, text] : cases) {
    const auto error = explain_rtu(received, 5, two_registers, "300ms");
    EXPECT_EQ(error.fault, fault);
    EXPECT_THAT(error.detail, HasSubstr(text));
  }
}

TEST(ModbusTcp, asks_with_a_header_before_the_question) {
  EXPECT_THAT(encode_tcp(0x1234, 17, two_registers), ElementsAre(0x12, 0x34, 0, 0, 0, 6, 17, 3, 1, 2, 0, 2));
}

TEST(ModbusTcp, waits_until_a_frame_is_complete) {
  const Bytes frame{0x12, 0x34, 0, 0, 0, 7, 17, 3, 4, 0, 1, 0, 2};
  for (std::size_t size = 0; size < frame.size(); ++size) {
    EXPECT_FALSE(first_tcp_frame(ByteSpan{frame}.first(size)).value());
  }
  const auto received = joined({frame, {1, 2, 3}});
  const auto found = first_tcp_frame(received).value();
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->answers(0x1234, 17));
  EXPECT_FALSE(found->answers(0x1233, 17));
  EXPECT_FALSE(found->answers(0x1234, 18));
  EXPECT_EQ(found->size, frame.size());
  EXPECT_THAT(found->pdu, ElementsAre(3, 4, 0, 1, 0, 2));
}

TEST(ModbusTcp, knows_what_is_no_modbus) {
  EXPECT_FALSE(first_tcp_frame(Bytes{'H', 'T', 'T', 'P', '/', '1', '.', '1'}));
  EXPECT_FALSE(first_tcp_frame(Bytes{0, 1, 0, 0, 0, 2, 17, 3}));
  EXPECT_FALSE(first_tcp_frame(Bytes{0, 1, 0, 0, 0, 255, 17, 3}));
}

}  // namespace
}  // namespace fettle::modbus
