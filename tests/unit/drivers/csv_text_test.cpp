#include "core/zone.hpp"
#include "csv/number.hpp"
#include "csv/stamp.hpp"
#include "csv/table.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "support/temp_dir.hpp"

namespace fettle::csv {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string number(std::string_view cell, char delimiter = ';', Decimal decimal = Decimal::guess) {
  const auto found = number_in(cell, delimiter, decimal, {{"AN", 1}});
  return found.reason == Reason::none ? fmt::format("{}", found.value) : std::string{name_of(found.reason)};
}

TEST(CsvNumber, may_have_a_decimal_comma_and_thousands) {
  EXPECT_EQ(number("1.5"), "1.5");
  EXPECT_EQ(number("1,5"), "1.5");
  EXPECT_EQ(number("-0,25 "), "-0.25");
  EXPECT_EQ(number("1.234.567,8"), "1234567.8");
  EXPECT_EQ(number("1,234,567.8"), "1234567.8");
  EXPECT_EQ(number("1,234,567"), "1234567");
  EXPECT_EQ(number("1,234", ','), "1234") << "quoted in a table of commas";
  EXPECT_EQ(number("1.234", ';', Decimal::comma), "1234");
  EXPECT_EQ(number("1.234", ';'), "1.234");
  EXPECT_EQ(number("1,5e3"), "1500");
}

TEST(CsvNumber, may_be_a_word_or_missing) {
  for (const auto* const nothing : {"", " ", "NaN", "NULL", "n/a", "-", "#N/A"}) EXPECT_EQ(number(nothing), "no value");
  EXPECT_EQ(number("AN"), "1");
  EXPECT_EQ(number("True"), "1");
  for (const auto* const wrong : {"abc", "1,2,3", "12,34,567", "1;2", "0x10", "1,5", ",", "1,"})
    EXPECT_EQ(number(wrong, ','), "malformed") << wrong;
}

std::string stamp(std::string_view format, std::string_view text) {
  const auto found = StampFormat::parse(format)->read(text);
  if (!found) return "nothing";
  const auto offset = found->offset ? fmt::format(" {}", found->offset->count() / 60'000) : std::string{};
  return to_rfc3339(Time{found->wall.time_since_epoch()}) + offset;
}

TEST(StampFormat, reads_what_tables_write) {
  EXPECT_EQ(stamp("iso", "2020-03-09 10:14:33"), "2020-03-09T10:14:33Z");
  EXPECT_EQ(stamp("iso", "2020-03-09T10:14:33.25+01:30"), "2020-03-09T10:14:33.250Z 90");
  EXPECT_EQ(stamp("iso", "2020-03-09 10:14Z"), "2020-03-09T10:14:00Z 0");
  EXPECT_EQ(stamp("iso", "2020-03-09"), "2020-03-09T00:00:00Z");
  EXPECT_EQ(stamp("%m/%d/%Y %H:%M", "9/11/2017 0:01"), "2017-09-11T00:01:00Z");
  EXPECT_EQ(stamp("%d.%m.%y %H:%M:%S", "01.02.24 03:04:05,5"), "2024-02-01T03:04:05.500Z");
  EXPECT_EQ(stamp("%d-%b-%Y %I:%M %p", "05-Sep-2021 12:30 AM"), "2021-09-05T00:30:00Z");
  EXPECT_EQ(stamp("%Y%m%d %H%M%z", "20210905 1230-0530"), "2021-09-05T12:30:00Z -330");
  EXPECT_EQ(stamp("epoch", "1600000000.5"), "2020-09-13T12:26:40.500Z 0");
  EXPECT_EQ(stamp("epoch_ms", "1600000000500"), "2020-09-13T12:26:40.500Z 0");
  EXPECT_EQ(stamp("iso", "2020-03-09 24:00"), "2020-03-10T00:00:00Z");
}

TEST(StampFormat, takes_nothing_else) {
  for (const auto* const wrong :
       {"", "2020-02-30 00:00", "2020-03-09 25:00", "2020-03-09 10:14:33 x", "2020-03-09 10", "yesterday"})
    EXPECT_EQ(stamp("iso", wrong), "nothing") << wrong;
  EXPECT_EQ(stamp("%d.%m.%Y", "2020-03-09"), "nothing");
  EXPECT_EQ(stamp("%I:%M %p", "13:00 PM"), "nothing");
  EXPECT_EQ(stamp("epoch", "1e300"), "nothing");
  for (const auto* const wrong : {"", "iso8601", "%Q", "%Y-%"}) EXPECT_FALSE(StampFormat::parse(wrong)) << wrong;
}

WallTime wall(std::string_view text) { return StampFormat{}.read(text)->wall; }

TEST(Zone, knows_summer_time) {
  const auto berlin = Zone::named("Europe/Berlin").value();
  EXPECT_EQ(to_rfc3339(berlin.moments(wall("2024-01-15 12:00")).first), "2024-01-15T11:00:00Z");
  EXPECT_EQ(to_rfc3339(berlin.moments(wall("2024-07-15 12:00")).first), "2024-07-15T10:00:00Z");
  const auto twice = berlin.moments(wall("2024-10-27 02:30"));
  EXPECT_EQ(to_rfc3339(twice.first), "2024-10-27T00:30:00Z");
  EXPECT_EQ(to_rfc3339(twice.second), "2024-10-27T01:30:00Z");
  const auto never = berlin.moments(wall("2024-03-31 02:30"));
  EXPECT_EQ(to_rfc3339(never.first), "2024-03-31T01:30:00Z");
  EXPECT_EQ(never.first, never.second);
  const auto new_york = Zone::named("America/New_York").value();
  EXPECT_EQ(to_rfc3339(new_york.moments(wall("2017-09-11 00:00")).first), "2017-09-11T04:00:00Z");
  EXPECT_EQ(to_rfc3339(new_york.moments(wall("2017-11-05 01:30")).second), "2017-11-05T06:30:00Z");
}

TEST(Zone, may_be_fixed) {
  EXPECT_EQ(Zone::named("+05:30").value().offset_at({}), std::chrono::minutes{330});
  EXPECT_EQ(Zone::named("-0800").value().offset_at({}), std::chrono::hours{-8});
  EXPECT_EQ(Zone::named("UTC").value().offset_at({}), std::chrono::seconds{0});
  EXPECT_EQ(Zone::named("Asia/Kolkata").value().offset_at(Time{Days{20'000}}), std::chrono::minutes{330});
}

TEST(Zone, refuses_what_it_does_not_know_and_tables_that_it_would_misread) {
  EXPECT_THAT(Zone::named("Europe/Berlni").error().detail, HasSubstr("\"Europe/Berlni\" is no time zone (not in"));
  for (const auto* const wrong : {"", "../passwd", "/etc/passwd", "+25:00", "+1:2:3"})
    EXPECT_FALSE(Zone::named(wrong)) << wrong;
  const test::TempDir folder;
  folder.write("Text", "no table");
  EXPECT_THAT(Zone::named("Text", folder.path()).error().detail, HasSubstr("no TZif"));
  const auto berlin = test::read_text("/usr/share/zoneinfo/Europe/Berlin");
  for (std::size_t size = 0; size + 20 < berlin.size(); size += 97) {
    folder.write("Cut", berlin.substr(0, size));
    EXPECT_FALSE(Zone::named("Cut", folder.path())) << size;
  }
}

std::vector<std::vector<std::string>> rows(Table& table) {
  std::vector<std::vector<std::string>> all;
  for (std::vector<std::string> cells; table.next(cells);) all.push_back(cells);
  return all;
}

TEST(Table, finds_its_delimiter_in_the_header) {
  const test::TempDir folder;
  for (const char delimiter : {',', ';', '\t', '|'}) {
    auto table =
        Table::open(folder.write("a.csv", fmt::format("time{0} value {0}\"x,;y\"\n1{0}2{0}3\n", delimiter))).value();
    EXPECT_EQ(table.delimiter(), delimiter);
    EXPECT_THAT(table.header(), ElementsAre("time", "value", "x,;y"));
    EXPECT_THAT(rows(table), ElementsAre(ElementsAre("1", "2", "3")));
  }
}

TEST(Table, takes_what_spreadsheets_make_of_it) {
  const test::TempDir folder;
  auto table =
      Table::open(folder.write("a.csv", "\xEF\xBB\xBFt,\"a \"\"b\"\"\"\r\n\r\n1,\"x\r\ny\"\r\n2\r\n3,z,more")).value();
  EXPECT_THAT(table.header(), ElementsAre("t", "a \"b\""));
  std::vector<std::string> cells;
  ASSERT_TRUE(table.next(cells));
  EXPECT_THAT(cells, ElementsAre("1", "x\ny"));
  EXPECT_EQ(table.line(), 3U);
  ASSERT_TRUE(table.next(cells));
  EXPECT_THAT(cells, ElementsAre("2"));
  EXPECT_EQ(table.line(), 5U) << "a quoted cell took two lines";
  ASSERT_TRUE(table.next(cells));
  EXPECT_THAT(cells, ElementsAre("3", "z", "more"));
  EXPECT_FALSE(table.next(cells));
}

TEST(Table, says_what_is_wrong_with_a_file) {
  const test::TempDir folder;
  EXPECT_THAT(Table::open(folder.file("none.csv")).error().detail, HasSubstr("cannot read "));
  EXPECT_THAT(Table::open(folder.write("a.csv", "\n \n")).error().detail,
              HasSubstr("is empty; its first line must name"));
  EXPECT_THAT(Table::open(folder.write("a.csv", std::string{"\xFF\xFEt\0,\0", 6})).error().detail,
              HasSubstr("is not UTF-8"));
}

}  // namespace
}  // namespace fettle::csv
