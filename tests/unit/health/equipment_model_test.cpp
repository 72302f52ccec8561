#include "health/equipment_model.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fettle::health {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// A sound model, with one place for each test to spoil.
struct Text {
  std::string head = "class: fan\ntitle: Fan\nbrick: brick:Fan\n";
  std::string roles =
      "roles:\n  power: {quantity: active_power, required: true, title: Power, brick: brick:Electric_Power_Sensor}\n";
  std::string parameters = "parameters:\n  rated: {value: 5, title: Rated power in kW}\n";
  std::string derived = "derived:\n  load: {quantity: ratio, formula: power / rated}\n";
  std::string running = "running: power > 0.1\nstart_up: 2m\n";
  std::string mode = "wear";
  std::string code = "VIB";
  std::string limit = "limit: 2 * b";
  std::string advice = "{code: FAN-SERVICE, text: Service the fan, minutes: 30, parts: [{sku: S, name: belt, qty: 2}]}";
  std::string more;

  std::string yaml() const {
    return head + roles + parameters + derived + running + "modes:\n  - mode: " + mode + "\n    iso14224: " + code +
           "\n    part: belt\n    cause: age\n    effect: noise\n    severity: major\n    horizon: 30d\n"
           "    indicators:\n      - {name: load, title: Load, formula: load, quantity: ratio, every: 1h, learn: 2d, "
           "warn: 1.5, " +
           limit + ", source: experience}\n    advice: " + advice + "\n" + more;
  }
};

struct Read {
  EquipmentModel model;
  std::vector<std::string> mistakes;
};

Read read(const Text& text) {
  settings::Mistakes mistakes;
  auto model = read_equipment_model(settings::load_text(text.yaml(), "fan.yaml", mistakes), mistakes);
  mistakes.sort();
  std::vector<std::string> texts;
  for (const auto& mistake : mistakes.all()) texts.push_back(to_text(mistake));
  return {std::move(model), std::move(texts)};
}

TEST(EquipmentModel, is_read_whole) {
  const auto [model, mistakes] = read({});
  EXPECT_THAT(mistakes, IsEmpty());
  EXPECT_EQ(model.name, "fan");
  EXPECT_EQ(model.role("power")->quantity, Quantity::active_power);
  EXPECT_TRUE(model.role("power")->required);
  EXPECT_EQ(model.role("speed"), nullptr);
  EXPECT_EQ(model.parameters.at(0).value, 5);
  EXPECT_EQ(model.derived.at(0).formula.text, "power / rated");
  EXPECT_EQ(model.running->text, "power > 0.1");
  EXPECT_EQ(model.start_up, 2min);
  const auto& mode = model.modes.at(0);
  EXPECT_EQ(mode.severity, Severity::major);
  EXPECT_EQ(mode.detector, "baseline_limit");
  EXPECT_EQ(mode.horizon, 720h);
  EXPECT_EQ(mode.indicators.at(0).learn, 48h);
  EXPECT_EQ(mode.indicators.at(0).warn.text, "1.5");
  EXPECT_EQ(mode.indicators.at(0).limit.node.mark().line, 21);
  EXPECT_EQ(mode.advice.parts.at(0).quantity, 2);
}

TEST(EquipmentModel, learns_nothing_unless_it_says_so) {
  Text text;
  text.limit = "limit: 2";
  auto yaml = text.yaml();
  yaml.replace(yaml.find("learn: 2d, "), 11, "");
  settings::Mistakes mistakes;
  const auto model = read_equipment_model(settings::load_text(yaml, "fan.yaml", mistakes), mistakes);
  EXPECT_TRUE(mistakes.empty());
  EXPECT_EQ(model.modes.at(0).indicators.at(0).learn, 0s);
}

TEST(EquipmentModel, gives_each_name_once_and_keeps_b_for_the_baseline) {
  Text text;
  text.parameters =
      "parameters:\n  power: {value: 5, title: Rated}\n  b: {value: 1, title: B}\n  Max-2: {value: 1, title: M}\n";
  EXPECT_THAT(read(text).mistakes,
              ElementsAre("fan.yaml:7:3: parameters.power: \"power\" is defined already in line 5",
                          "fan.yaml:8:3: parameters.b: \"b\" is the baseline in warn and limit; choose another name",
                          "fan.yaml:9:3: parameters.Max-2: \"Max-2\" is no name for a formula (a-z, then a-z 0-9 _)"));
}

TEST(EquipmentModel, checks_the_names_of_modes_codes_and_classes) {
  Text text;
  text.mode = "Wear_1";
  text.code = "VIBR";
  text.head = "class: fan\ntitle: Fan\nbrick: Fan\n";
  EXPECT_THAT(
      read(text).mistakes,
      ElementsAre(
          "fan.yaml:3:8: brick: \"Fan\" is no Brick class (try brick:Fan)",
          "fan.yaml:13:11: modes[0].mode: \"Wear_1\" is no name for a failure mode (a-z 0-9 -)",
          "fan.yaml:14:15: modes[0].iso14224: \"VIBR\" is no ISO 14224 code (three capital letters, such as VIB)"));
}

TEST(EquipmentModel, reports_what_an_advice_lacks) {
  Text text;
  text.advice = "{code: FAN SERVICE, minutes: long, parts: [{sku: S}]}";
  EXPECT_THAT(read(text).mistakes,
              ElementsAre("fan.yaml:22:13: modes[0].advice: \"text\" is missing",
                          "fan.yaml:22:20: modes[0].advice.code: \"FAN SERVICE\" cannot be part of a topic (1 to 64 of "
                          "A-Z a-z 0-9 _ -)",
                          "fan.yaml:22:42: modes[0].advice.minutes: \"long\" is not a number (0 to 10000)",
                          "fan.yaml:22:56: modes[0].advice.parts[0]: \"name\" is missing"));
}

TEST(EquipmentModel, refuses_notes_that_would_alarm_a_customer) {
  Text text;
  text.more = "    customer_note: The fan in {building} has a serious Fault, it is urgently needed by default.\n";
  EXPECT_THAT(read(text).mistakes, ElementsAre(HasSubstr("modes[0].customer_note: \"fault\" alarms a customer"),
                                               HasSubstr("modes[0].customer_note: \"urgent\" alarms a customer")));
}

TEST(EquipmentModel, refuses_notes_with_codes_in_them) {
  Text text;
  text.more =
      "    customer_note: The AHU in {building} gets a new belt.\n    closing_note: It got belt B7 in {area}.\n";
  EXPECT_THAT(read(text).mistakes, ElementsAre(HasSubstr("modes[0].customer_note: \"AH\" looks like a code"),
                                               HasSubstr("modes[0].closing_note: \"B7\" looks like a code")));
}

TEST(EquipmentModel, reads_what_a_mode_wastes) {
  Text text;
  text.more = "    energy: {of: power, share: 1 - b / x, source: experience}\n";
  const auto [model, mistakes] = read(text);
  EXPECT_THAT(mistakes, IsEmpty());
  const auto& mode = model.modes.at(0);
  ASSERT_TRUE(mode.energy);
  EXPECT_EQ(mode.energy->of.text, "power");
  EXPECT_EQ(mode.energy->share.text, "1 - b / x");
  EXPECT_EQ(wasteful_indicator(mode), &mode.indicators.at(0));
}

TEST(EquipmentModel, says_how_long_a_mode_warns_and_why_its_limits_want_a_look) {
  EXPECT_FALSE(read({}).model.modes.at(0).warning_time);
  EXPECT_EQ(read({}).model.modes.at(0).verify, "");
  Text text;
  text.more = "    pf: {least: 20d, most: 90d}\n    verify: belts differ\n";
  const auto [model, mistakes] = read(text);
  EXPECT_THAT(mistakes, IsEmpty());
  const auto& mode = model.modes.at(0);
  ASSERT_TRUE(mode.warning_time);
  EXPECT_EQ(mode.warning_time->least, 480h);
  EXPECT_EQ(mode.warning_time->most, 2160h);
  EXPECT_EQ(mode.verify, "belts differ");
}

TEST(EquipmentModel, refuses_a_warning_time_that_ends_before_it_begins) {
  Text text;
  text.more = "    pf: {least: 90d, most: 20d}\n";
  EXPECT_THAT(read(text).mistakes, ElementsAre(HasSubstr("modes[0].pf.most: is shorter than `least`")));
  text.more = "    pf: {least: soon}\n";
  EXPECT_THAT(read(text).mistakes,
              testing::UnorderedElementsAre(HasSubstr("modes[0].pf.least: \"soon\" is not a duration"),
                                            HasSubstr("modes[0].pf: \"most\" is missing")));
}

TEST(EquipmentModel, takes_an_energy_that_is_an_excess_instead_of_a_share) {
  Text text;
  text.more = "    energy: {excess: power_excess, source: experience}\n";
  const auto [model, mistakes] = read(text);
  EXPECT_THAT(mistakes, IsEmpty());
  EXPECT_EQ(model.modes.at(0).energy->excess.text, "power_excess");
  text.more = "    energy: {excess: power_excess, share: 0.5, source: experience}\n";
  EXPECT_THAT(read(text).mistakes, ElementsAre(HasSubstr("unknown key \"share\"")));
}

TEST(EquipmentModel, reports_what_an_energy_lacks_and_keeps_x_for_the_indicator) {
  Text text;
  text.parameters = "parameters:\n  x: {value: 5, title: Rated power in kW}\n  rated: {value: 5, title: R}\n";
  text.more = "    energy: {of: power, shares: 0.5}\n";
  EXPECT_THAT(read(text).mistakes,
              testing::UnorderedElementsAre(HasSubstr("parameters.x: \"x\" is the indicator's value in energy"),
                                            HasSubstr("energy: \"share\" is missing"),
                                            HasSubstr("\"source\" is missing"), HasSubstr("unknown key \"shares\"")));
}

TEST(EquipmentModel, refuses_notes_that_are_too_long_or_name_unknown_places) {
  Text text;
  text.more = "    customer_note: " + std::string(261, 'x') + "\n    closing_note: All is well in {room} and {area\n";
  EXPECT_THAT(read(text).mistakes,
              ElementsAre(HasSubstr("the note has 261 characters; at most 260 leave room for names"),
                          HasSubstr("\"{room}\" is no placeholder (there are {building}, {floor} and {area})"),
                          HasSubstr("\"{area\" is no placeholder")));
}

TEST(EquipmentModel, counts_characters_not_bytes) {
  Text text;
  text.more = "    customer_note: ";
  for (int i = 0; i < 260; ++i) text.more += "ü";
  EXPECT_THAT(read(text).mistakes, IsEmpty());
}

TEST(EquipmentModel, refuses_a_mode_that_stands_twice) {
  Text text;
  const auto yaml = text.yaml();
  const auto mode = yaml.substr(yaml.find("  - mode"));
  text.more = mode;
  EXPECT_THAT(read(text).mistakes, ElementsAre("fan.yaml:23:11: modes[1].mode: \"wear\" stands here twice"));
}

}  // namespace
}  // namespace fettle::health
