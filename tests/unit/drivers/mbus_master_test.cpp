#include "mbus/master.hpp"

#include "mbus_wire.hpp"

#include <gmock/gmock.h>

namespace fettle::mbus {
namespace {

using namespace std::chrono_literals;
using test::hex;
using testing::ElementsAre;
using testing::HasSubstr;

class MasterTest : public testing::Test {
 protected:
  MasterTest() { wire.line.meters = test::three_meters(); }

  test::SimulatedMeter& meter(std::size_t place) { return wire.line.meters.at(place); }
  std::vector<std::string> sent() const {
    std::vector<std::string> texts;
    for (const auto& each : wire.sent) texts.push_back(to_hex(each));
    return texts;
  }
  std::size_t telegrams(const Address& address) {
    const auto readout = master.read(address);
    return readout ? readout->size() : 0;
  }
  Error error(const Address& address) { return master.read(address).error(); }

  MeterWire wire;
  Master master{wire, LinkTiming::of(2400, 100ms), 2};
};

Address secondary(std::string_view text) { return *parse_secondary(text); }

TEST_F(MasterTest, greets_once_and_toggles_the_frame_count_bit_from_then_on) {
  EXPECT_EQ(telegrams(std::uint8_t{1}), 1U);
  EXPECT_EQ(telegrams(std::uint8_t{1}), 1U);
  EXPECT_EQ(telegrams(std::uint8_t{1}), 1U);
  EXPECT_THAT(sent(), ElementsAre("10 40 01 41 16", "10 7B 01 7C 16", "10 5B 01 5C 16", "10 7B 01 7C 16"));
}

TEST_F(MasterTest, reads_on_while_a_meter_has_more_telegrams_and_begins_with_the_first_every_time) {
  EXPECT_EQ(telegrams(std::uint8_t{2}), 3U);
  EXPECT_EQ(telegrams(std::uint8_t{2}), 3U);
  EXPECT_THAT(sent(), ElementsAre("10 40 02 42 16", "10 7B 02 7D 16", "10 5B 02 5D 16", "10 7B 02 7D 16",
                                  "10 40 02 42 16", "10 7B 02 7D 16", "10 5B 02 5D 16", "10 7B 02 7D 16"));
}

TEST_F(MasterTest, asks_again_with_the_same_bit_for_what_was_lost) {
  EXPECT_EQ(telegrams(std::uint8_t{2}), 3U);
  wire.sent.clear();
  meter(1).garbled = 2;
  const auto readout = master.read(std::uint8_t{2});
  ASSERT_TRUE(readout);
  EXPECT_EQ(readout->size(), 3U);
  EXPECT_EQ(readout->front().records.at(1).kind, "energy");
  EXPECT_THAT(sent(), ElementsAre("10 40 02 42 16", "10 7B 02 7D 16", "10 7B 02 7D 16", "10 7B 02 7D 16",
                                  "10 5B 02 5D 16", "10 7B 02 7D 16"));
}

TEST_F(MasterTest, gives_up_on_answers_that_stay_wrong_and_greets_again_afterwards) {
  meter(0).garbled = 3;
  const auto failed = error(std::uint8_t{1});
  EXPECT_EQ(failed.fault, Fault::malformed);
  EXPECT_THAT(failed.detail, HasSubstr("bytes that are no answer (68 "));
  wire.sent.clear();
  EXPECT_EQ(telegrams(std::uint8_t{1}), 1U);
  EXPECT_THAT(sent(), ElementsAre("10 40 01 41 16", "10 7B 01 7C 16"));
}

TEST_F(MasterTest, says_how_long_it_waited_for_a_meter_that_is_not_there) {
  const auto begin = wire.now();
  const auto failed = error(std::uint8_t{77});
  EXPECT_EQ(failed.fault, Fault::timeout);
  EXPECT_EQ(failed.detail, "no answer within 287ms");
  EXPECT_THAT(sent(), ElementsAre("10 40 4D 8D 16", "10 40 4D 8D 16", "10 40 4D 8D 16", "10 7B 4D C8 16"));
  EXPECT_LT(wire.now() - begin, 1300ms);
}

TEST_F(MasterTest, reads_a_meter_that_confirms_no_greetings) {
  meter(0).confirms_greetings = false;
  EXPECT_EQ(telegrams(std::uint8_t{1}), 1U);
  wire.sent.clear();
  EXPECT_EQ(telegrams(std::uint8_t{1}), 1U);
  EXPECT_THAT(sent(), ElementsAre("10 5B 01 5C 16"));
}

TEST_F(MasterTest, waits_for_a_meter_that_misses_its_first_question) {
  meter(0).silent = 2;
  EXPECT_EQ(telegrams(std::uint8_t{1}), 1U);
}

TEST_F(MasterTest, strips_the_echo_of_its_own_words) {
  wire.line.has_echo = true;
  EXPECT_EQ(telegrams(std::uint8_t{2}), 3U);
  EXPECT_EQ(telegrams(secondary("12345678")), 1U);
  EXPECT_TRUE(master.link().has_echo());
  EXPECT_EQ(error(std::uint8_t{77}).fault, Fault::timeout);
}

TEST_F(MasterTest, drops_what_came_before_the_question) {
  EXPECT_EQ(telegrams(std::uint8_t{1}), 1U);
  wire.noise = hex("E5 E5 68 03 03 68");
  EXPECT_EQ(telegrams(std::uint8_t{3}), 1U);
}

TEST_F(MasterTest, knows_a_collision_of_two_meters_at_one_address) {
  meter(2).address = 1;
  const auto failed = error(std::uint8_t{1});
  EXPECT_EQ(failed.fault, Fault::malformed);
  EXPECT_THAT(failed.detail, HasSubstr("several meters at once, or noise"));
}

TEST_F(MasterTest, takes_no_answer_from_another_meter) {
  EXPECT_EQ(telegrams(std::uint8_t{1}), 1U);
  meter(0).address = 5;
  meter(2).address = 1;
  meter(2).named_address = 3;
  EXPECT_EQ(error(std::uint8_t{1}).detail, "meter 3 answered in its place");
}

TEST_F(MasterTest, selects_by_number_and_by_number_with_maker) {
  EXPECT_EQ(telegrams(secondary("12345679")), 1U);
  EXPECT_EQ(telegrams(secondary("87654321 EMH 00 02")), 3U);
  EXPECT_EQ(telegrams(secondary("87654321A8150002")), 3U);
  EXPECT_THAT(sent().front(), "68 0B 0B 68 53 FD 52 79 56 34 12 FF FF FF FF B3 16");
  EXPECT_EQ(error(secondary("12345678 EMH 00 02")).fault, Fault::malformed);  // another maker's
}

TEST_F(MasterTest, finds_a_meter_by_number_alone_if_its_maker_does_not_help) {
  meter(0).is_found_by_number_alone = true;
  EXPECT_EQ(telegrams(secondary("12345678 KAM 1B 04")), 1U);
}

TEST_F(MasterTest, reads_several_meters_in_turn_by_one_selection_each) {
  for (int round = 0; round < 3; ++round) {
    EXPECT_EQ(telegrams(secondary("12345678")), 1U);
    EXPECT_EQ(telegrams(secondary("87654321")), 3U);
    EXPECT_EQ(telegrams(std::uint8_t{3}), 1U);
  }
}

TEST_F(MasterTest, stops_where_a_meter_ignores_the_frame_count_bit) {
  meter(1).telegrams.resize(1);
  meter(1).minds_the_frame_count_bit = false;
  EXPECT_EQ(telegrams(std::uint8_t{2}), 1U);
  EXPECT_EQ(wire.sent.size(), 3U);
}

TEST_F(MasterTest, brings_a_meter_to_its_first_telegram_by_an_application_reset) {
  meter(1).wants_application_reset = true;
  EXPECT_EQ(telegrams(std::uint8_t{2}), 1U);
  const auto readout = master.read(std::uint8_t{2}, {true});
  ASSERT_TRUE(readout);
  EXPECT_EQ(readout->size(), 3U);
}

TEST_F(MasterTest, is_offline_at_once_when_it_is_cancelled) {
  wire.cancel();
  EXPECT_EQ(error(std::uint8_t{1}).fault, Fault::offline);
}

}  // namespace
}  // namespace fettle::mbus
