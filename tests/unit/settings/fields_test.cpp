#include "settings/fields.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fettle::settings {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

/// Fields over a text, and what they complained about.
struct Reading {
  explicit Reading(std::string_view text) : fields{load_text(text, "x.yaml", mistakes), mistakes} {}

  std::vector<std::string> complaints() const {
    std::vector<std::string> texts;
    for (const auto& mistake : mistakes.all()) texts.push_back(to_text(mistake));
    return texts;
  }

  Mistakes mistakes;
  Fields fields;
};

enum class Parity { none, even, odd };
constexpr std::array<std::pair<std::string_view, Parity>, 3> parities{
    {{"none", Parity::none}, {"even", Parity::even}, {"odd", Parity::odd}}};

TEST(Fields, reads_each_kind_of_value) {
  Reading reading{
      "t: text\ns: a-B_9\nn: 2.5e-1\ni: -7\nh: 0x1F\nf: true\nd: 5m\nq: pressure\nc: odd\nl: [a, b]\nm: {x: 1}\n"};
  auto& fields = reading.fields;
  EXPECT_EQ(fields.text("t"), "text");
  EXPECT_EQ(fields.slug("s"), "a-B_9");
  EXPECT_EQ(fields.number("n", 0, 1), 0.25);
  EXPECT_EQ(fields.integer("i", -10, 10), -7);
  EXPECT_EQ(fields.integer("h", 0, 255), 31);
  EXPECT_TRUE(fields.flag("f", false));
  EXPECT_EQ(fields.duration("d"), 5min);
  EXPECT_EQ(fields.quantity("q"), Quantity::pressure);
  EXPECT_EQ(fields.choice<Parity>("c", parities), Parity::odd);
  EXPECT_THAT(fields.texts("l"), ElementsAre("a", "b"));
  EXPECT_EQ(fields.child("m").kind(), Node::Kind::mapping);
  fields.finish();
  EXPECT_THAT(reading.complaints(), IsEmpty());
}

TEST(Fields, reads_sizes_as_people_write_them) {
  Reading reading{"a: 64MB\nb: 1.5GB\nc: 500kB\nd: 4096\ne: 7B\nf: 64 parsecs\ng: 1kB\nh: -1MB\ni: 1e99GB\n"};
  auto& fields = reading.fields;
  EXPECT_EQ(fields.size("a", 1, 0), 64'000'000U);
  EXPECT_EQ(fields.size("b", 1, 0), 1'500'000'000U);
  EXPECT_EQ(fields.size("c", 1, 0), 500'000U);
  EXPECT_EQ(fields.size("d", 1, 0), 4'096U);
  EXPECT_EQ(fields.size("e", 1, 0), 7U);
  EXPECT_EQ(fields.size("absent", 1, 9), 9U);
  EXPECT_THAT(reading.complaints(), IsEmpty());
  EXPECT_EQ(fields.size("f", 1, 5), 5U);
  EXPECT_EQ(fields.size("g", 1'000'000, 5), 5U);
  fields.size("h", 1, 5);
  fields.size("i", 1, 5);
  EXPECT_THAT(reading.complaints(), ElementsAre("x.yaml:6:4: f: \"64 parsecs\" is not a size (try 64MB)",
                                                "x.yaml:7:4: g: \"1kB\" is too small (at least 1MB)",
                                                "x.yaml:8:4: h: \"-1MB\" is not a size (try 64MB)",
                                                "x.yaml:9:4: i: \"1e99GB\" is not a size (try 64MB)"));
}

TEST(Fields, falls_back_where_a_key_is_absent_or_empty) {
  Reading reading{"empty:\n"};
  auto& fields = reading.fields;
  EXPECT_EQ(fields.text("empty", "x"), "x");
  EXPECT_EQ(fields.slug("a", "b"), "b");
  EXPECT_EQ(fields.number("a", 0, 1, 0.5), 0.5);
  EXPECT_EQ(fields.integer("a", 0, 9, 4), 4);
  EXPECT_TRUE(fields.flag("a", true));
  EXPECT_EQ(fields.duration("a", 1s, 7s), 7s);
  EXPECT_EQ(fields.choice<Parity>("a", parities, Parity::even), Parity::even);
  EXPECT_THAT(fields.texts("a"), IsEmpty());
  EXPECT_THAT(fields.list_or_empty("a"), IsEmpty());
  EXPECT_FALSE(fields.child("a"));
  fields.finish();
  EXPECT_THAT(reading.complaints(), IsEmpty());
}

TEST(Fields, reports_required_keys_at_the_mapping) {
  Reading reading{"devices:\n  - id: x\n    unit:\n"};
  Fields fields{reading.fields.child("devices").items().at(0), reading.mistakes};
  fields.text("id");
  fields.integer("unit", 1, 247);
  fields.duration("every");
  fields.list("points");
  EXPECT_THAT(reading.complaints(), ElementsAre("x.yaml:3:5: devices[0].unit: a value is missing",
                                                "x.yaml:2:5: devices[0]: \"every\" is missing",
                                                "x.yaml:2:5: devices[0]: \"points\" is missing"));
}

TEST(Fields, reports_values_of_the_wrong_kind) {
  Reading reading{"d: 5 parsecs\nn: many\ni: 1.5\nf: yes\ns: a/b\nq: presure\nc: maybe\nt: [1]\nl: word\nm: word\n"};
  auto& fields = reading.fields;
  fields.duration("d");
  fields.number("n", 0, 1);
  fields.integer("i", 1, 247);
  fields.flag("f", false);
  fields.slug("s");
  fields.quantity("q");
  fields.choice<Parity>("c", parities);
  fields.text("t");
  fields.list("l");
  const Fields inner{fields.child("m"), reading.mistakes};
  EXPECT_THAT(reading.complaints(),
              ElementsAre("x.yaml:1:4: d: \"5 parsecs\" is not a duration (try 5s)",
                          "x.yaml:2:4: n: \"many\" is not a number (0 to 1)",
                          "x.yaml:3:4: i: \"1.5\" is not a whole number (1 to 247)",
                          "x.yaml:4:4: f: \"yes\" is neither true nor false",
                          "x.yaml:5:4: s: \"a/b\" cannot be part of a topic (1 to 64 of A-Z a-z 0-9 _ -)",
                          "x.yaml:6:4: q: \"presure\" is not a quantity (did you mean \"pressure\"?)",
                          "x.yaml:7:4: c: \"maybe\" is none of none, even, odd",
                          "x.yaml:8:4: t: one value is wanted here, not a list or a mapping",
                          "x.yaml:9:4: l: this is not a list (write [a, b], or one `- ` a line)",
                          "x.yaml:10:4: m: this is not a mapping (write `key: value`, one a line)"));
}

TEST(Fields, reports_values_out_of_range_with_the_bounds) {
  Reading reading{"i: 300\nn: -1\nd: 1ms\nnan: nan\nhuge: 99999999999999999999\nh: 0x-1\n"};
  auto& fields = reading.fields;
  EXPECT_EQ(fields.integer("i", 1, 247), 1);
  fields.number("n", 0, std::numeric_limits<double>::max());
  fields.duration("d", 1s);
  fields.number("nan", 0, 1);
  fields.integer("huge", 0, 9);
  fields.integer("h", 0, 9);
  EXPECT_THAT(reading.complaints(),
              ElementsAre("x.yaml:1:4: i: \"300\" is out of range (1 to 247)",
                          "x.yaml:2:4: n: \"-1\" is out of range (at least 0)",
                          "x.yaml:3:4: d: \"1ms\" is too short (at least 1s)",
                          "x.yaml:4:6: nan: \"nan\" is not a number (0 to 1)",
                          "x.yaml:5:7: huge: \"99999999999999999999\" is not a whole number (0 to 9)",
                          "x.yaml:6:4: h: \"0x-1\" is not a whole number (0 to 9)"));
}

TEST(Fields, names_the_nearest_key_for_an_unknown_one) {
  Reading reading{"untl: 1\nevery: 5s\nsomething: 2\n"};
  auto& fields = reading.fields;
  fields.integer("unit", 1, 247, 1);
  fields.duration("every");
  fields.child("profile");
  fields.finish();
  EXPECT_THAT(reading.complaints(),
              ElementsAre("x.yaml:1:1: unknown key \"untl\" (did you mean \"unit\"?)",
                          "x.yaml:3:1: unknown key \"something\" (possible here: profile, unit)"));
}

TEST(Fields, reports_a_list_in_place_of_a_mapping_once) {
  Reading reading{"[a, b]\n"};
  reading.fields.text("id");
  reading.fields.finish();
  EXPECT_THAT(reading.complaints(), ElementsAre("x.yaml:1:1: this is not a mapping (write `key: value`, one a line)"));
}

TEST(Fields, reports_a_variable_without_value_once) {
  Reading reading{"port: ${FETTLE_TEST_NOBODY}\n"};
  reading.fields.integer("port", 1, 65535);
  EXPECT_EQ(reading.mistakes.size(), 1);
}

}  // namespace
}  // namespace fettle::settings
