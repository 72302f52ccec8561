#include "acquisition/identity.hpp"

#include <gmock/gmock.h>

namespace fettle::acquisition {
namespace {

using settings::Mistakes;
using testing::ElementsAre;
using testing::IsEmpty;
using Words = std::vector<std::uint16_t>;

std::vector<std::string> texts(Mistakes& mistakes) {
  std::vector<std::string> result;
  for (const auto& mistake : mistakes.all()) result.push_back(mistake.text);
  return result;
}

Probe probe(const std::string& yaml) {
  Mistakes mistakes;
  auto result =
      read_probe(settings::load_text(yaml, "x.yaml", mistakes), RegisterTable::holding, WordOrder::big, mistakes);
  EXPECT_THAT(texts(mistakes), IsEmpty());
  return result;
}

TEST(Probe, knows_a_device_by_the_beginning_of_its_name) {
  const auto name = probe("{address: 49, count: 4, expect: iEM3, meaning: meter model}");
  EXPECT_TRUE(name.tells());
  const Words answer{0x6945, 0x4D33, 0x3135, 0x3500};  // "iEM3155"
  EXPECT_TRUE(matches(name, answer));
  EXPECT_EQ(shown(name, answer), "iEM3155");
  EXPECT_TRUE(matches(name, Words{0x4945, 0x4D33, 0x3235, 0x3500}));   // "IEM3255"
  EXPECT_FALSE(matches(name, Words{0x504D, 0x3531, 0x3130, 0x2020}));  // "PM5110"
  EXPECT_FALSE(matches(name, Words{0x6945, 0x4D00, 0, 0}));            // "iEM" and no more
}

TEST(Probe, knows_a_device_by_a_number) {
  const auto model = probe("{table: input, address: 11, type: u16, expect: 1648..1653}");
  EXPECT_EQ(model.table, RegisterTable::input);
  EXPECT_TRUE(matches(model, Words{1648}));
  EXPECT_TRUE(matches(model, Words{1653}));
  EXPECT_FALSE(matches(model, Words{1654}));
  EXPECT_EQ(shown(model, Words{1650}), "1650");
  const auto socomec = probe("{address: 50000, type: u64, expect: 0x0053004F0043004F}");
  EXPECT_EQ(socomec.count, 4U);
  EXPECT_TRUE(matches(socomec, Words{0x53, 0x4F, 0x43, 0x4F}));
  EXPECT_FALSE(matches(socomec, Words{0x53, 0x4F, 0x43, 0x4E}));
}

TEST(Probe, may_expect_one_of_several_answers) {
  const auto names = probe("{address: 35168, count: 2, expect: [B23, A43]}");
  EXPECT_TRUE(matches(names, Words{0x4232, 0x3300}));   // "B23"
  EXPECT_TRUE(matches(names, Words{0x4134, 0x3320}));   // "A43"
  EXPECT_FALSE(matches(names, Words{0x4232, 0x3100}));  // "B21"
  const auto numbers = probe("{address: 11, type: u16, expect: [71, 100..102]}");
  EXPECT_TRUE(matches(numbers, Words{71}));
  EXPECT_TRUE(matches(numbers, Words{102}));
  EXPECT_FALSE(matches(numbers, Words{72}));
}

TEST(Probe, says_nothing_where_anything_may_be_answered_or_words_are_missing) {
  const auto serial = probe("{address: 129, type: u32, meaning: serial number}");
  EXPECT_FALSE(serial.tells());
  EXPECT_FALSE(matches(serial, Words{0, 7}));
  EXPECT_EQ(shown(serial, Words{1, 7}), "65543");
  EXPECT_FALSE(matches(probe("{address: 1, count: 2, expect: AB}"), Words{0x4142}));
  EXPECT_EQ(shown(serial, Words{1}), "");
}

TEST(Probe, shows_text_without_what_cannot_be_printed) {
  EXPECT_EQ(text_in(Words{0x0000, 0x2041, 0x0142, 0x2000}), "A?B");
  EXPECT_EQ(text_in(Words{}), "");
}

TEST(Probe, tells_what_is_wrong_with_it) {
  Mistakes mistakes;
  read_probe(settings::load_text("{address: 65535, type: u32, expect: high}", "x.yaml", mistakes),
             RegisterTable::holding, WordOrder::big, mistakes);
  EXPECT_THAT(texts(mistakes), ElementsAre("\"65535\" is out of range (0 to 65534)",
                                           "expected a whole number, or two of them such as 1648..1653"));
}

TEST(LinkDefaults, say_where_a_scan_looks_first) {
  Mistakes mistakes;
  const auto link =
      read_link(settings::load_text("{baud: [19200, 9600], parity: odd, stop_bits: 2, units: [1, 33], port: 502}",
                                    "x.yaml", mistakes),
                mistakes);
  EXPECT_THAT(texts(mistakes), IsEmpty());
  EXPECT_THAT(link.baud, ElementsAre(19200, 9600));
  EXPECT_EQ(link.parity, LinkParity::odd);
  EXPECT_EQ(link.stop_bits, 2);
  EXPECT_THAT(link.units, ElementsAre(1, 33));
  EXPECT_EQ(link.port, 502);
}

TEST(LinkDefaults, tell_what_is_wrong_with_them) {
  Mistakes mistakes;
  read_link(settings::load_text("{baud: [fast], units: [256]}", "x.yaml", mistakes), mistakes);
  EXPECT_THAT(texts(mistakes),
              ElementsAre("expected whole numbers from 300 to 4000000", "expected whole numbers from 0 to 255"));
}

}  // namespace
}  // namespace fettle::acquisition
