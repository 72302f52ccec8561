#include "acquisition/driver.hpp"
#include "mqtt/payload.hpp"
#include "mqtt/topic.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace fettle::mqtt_input {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(TopicFilter, takes_what_mqtt_says) {
  struct Case {
    std::string_view filter, topic;
    bool fits;
  };
  for (const auto& [filter, topic, fits] : {
           Case{"tele/plug/SENSOR", "tele/plug/SENSOR", true},
           {"tele/plug/SENSOR", "tele/plug/SENSORS", false},
           {"tele/plug/SENSOR", "tele/plug", false},
           {"tele/plug", "tele/plug/SENSOR", false},
           {"application/+/device/x/event/up", "application/7/device/x/event/up", true},
           {"application/+/device/x/event/up", "application/device/x/event/up", false},
           {"a/#", "a", true},
           {"a/#", "a/b/c", true},
           {"a/#", "ab", false},
           {"+", "a", true},
           {"+", "/a", false},
           {"+/+", "/a", true},
           {"a/+", "a/", true},
           {"#", "a/b", true},
           {"#", "$SYS/uptime", false},
           {"+/uptime", "$SYS/uptime", false},
           {"$SYS/#", "$SYS/uptime", true},
       })
    EXPECT_EQ(matches(filter, topic), fits) << filter << " " << topic;
}

TEST(TopicFilter, has_wildcards_for_whole_levels_only) {
  for (const auto* const filter : {"a", "a/+/b", "#", "a/#", "/", "+"}) EXPECT_TRUE(is_filter(filter)) << filter;
  for (const auto* const filter : {"", "a+/b", "a/#/b", "a#", "++"}) EXPECT_FALSE(is_filter(filter)) << filter;
}

TEST(TopicFilter, holds_the_place_of_the_device) {
  EXPECT_EQ(with_device("tele/{device}/SENSOR", "plug"), "tele/plug/SENSOR");
  EXPECT_EQ(with_device("{device}/{device}", "{device}"), "{device}/{device}");
}

/// "21.5", "no value", "nothing"
std::string found(std::string_view payload, std::string_view pointer, const text::States& states = {}) {
  const auto member = Payload{payload}.at(pointer, states);
  if (!member) return "nothing";
  if (member->number.reason != Reason::none) return std::string{name_of(member->number.reason)};
  return fmt::format("{}", member->number.value);
}

TEST(Payload, gives_numbers_booleans_texts_and_states) {
  const auto* const payload =
      R"({"a":1.5,"b":{"c d":[7,{"e/f":"-3"}]},"t":true,"on":"ON","n":null,"w":"warm","o":{},"nan":"NaN","big":18446744073709551615})";
  EXPECT_EQ(found(payload, "/a"), "1.5");
  EXPECT_EQ(found(payload, "/b/c d/0"), "7");
  EXPECT_EQ(found(payload, "/b/c d/1/e~1f"), "-3");
  EXPECT_EQ(found(payload, "/t"), "1");
  EXPECT_EQ(found(payload, "/on", {{"ON", 2}}), "2");
  EXPECT_EQ(found(payload, "/n"), "no value");
  EXPECT_EQ(found(payload, "/nan"), "no value");
  EXPECT_EQ(found(payload, "/w"), "malformed");
  EXPECT_EQ(found(payload, "/o"), "malformed");
  EXPECT_EQ(found(payload, "/big"), "1.8446744073709552e+19");
  EXPECT_EQ(found(payload, "/missing"), "nothing");
  EXPECT_EQ(found(payload, "/b/c d/9"), "nothing");
  EXPECT_EQ(found(payload, "/a/deeper"), "nothing");
}

TEST(Payload, may_be_plain_text) {
  EXPECT_EQ(found(" 23.5\n", ""), "23.5");
  EXPECT_EQ(found("OPEN", "", {{"OPEN", 1}, {"CLOSED", 0}}), "1");
  EXPECT_EQ(found("", ""), "no value");
  EXPECT_EQ(found("1e999", ""), "malformed");
  EXPECT_EQ(found("23.5 C", ""), "malformed");
}

TEST(Payload, that_is_no_json_has_no_members) {
  EXPECT_EQ(found("{\"a\":", "/a"), "malformed");
  EXPECT_EQ(found(std::string(1000, '['), "/a"), "malformed");
}

TEST(Payload, tells_whether_the_device_is_there) {
  for (const auto* const there : {"Online", "online", "true", R"({"state":"online"})"})
    EXPECT_EQ(Payload{there}.availability(), true) << there;
  for (const auto* const away : {"Offline", "offline", "false", R"({"state":"offline"})"})
    EXPECT_EQ(Payload{away}.availability(), false) << away;
  for (const auto* const neither : {"", "maybe", "{}", R"({"state":1})", "{"})
    EXPECT_EQ(Payload{neither}.availability(), std::nullopt) << neither;
}

std::vector<std::string> mistakes_of(const std::string& profile) {
  settings::Mistakes mistakes;
  acquisition::read_device_profile(settings::load_text(profile, "plug.yaml", mistakes), mistakes);
  mistakes.sort();
  std::vector<std::string> texts;
  for (const auto& each : mistakes.all()) texts.push_back(to_text(each));
  return texts;
}

TEST(MessageProfile, can_be_short) {
  EXPECT_THAT(mistakes_of("{protocol: mqtt, topic: tele/plug/SENSOR, points: {p: {quantity: active_power, unit: W, "
                          "pointer: /ENERGY/Power}}}"),
              testing::IsEmpty());
}

TEST(MessageProfile, reports_what_cannot_be_used) {
  EXPECT_THAT(mistakes_of("protocol: mqtt\n"
                          "points:\n"
                          "  a: {quantity: voltage, pointer: /a}\n"
                          "  b: {quantity: voltage, topic: x+/y, pointer: b, states: {ON: one}, adress: 1}\n"
                          "availabilty: z\n"),
              ElementsAre("plug.yaml:3:6: points.a: \"topic\" is missing, here or for all points of the profile",
                          HasSubstr("4:33: points.b.topic: \"x+/y\" is not a topic filter"),
                          HasSubstr("4:48: points.b.pointer: \"b\" is not a JSON pointer (write /b;"),
                          HasSubstr("points.b.states.ON: \"one\" is not a number"),
                          HasSubstr("points.b: unknown key \"adress\""),
                          "plug.yaml:5:1: unknown key \"availabilty\" (did you mean \"availability\"?)"));
}

TEST(MessageProfile, keeps_what_its_examples_promise) {
  const std::string head =
      "protocol: mqtt\ntopic: tele/{device}/SENSOR\npoints:\n"
      "  p: {quantity: active_power, unit: W, pointer: /P}\n"
      "  q: {quantity: reactive_power, unit: var, pointer: /Q}\nexamples:\n";
  EXPECT_THAT(
      mistakes_of(head + "  - {topic: tele/x/SENSOR, payload: '{\"P\": 1500}', readings: {p: 1.5, q: nothing}}"),
      testing::IsEmpty());
  EXPECT_THAT(mistakes_of(head + "  - {topic: tele/x/SENSOR, payload: '{\"P\": null}', readings: {p: 1.5, r: 1}}"),
              ElementsAre(HasSubstr("the example gives no value for \"p\", not 1.5"),
                          HasSubstr("the profile has no point \"r\"")));
}

}  // namespace
}  // namespace fettle::mqtt_input
