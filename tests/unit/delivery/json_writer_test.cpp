#include "delivery/json_writer.hpp"

#include <gtest/gtest.h>
#include <boost/json.hpp>
#include <limits>

namespace fettle::delivery {
namespace {

TEST(PlainText, leaves_good_utf8_alone) {
  const std::string text = "K\xC3\xBChler, \xE2\x82\xAC 5, \xF0\x9F\x98\x80";
  EXPECT_EQ(plain_text(text, 100), text);
}

TEST(PlainText, replaces_what_is_no_utf8) {
  const std::string mark = "\xEF\xBF\xBD";
  EXPECT_EQ(plain_text("K\xFChler", 100), "K" + mark + "hler");
  EXPECT_EQ(plain_text("\xC0\x80", 100), mark + mark) << "overlong";
  EXPECT_EQ(plain_text("\xED\xA0\x80", 100), mark + mark + mark) << "surrogate";
  EXPECT_EQ(plain_text("\xF4\x90\x80\x80", 100), mark + mark + mark + mark) << "beyond U+10FFFF";
  EXPECT_EQ(plain_text("\xE2\x82", 100), mark + mark) << "cut off";
}

TEST(PlainText, counts_characters_and_marks_what_it_cuts_off) {
  EXPECT_EQ(plain_text("\xC3\xBC\xC3\xBC\xC3\xBC", 3), "\xC3\xBC\xC3\xBC\xC3\xBC");
  EXPECT_EQ(plain_text("\xC3\xBC\xC3\xBC\xC3\xBC\xC3\xBC", 3), "\xC3\xBC\xC3\xBC\xE2\x80\xA6");
}

TEST(Numbers, are_rounded_to_what_they_mean) {
  EXPECT_EQ(number_text(significant(0.1 + 0.2, 4)), "0.3");
  EXPECT_EQ(number_text(significant(212.4456, 4)), "212.4");
  EXPECT_EQ(number_text(significant(-99999.9, 4)), "-100000");
  EXPECT_EQ(number_text(significant(1e15, 4)), "1.000000e+15");
  EXPECT_EQ(number_text(-0.0), "0");
  EXPECT_EQ(number_text(decimals(0.855, 1)), "0.9");
}

TEST(JsonWriter, escapes_whatever_a_name_may_hold) {
  JsonWriter json;
  json.open_object();
  json.text("name", "\"\\\n\r\t\x01\x7F/");
  json.close_object();
  const auto text = json.take();
  EXPECT_EQ(text, R"({"name":"\"\\\n\r\t\u0001\u007f/"})");
  EXPECT_EQ(boost::json::parse(text).at("name").as_string(), "\"\\\n\r\t\x01\x7F/");
}

TEST(JsonWriter, has_null_for_what_is_no_number) {
  JsonWriter json;
  json.open_object();
  json.number("value", std::numeric_limits<double>::infinity());
  json.close_object();
  EXPECT_EQ(json.take(), R"({"value":null})");
}

TEST(JsonText, writes_a_value_in_the_order_of_its_members) {
  const boost::json::value value{
      {"b", {1, -2.5, nullptr}}, {"a", {{"text", "line\n\"quoted\""}}}, {"none", boost::json::array{}}};
  EXPECT_EQ(json_text(value), R"({"b":[1,-2.5,null],"a":{"text":"line\n\"quoted\""},"none":[]})");
  EXPECT_EQ(json_text(boost::json::object{}), "{}");
}

}  // namespace
}  // namespace fettle::delivery
