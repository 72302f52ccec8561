#include "modbus/rtu.hpp"
#include "modbus/scan_hints.hpp"
#include "modbus/scan_identity.hpp"
#include "modbus/scan_line.hpp"
#include "modbus/scan_rates.hpp"
#include "modbus/scan_score.hpp"
#include "modbus/scan_tcp_line.hpp"

#include <gmock/gmock.h>

#include <bit>

#include "scripted_wire.hpp"

namespace fettle::modbus {
namespace {

using namespace std::chrono_literals;
using acquisition::FoundDevice;
using acquisition::ScanOrder;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const Bytes question = register_question({RegisterTable::holding, 0, 1});

Bytes operator+(Bytes left, const Bytes& right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

TEST(Hearing, takes_a_refusal_for_a_sign_of_life) {
  const auto hearing = hear(encode_serial(7, Bytes{0x83, 2}), 7, question);
  EXPECT_EQ(hearing.answer, (Bytes{0x83, 2}));
  EXPECT_EQ(hearing.noise, 0U);
}

TEST(Hearing, steps_over_the_echo_noise_and_strangers) {
  const auto answer = encode_serial(7, Bytes{3, 2, 0x12, 0x34});
  const auto stranger = encode_serial(9, Bytes{3, 2, 0, 1});
  const auto hearing = hear(encode_serial(7, question) + Bytes{0x00, 0xFF} + stranger + answer, 7, question);
  EXPECT_EQ(hearing.answer, (Bytes{3, 2, 0x12, 0x34}));
  EXPECT_EQ(hearing.noise, 2U);
  EXPECT_EQ(hearing.strangers, 1U);
}

TEST(Hearing, counts_the_voices_of_two_units_with_one_number) {
  const auto answer = encode_serial(7, Bytes{3, 2, 0x12, 0x34});
  EXPECT_EQ(hear(answer + encode_serial(7, Bytes{3, 2, 0, 5}), 7, question).answers, 2U);
}

TEST(Traffic, tells_another_master_from_noise) {
  const auto asked = encode_serial(5, question);
  const auto told = encode_serial(5, Bytes{3, 2, 0, 1});
  const auto written = encode_serial(6, Bytes{16, 0, 1, 0, 1, 2, 0, 9});
  const auto traffic = traffic_in(asked + told + written);
  EXPECT_TRUE(traffic.has_master());
  EXPECT_THAT(traffic.units, ElementsAre(5, 6));
  EXPECT_EQ(traffic.noise, 0U);
  EXPECT_THAT(traffic_text(traffic, "9600 baud 8N1"), HasSubstr("another master speaks here at 9600 baud 8N1"));
  const auto noise = traffic_in(Bytes{1, 2, 3, 4, 5, 6, 7, 8, 9});
  EXPECT_FALSE(noise.has_master());
  EXPECT_THAT(traffic_text(noise, "9600 baud 8N1"), HasSubstr("9 bytes came"));
}

TEST(Names, are_read_from_functions_43_and_17) {
  const Bytes names{43, 14, 1, 1, 0, 0, 2, 0, 4, 'A', 'c', 'm', 'e', 1, 3, 'X', '-', '1'};
  EXPECT_EQ(device_id_text(names), "Acme X-1");
  EXPECT_EQ(hear(encode_serial(3, names), 3, device_id_question()).answer, names);
  EXPECT_EQ(device_id_text(ByteSpan{names}.first(12)), "");
  EXPECT_EQ(server_id_text(Bytes{17, 6, 'M', 'e', 't', 'e', 'r', 0xFF}), "Meter");
  EXPECT_EQ(server_id_text(Bytes{17, 3, 1, 2, 0xFF}), "");
}

class ScanLineTest : public testing::Test {
 protected:
  Presence look(std::vector<Delivery> answers, int times = 1) {
    for (int time = 0; time < times; ++time) wire.expect(encode_serial(7, question), answers);
    auto seen = Presence::absent;
    const std::array<std::uint8_t, 1> units{7};
    EXPECT_TRUE(line.sweep(units, {1, 150ms, {}}, question, [&seen](std::uint8_t unit, Presence presence) {
      EXPECT_EQ(unit, 7);
      seen = presence;
      return true;
    }));
    return seen;
  }

  ScriptedWire wire;
  SerialScanLine line{wire, LineTiming::of(9600, 10)};
};

TEST_F(ScanLineTest, finds_a_unit_by_any_frame_of_its_own) {
  EXPECT_EQ(look({{20ms, encode_serial(7, Bytes{0x83, 2})}}), Presence::present);
  EXPECT_EQ(line.quality(7).answers, 1U);
  EXPECT_EQ(line.quality(7).refusals, 1U);
}

TEST_F(ScanLineTest, waits_no_longer_than_it_was_told) {
  const auto begin = wire.now();
  EXPECT_EQ(look({}), Presence::absent);
  EXPECT_LE(wire.now() - begin, 170ms);
}

TEST_F(ScanLineTest, asks_once_more_where_something_came_without_a_check_sum) {
  EXPECT_EQ(look({{20ms, {0x55, 0xAA, 0x55}}}, 2), Presence::garbled);
  EXPECT_TRUE(wire.finished());
  EXPECT_EQ(line.quality(7).malformed, 2U);
  EXPECT_EQ(line.quality(7).noise, 6U);
}

TEST_F(ScanLineTest, hears_a_second_unit_behind_the_first) {
  wire.expect(encode_serial(7, question),
              {{20ms, encode_serial(7, Bytes{3, 2, 0, 1})}, {60ms, encode_serial(7, Bytes{3, 2, 0, 2})}});
  EXPECT_EQ(line.listen_for_voices({7, 150ms, {}}, question).answers, 2U);
}

Bytes tcp_frame(std::uint8_t transaction, std::uint8_t unit, const Bytes& pdu) {
  return Bytes{0, transaction, 0, 0, 0, static_cast<std::uint8_t>(pdu.size() + 1), unit} + pdu;
}

TEST(TcpScanLine, asks_four_units_at_once_and_counts_what_comes_late) {
  ScriptedWire wire;
  const Bytes told{3, 2, 0, 1};
  wire.expect(tcp_frame(1, 1, question), {{10ms, tcp_frame(1, 1, told)}});
  wire.expect(tcp_frame(2, 2, question), {{700ms, tcp_frame(2, 2, told)}});
  wire.expect(tcp_frame(3, 3, question), {{30ms, tcp_frame(3, 3, Bytes{0x83, 11})}});
  TcpScanLine line{wire};
  std::vector<std::uint8_t> present;
  const std::array<std::uint8_t, 3> units{1, 2, 3};
  ASSERT_TRUE(line.sweep(units, {1, 500ms, {}}, question, [&present](std::uint8_t unit, Presence presence) {
    if (presence == Presence::present) present.push_back(unit);
    return true;
  }));
  EXPECT_THAT(present, ElementsAre(1, 2));
  EXPECT_EQ(line.late(), 1U);
  EXPECT_THAT(wire.sent(), ElementsAre(wire.sent()[0], wire.sent()[0], wire.sent()[0]));
}

DeviceProfile profile_of(const std::string& yaml) {
  settings::Mistakes mistakes;
  auto profile = acquisition::read_device_profile(settings::load_text(yaml, "x.yaml", mistakes), mistakes);
  for (const auto& mistake : mistakes.all()) ADD_FAILURE() << to_text(mistake);
  return profile;
}

const std::string points = "points: {v: {quantity: voltage, unit: V, address: 9, type: u16}}\n";

TEST(Identify, believes_names_and_not_numbers_that_anybody_could_have) {
  const std::vector<DeviceProfile> profiles{
      profile_of("name: named\nprotocol: modbus\nidentify: [{address: 1, count: 2, expect: ABCD, meaning: model}]\n" +
                 points),
      profile_of("name: vague\nprotocol: modbus\nidentify: [{address: 1, type: u16, expect: 0x4000..0x4FFF}]\n" +
                 points)};
  EXPECT_GT(certainty_of(profiles[0]), 30);
  EXPECT_LT(certainty_of(profiles[1]), 10);
  ScriptedWire wire;
  SerialScanLine line{wire, LineTiming::of(9600, 10)};
  wire.expect(encode_serial(3, register_question({RegisterTable::holding, 1, 2})),
              {{5ms, encode_serial(3, Bytes{3, 4, 'A', 'B', 'C', 'D'})}});
  wire.expect(encode_serial(3, register_question({RegisterTable::holding, 1, 1})),
              {{5ms, encode_serial(3, Bytes{3, 2, 'A', 'B'})}});
  Interview interview{line, {3, 150ms, {}}};
  const auto identity = identify(interview, profiles, [] { return true; });
  ASSERT_NE(identity.profile, nullptr);
  EXPECT_EQ(identity.profile->name, "named");
  EXPECT_EQ(identity.text, "model ABCD");
  EXPECT_THAT(identity.others, ElementsAre("vague"));
  EXPECT_TRUE(wire.finished());  // what it says itself was not asked for twice
}

void put(Words& words, std::size_t place, float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  words[place] = static_cast<std::uint16_t>(bits >> 16U);
  words[place + 1] = static_cast<std::uint16_t>(bits & 0xFFFFU);
}

Block supply(bool with_energy) {
  Words words(12);
  put(words, 0, 230.5F);
  put(words, 2, 12.5F);
  put(words, 6, 50.02F);
  put(words, 8, 12345.5F);
  auto later = words;
  if (with_energy) put(later, 8, 12345.75F);
  return {RegisterTable::input, 0, words, later};
}

TEST(OrderScore, needs_three_quantities_of_which_a_counter_must_have_risen) {
  EXPECT_THAT(score_orders(std::vector{supply(false)}), IsEmpty());
  const auto scores = score_orders(std::vector{supply(true)});
  ASSERT_THAT(scores, SizeIs(1));
  EXPECT_EQ(scores[0].order, acquisition::WordOrder::big);
  EXPECT_EQ(to_text(scores[0]),
            "makes sense as f32 with order big: voltage 230.5 at input 0, frequency 50.02 at input 6, active_energy "
            "12345.5 at input 8");
}

TEST(OrderScore, sees_the_low_word_first) {
  auto block = supply(true);
  for (auto* words : {&block.words, &block.later}) {
    for (std::size_t place = 0; place + 1 < words->size(); place += 2) std::swap((*words)[place], (*words)[place + 1]);
  }
  const auto scores = score_orders(std::vector{block});
  ASSERT_FALSE(scores.empty());
  EXPECT_EQ(scores[0].order, acquisition::WordOrder::little);
}

TEST(Fit, is_broken_by_one_impossible_value_and_not_by_zeros) {
  FitCount count;
  count.note(Quantity::voltage, {230, Reason::none});
  count.note(Quantity::frequency, {50, Reason::none});
  count.note(Quantity::voltage, {0, Reason::none});
  EXPECT_FALSE(count.fit().tells());
  count.note(Quantity::active_energy, {12345, Reason::none});
  EXPECT_TRUE(count.fit().tells());
  count.note(Quantity::frequency, {12, Reason::none});
  EXPECT_FALSE(count.fit().tells());
}

TEST(Rates, begin_with_what_most_profiles_have) {
  ScanOrder order;
  const auto link = [](const std::string& text) {
    return profile_of("name: x\nprotocol: modbus\nlink: " + text + "\n" + points);
  };
  order.profiles = {link("{baud: [19200], parity: even, units: [1]}"),
                    link("{baud: [38400, 9600], parity: none, units: [5]}"),
                    link("{baud: [9600], parity: none, units: [33]}")};
  const auto rates = rates_of(order);
  EXPECT_EQ(to_text(rates.front().serial), "9600 baud 8N1");
  EXPECT_THAT(rates.front().units, ElementsAre(5, 33, 1));
  order.bauds = {4800};
  order.parity = acquisition::LinkParity::odd;
  ASSERT_THAT(rates_of(order), SizeIs(1));
  EXPECT_EQ(to_text(rates_of(order).front().serial), "4800 baud 8O1");
}

FoundDevice found(std::uint64_t malformed) {
  FoundDevice device;
  device.where = "unit 4";
  device.quality.requests = 16;
  device.quality.malformed = malformed;
  device.quality.latency_p95 = 61;
  return device;
}

TEST(SerialHints, tell_the_wiring_from_a_number_that_is_taken_twice) {
  EXPECT_THAT(serial_hints({1, 1, 0}, {found(0), found(0)}), IsEmpty());
  EXPECT_THAT(serial_hints({1, 1, 0}, {found(3), found(2)}), ElementsAre(HasSubstr("termination")));
  EXPECT_THAT(serial_hints({1, 1, 0}, {found(3), found(0)}), ElementsAre(HasSubstr("only at unit 4: another device")));
  EXPECT_THAT(serial_hints({9, 0, 4}, {}), ElementsAre(HasSubstr("A and B may be swapped")));
  EXPECT_THAT(serial_hints({9, 0, 0}, {}), ElementsAre(HasSubstr("nothing answers")));
}

TEST(Timeout, is_four_times_what_the_slowest_took) {
  EXPECT_EQ(timeout_for({found(0)}), 250ms);
  EXPECT_EQ(timeout_for({}), 200ms);
}

}  // namespace
}  // namespace fettle::modbus
