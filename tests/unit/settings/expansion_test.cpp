#include "settings/expansion.hpp"
#include "support/mistakes.hpp"

#include "settings/patch.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fettle::settings {
namespace {

using test::texts;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

struct Expanded {
  Node root;
  std::vector<std::string> whole, confined;
};

Expanded expanded(const std::string& text) {
  Mistakes whole, confined;
  auto root = written_out(load_text(text, "site.yaml", whole), {whole, confined});
  return {std::move(root), texts(whole), texts(confined)};
}

/// The values of one key of a list's entries.
std::vector<std::string> column(const Node& list, std::string_view key) {
  std::vector<std::string> values;
  for (const auto& item : list.items()) values.push_back(item[key].scalar());
  return values;
}

/// What is said of `for: <text>` of a device with the id d_{n}.
std::vector<std::string> refusal(const std::string& text) {
  const auto site = expanded("devices: [{id: 'd_{n}', for: " + text + "}]");
  EXPECT_THAT(site.whole, IsEmpty());
  EXPECT_TRUE(site.root["devices"].items().at(0)["for"]) << "it stays as it is";
  return site.confined;
}

TEST(Expansion, leaves_a_site_without_short_forms_as_it_is) {
  const auto site = expanded("buses: [{id: b}]\ndevices: [{id: 'braces{n}', bus: b}]\nassets: word\n");
  EXPECT_THAT(site.whole, IsEmpty());
  EXPECT_THAT(site.confined, IsEmpty());
  EXPECT_EQ(site.root["devices"].items().at(0)["id"].scalar(), "braces{n}");
  EXPECT_EQ(site.root["assets"].scalar(), "word");
}

TEST(Expansion, makes_fifty_devices_and_assets_of_two_entries) {
  const auto site = expanded(R"(
devices:
  - {id: "meter_{n}", bus: meters, unit: "{n}", for: {n: 1..50}}
  - {id: main, bus: meters, unit: 99}
assets:
  - {id: "METER-{n:02}", name: "Flat {n}", points: {power: "meter_{n}/power"}, for: {n: 1..50}}
)");
  EXPECT_THAT(site.confined, IsEmpty());
  const auto devices = site.root["devices"];
  ASSERT_THAT(devices.items(), SizeIs(51));
  EXPECT_EQ(devices.items()[0]["id"].scalar(), "meter_1");
  EXPECT_EQ(devices.items()[49]["id"].scalar(), "meter_50");
  EXPECT_EQ(devices.items()[49]["unit"].scalar(), "50");
  EXPECT_EQ(devices.items()[49]["bus"].scalar(), "meters");
  EXPECT_FALSE(devices.items()[49]["for"]);
  EXPECT_EQ(devices.items()[50]["id"].scalar(), "main");
  const auto assets = site.root["assets"];
  ASSERT_THAT(assets.items(), SizeIs(50));
  EXPECT_EQ(assets.items()[4]["id"].scalar(), "METER-05");
  EXPECT_EQ(assets.items()[4]["name"].scalar(), "Flat 5");
  EXPECT_EQ(assets.items()[4]["points"]["power"].scalar(), "meter_5/power");
}

TEST(Expansion, goes_through_lists_side_by_side) {
  const auto site = expanded("devices: [{id: 'm{n}', name: '{flat}', for: {n: [1, 3, 7..8], flat: [A, B, C, D]}}]");
  EXPECT_THAT(site.confined, IsEmpty());
  EXPECT_THAT(column(site.root["devices"], "id"), ElementsAre("m1", "m3", "m7", "m8"));
  EXPECT_THAT(column(site.root["devices"], "name"), ElementsAre("A", "B", "C", "D"));
}

TEST(Expansion, goes_through_a_table_row_by_row) {
  const auto site =
      expanded("assets: [{id: 'M{n}', floor: '{floor}', for: [{n: 1..2, floor: ground}, {n: 3, floor: '2-3'}]}]");
  EXPECT_THAT(site.confined, IsEmpty());
  EXPECT_THAT(column(site.root["assets"], "id"), ElementsAre("M1", "M2", "M3"));
  EXPECT_THAT(column(site.root["assets"], "floor"), ElementsAre("ground", "ground", "2-3"));
}

TEST(Expansion, makes_several_buses) {
  const auto site = expanded("buses: [{id: 'gate_{n}', driver: modbus_tcp, host: '10.0.0.{n}', for: {n: 11..13}}]");
  EXPECT_THAT(site.whole, IsEmpty());
  EXPECT_THAT(column(site.root["buses"], "host"), ElementsAre("10.0.0.11", "10.0.0.12", "10.0.0.13"));
}

TEST(Expansion, keeps_doubled_braces_as_braces) {
  const auto site = expanded("devices: [{id: 'd{n}', topic: 'a/{{x}}/{n}', for: {n: [7]}}]");
  EXPECT_EQ(site.root["devices"].items().at(0)["topic"].scalar(), "a/{x}/7");
}

TEST(Expansion, works_with_anchors_and_merge_keys) {
  const auto site = expanded(R"(
devices:
  - &meter {id: "a_{n}", unit: "{n}", every: 10s, for: {n: 1..2}}
  - {<<: *meter, id: "b_{n}"}
)");
  EXPECT_THAT(site.confined, IsEmpty());
  EXPECT_THAT(column(site.root["devices"], "id"), ElementsAre("a_1", "a_2", "b_1", "b_2"));
  EXPECT_THAT(column(site.root["devices"], "unit"), ElementsAre("1", "2", "1", "2"));
}

TEST(Expansion, is_made_of_the_file_with_its_patches) {
  Mistakes mistakes;
  const auto file = load_text("buses: [{id: b, defaults: {every: 10s}}]\ndevices: [{id: old, bus: b}]", "a", mistakes);
  const auto patch =
      load_text(R"({"devices": [{"id": "m_{n}", "bus": "b", "for": {"n": "1..2"}}]})", "patch", mistakes);
  const auto root = written_out(patched(file, patch), {mistakes, mistakes});
  EXPECT_TRUE(mistakes.empty());
  EXPECT_THAT(column(root["devices"], "id"), ElementsAre("m_1", "m_2"));
  EXPECT_THAT(column(root["devices"], "every"), ElementsAre("10s", "10s"));
}

TEST(Expansion, gives_a_bus_s_devices_its_defaults) {
  const auto site = expanded(R"(
buses:
  - {id: meters, driver: x, defaults: {profile: sdm120, every: 10s}}
  - {id: other, driver: x}
devices:
  - {id: a, bus: meters}
  - {id: b, bus: meters, every: 1s}
  - {id: c, bus: other}
)");
  EXPECT_THAT(site.whole, IsEmpty());
  EXPECT_THAT(column(site.root["devices"], "profile"), ElementsAre("sdm120", "sdm120", ""));
  EXPECT_THAT(column(site.root["devices"], "every"), ElementsAre("10s", "1s", ""));
  EXPECT_EQ(site.root["devices"].items()[0]["every"].path(), "buses[0].defaults.every");
  EXPECT_FALSE(site.root["buses"].items()[0]["defaults"]);
}

TEST(Expansion, refuses_defaults_that_cannot_be_shared) {
  const auto site = expanded("buses:\n  - {id: a, defaults: {id: x, every: 1s}}\n  - {id: b, defaults: [1]}\n");
  EXPECT_THAT(site.whole, ElementsAre("site.yaml:2:24: buses[0].defaults: \"id\" cannot be the same for all devices",
                                      "site.yaml:3:23: buses[1].defaults: this is not a mapping (write what the "
                                      "devices of this bus have in common)"));
}

TEST(Expansion, names_what_differs_after_its_entry_and_keeps_every_place) {
  const auto site = expanded("devices:\n  - {id: \"m_{n}\", unit: \"{n}\",\n     every: 10s, for: {n: 1..5}}\n");
  const auto fourth = site.root["devices"].items().at(3);
  EXPECT_EQ(fourth.path(), "devices[0] (m_4)");
  EXPECT_EQ(fourth["unit"].path(), "devices[0] (m_4).unit");
  EXPECT_EQ(fourth["unit"].mark().line, 2);
  EXPECT_EQ(fourth["unit"].mark().column, 25);
  EXPECT_EQ(fourth["missing"].path(), "devices[0] (m_4).missing");
  EXPECT_EQ(fourth["every"].path(), "devices[0].every");
  EXPECT_EQ(fourth["every"].mark().line, 3);
}

TEST(Expansion, says_what_is_wrong_with_a_repetition) {
  EXPECT_THAT(refusal("{n: 50..1}"), ElementsAre("site.yaml:1:34: devices[0].for.n: \"50..1\" is no range (the smaller "
                                                 "number comes first)"));
  EXPECT_THAT(refusal("{n: 1-50}"), ElementsAre("site.yaml:1:30: devices[0].for: \"1-50\" is one value (write 1..50 "
                                                "for all from the first to the last)"));
  EXPECT_THAT(refusal("{n: 7}"), ElementsAre("site.yaml:1:30: devices[0].for: this makes one entry only (write a "
                                             "range such as 1..50, or a list)"));
  EXPECT_THAT(refusal("{n: 1..3, name: [A, B]}"),
              ElementsAre("site.yaml:1:46: devices[0].for.name: 2 values, and \"n\" has 3"));
  EXPECT_THAT(refusal("{n: 1..1001}"),
              ElementsAre("site.yaml:1:34: devices[0].for.n: these are 1001 (at most 1000 from one entry)"));
  EXPECT_THAT(refusal("[{n: 1..600}, {n: 601..1200}]"),
              ElementsAre("site.yaml:1:30: devices[0].for: these are more than 1000"));
  EXPECT_THAT(refusal("[{n: 1}, {m: 2}]"), ElementsAre("site.yaml:1:39: devices[0].for[1]: every row needs the same "
                                                       "variables as the first one: n"));
  EXPECT_THAT(refusal("{N: 1..3}"), ElementsAre("site.yaml:1:31: devices[0].for.N: \"N\" cannot name a variable (small "
                                                "letters, digits and _)"));
  EXPECT_THAT(refusal("{n: [[1]]}"), ElementsAre(HasSubstr("one value is wanted here")));
  EXPECT_THAT(refusal("{n: []}"), ElementsAre(HasSubstr("names no values")));
  EXPECT_THAT(refusal("{}"), ElementsAre(HasSubstr("this names no variables")));
  EXPECT_THAT(refusal("[]"), ElementsAre(HasSubstr("this names no rows")));
  EXPECT_THAT(refusal("1..3"), ElementsAre(HasSubstr("this names no variables")));
}

TEST(Expansion, says_once_what_is_wrong_with_a_template) {
  const auto site = expanded(R"(devices:
  - {id: "m_{n}", a: "x {m}", b: "{n", c: {n}, d: "{flat:02}", for: {n: 1..50, flat: 'A'}}
  - {id: same, for: {n: 1..2}}
)");
  EXPECT_THAT(
      site.confined,
      ElementsAre("site.yaml:2:25: devices[0].a: `for` has no variable \"m\" (it has flat, n)",
                  "site.yaml:2:35: devices[0].b: \"{n\" is no variable (write {n} or {n:02}, and {{ for a brace)",
                  "site.yaml:2:43: devices[0].c: a variable needs quotes (write \"{n}\")",
                  "site.yaml:2:52: devices[0].d: \"A\" is no number that could be filled up with zeros",
                  "site.yaml:3:10: devices[1].id: all 2 would have this id (write a variable into it, such as "
                  "same_{n})"));
}

TEST(Expansion, ends_before_it_makes_more_than_a_machine_can_bear) {
  std::string text = "devices:\n";
  for (int i = 0; i < 200; ++i) text += fmt::format("  - {{id: 'a{}_{{n}}', b: '{{n}}', for: {{n: 1..1000}}}}\n", i);
  EXPECT_THAT(expanded(text).confined, ElementsAre(HasSubstr("these are more than 200000 values")));
}

TEST(Mistakes, are_told_for_a_few_entries_and_counted_when_one_place_is_wrong_for_many) {
  Mistakes mistakes;
  for (int i = 1; i <= 50; ++i) {
    const auto name = fmt::format("devices[0] (m_{})", i);
    mistakes.add({{"a.yaml", 2, 5}, name, "\"every\" is missing"});
    mistakes.add({{"a.yaml", 2, 9}, name + ".unit", fmt::format("\"{}\" is out of range", i)});
  }
  EXPECT_THAT(texts(std::move(mistakes)),
              ElementsAre("a.yaml:2:5: devices[0] (m_1): \"every\" is missing (and 49 more like this)",
                          "a.yaml:2:9: devices[0] (m_1).unit: \"1\" is out of range",
                          "a.yaml:2:9: devices[0] (m_2).unit: \"2\" is out of range",
                          "a.yaml:2:9: devices[0] (m_3).unit: \"3\" is out of range (and 47 more like this)"));
}

}  // namespace
}  // namespace fettle::settings
