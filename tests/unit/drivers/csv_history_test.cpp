#include "acquisition/driver.hpp"
#include "csv/history.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>

#include "support/mistakes.hpp"
#include "support/temp_dir.hpp"

namespace fettle::csv {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class HistoryFiles : public testing::Test {
 protected:
  Layout layout(const std::string& zone = "UTC", const std::string& format = "iso") const {
    Layout result;
    result.time_column = "t";
    result.format = StampFormat::parse(format).value();
    result.zone = Zone::named(zone).value();
    result.columns = {{"v", {}}};
    return result;
  }
  /// "2024-01-01T00:00:00Z 1.5"
  std::vector<std::string> all(History& history) const {
    std::vector<std::string> result;
    while (const auto* row = history.next().value()) {
      const auto& cell = row->cells[0];
      result.push_back(
          to_rfc3339(row->time) + " " +
          (cell.reason == Reason::none ? fmt::format("{}", cell.value) : std::string{name_of(cell.reason)}));
    }
    return result;
  }
  std::vector<std::string> read(const std::string& text, const std::string& zone = "UTC") {
    History history{layout(zone), {folder.write("a.csv", text)}};
    auto result = all(history);
    left = history.left();
    return result;
  }

  test::TempDir folder;
  Left left;
};

TEST_F(HistoryFiles, give_their_rows_with_their_times) {
  EXPECT_THAT(
      read("v;x;t\n1,5;9;2024-01-01 00:00\n;9;2024-01-01 00:01\nwarm;9;2024-01-01 00:02\n7\n"),
      ElementsAre("2024-01-01T00:00:00Z 1.5", "2024-01-01T00:01:00Z no value", "2024-01-01T00:02:00Z malformed"));
  EXPECT_EQ(left.undated, 1U);
  EXPECT_THAT(left.named, ElementsAre(folder.file("a.csv") + ":5: it has no time"));
  EXPECT_EQ(left.garbled, 1U);
  EXPECT_THAT(left.named_cells, ElementsAre(folder.file("a.csv") + ":4: v: \"warm\" is no number"));
}

TEST_F(HistoryFiles, leave_out_what_is_out_of_order_or_repeated) {
  EXPECT_THAT(
      read("t,v\n2024-01-01 00:00,1\n2024-01-01 00:02,2\n2024-01-01 00:02,3\n2024-01-01 00:01,4\n2024-01-01 00:03,5\n"),
      ElementsAre(HasSubstr(":00Z 1"), HasSubstr(":00Z 2"), "2024-01-01T00:03:00Z 5"));
  EXPECT_EQ(left.repeated, 1U);
  EXPECT_EQ(left.late, 1U);
}

TEST_F(HistoryFiles, may_begin_with_their_newest_row) {
  EXPECT_THAT(read("t,v\n2024-01-01 00:03,4\n2024-01-01 00:02,3\n\n\"2024-01-01 00:01\",\"2\"\n2024-01-01 00:00,1\n"),
              ElementsAre("2024-01-01T00:00:00Z 1", "2024-01-01T00:01:00Z 2", "2024-01-01T00:02:00Z 3",
                          "2024-01-01T00:03:00Z 4"));
  EXPECT_EQ(left.all(), 0U);
}

TEST_F(HistoryFiles, count_the_hour_that_comes_twice_twice) {
  EXPECT_THAT(read("t,v\n2024-10-27 01:30,1\n2024-10-27 02:00,2\n2024-10-27 02:30,3\n2024-10-27 02:00,4\n"
                   "2024-10-27 02:30,5\n2024-10-27 03:00,6\n",
                   "Europe/Berlin"),
              ElementsAre("2024-10-26T23:30:00Z 1", "2024-10-27T00:00:00Z 2", "2024-10-27T00:30:00Z 3",
                          "2024-10-27T01:00:00Z 4", "2024-10-27T01:30:00Z 5", "2024-10-27T02:00:00Z 6"));
  EXPECT_EQ(left.all(), 0U);
}

TEST_F(HistoryFiles, follow_each_other_whatever_the_order_of_their_columns) {
  History history{layout(),
                  {folder.write("a.csv", "t,v\n2024-01-01 00:00,1\n"),
                   folder.write("b.csv", "v;t\n2;2024-01-01 00:01\n"), folder.write("c.csv", "t,v\n")}};
  EXPECT_THAT(all(history), ElementsAre("2024-01-01T00:00:00Z 1", "2024-01-01T00:01:00Z 2"));
  EXPECT_EQ(history.next().value(), nullptr) << "the end stays the end";
}

TEST_F(HistoryFiles, leave_out_rows_with_more_cells_than_the_header) {
  EXPECT_THAT(read("t,v,w\n2024-01-01 00:00,18,18,2,809\n2024-01-01 00:01,19,2,,\n2024-01-01 00:02,\"1,5\",2,\n"),
              ElementsAre("2024-01-01T00:01:00Z 19", HasSubstr(":02:00Z ")));
  EXPECT_EQ(left.wide, 1U);
  EXPECT_THAT(left.named, ElementsAre(folder.file("a.csv") + ":2: 5 cells, but the header has 3"));
  EXPECT_EQ(left.remedy(), "") << "one in three is no rule";
  EXPECT_THAT(read("t,v\n2024-01-01 00:00,\"a\",1,5\n2024-01-01 00:01,2\n2024-01-01 00:02,2,5\n"), SizeIs(1));
  EXPECT_EQ(left.wide, 2U);
  EXPECT_THAT(left.remedy(), AllOf(HasSubstr("\";\" in place of \",\""), HasSubstr("profile.decimal: comma")));
}

TEST_F(HistoryFiles, say_how_much_a_quote_took_in_that_is_never_closed) {
  std::string table{"t,v\n2024-01-01 00:00,1\n2024-01-01 00:01,\"2\n"};
  for (int minute = 10; minute < 60; ++minute) table += fmt::format("2024-01-01 00:{},3\n", minute);
  EXPECT_THAT(read(table), ElementsAre("2024-01-01T00:00:00Z 1"));
  EXPECT_EQ(left.unclosed, 51U);
  EXPECT_EQ(left.all(), 51U);
  EXPECT_THAT(left.named, ElementsAre(folder.file("a.csv") + ":3: a quote is never closed; it took in 51 lines"));
  EXPECT_THAT(left.reasons(), HasSubstr("51 behind a quote that is never closed"));
  EXPECT_THAT(read("t,v\n2024-01-01 00:00,\"1\n\"\n2024-01-01 00:01,2\n"), SizeIs(2)) << "one that is closed is fine";
  EXPECT_EQ(left.all(), 0U);
}

TEST_F(HistoryFiles, name_the_format_that_their_times_seem_to_have) {
  EXPECT_THAT(read("t,v\n01.01.2025 00:00,1\n1735689600,1\nsoon,1\n"), IsEmpty());
  const auto file = folder.file("a.csv");
  EXPECT_THAT(left.named,
              ElementsAre(file + ":2: \"01.01.2025 00:00\" is not \"iso\"; set profile.time.format, such as "
                                 "\"%d.%m.%Y %H:%M\"",
                          file + ":3: \"1735689600\" is not \"iso\"; set profile.time.format, such as "
                                 "\"epoch\"",
                          file + ":4: \"soon\" is not \"iso\""));
}

TEST_F(HistoryFiles, may_not_name_a_wanted_column_twice) {
  History twice{layout(), {folder.write("a.csv", "t,v,w,v\n2024-01-01 00:00,1,2,3\n")}};
  EXPECT_THAT(twice.next().error().detail, HasSubstr("\"v\" stands twice in the header of " + folder.file("a.csv") +
                                                     " (columns 2 and 4); rename one of them"));
  EXPECT_THAT(read("t,v,w,w\n2024-01-01 00:00,1,2,3\n"), SizeIs(1)) << "nobody asks for w";
}

TEST_F(HistoryFiles, are_no_folders_and_have_a_header_that_ends) {
  EXPECT_THAT(Table::open(folder.path().string()).error().detail, HasSubstr("is a folder, not a table"));
  EXPECT_THAT(Table::open(folder.write("b.csv", "t,\"v\n2024-01-01,1\n")).error().detail,
              HasSubstr("b.csv:1: a quote in the header is never closed"));
}

TEST_F(HistoryFiles, end_with_a_file_that_cannot_be_used) {
  History history{layout(),
                  {folder.write("a.csv", "t,v\n2024-01-01,1\n"), folder.write("b.csv", "t,w\n2024-01-02,1\n")}};
  EXPECT_NE(history.next().value(), nullptr);
  EXPECT_THAT(history.next().error().detail,
              HasSubstr("there is no column \"v\" in " + folder.file("b.csv") + " (there are: t, w)"));
}

class CsvDevice : public testing::Test {
 protected:
  std::unique_ptr<acquisition::Driver> attach(const std::string& device, const std::string& points) {
    mistakes = {};
    line = Registry<acquisition::Line>::instance().find("csv")->make(
        settings::load_text("{id: history, driver: csv}", folder.file("site.yaml"), mistakes), mistakes);
    const auto profile = acquisition::read_device_profile(
        settings::load_text(
            "protocol: csv\ntime: {column: when, format: \"%m/%d/%Y %H:%M\", zone: America/New_York}\npoints:\n" +
                points,
            "ahu.yaml", mistakes),
        mistakes);
    into.assign(profile.points.size(), Reading{});
    return line->attach(shared(profile),
                        settings::load_text("{id: ahu, " + device + "}", folder.file("site.yaml"), mistakes), mistakes);
  }
  std::vector<std::string> texts() const { return test::texts(mistakes); }

  test::TempDir folder;
  settings::Mistakes mistakes;
  std::unique_ptr<acquisition::Line> line;
  std::vector<Reading> into;
};

constexpr const char* two_points =
    "  t: {quantity: temperature, unit: degF, column: 'AHU: Supply'}\n"
    "  fan: {quantity: state, column: Fan, states: {running: 1, stopped: 0}}\n";
constexpr const char* recorded =
    "when,AHU: Supply ,Fan\n9/11/2017 0:00,50,running\n9/11/2017 0:01,68,stopped\n9/11/2017 0:02,,running\n";

TEST_F(CsvDevice, plays_its_rows_when_their_time_has_come) {
  folder.write("ahu.csv", recorded);
  const auto device = attach("every: 1m, file: ahu.csv", two_points);
  ASSERT_THAT(texts(), IsEmpty());
  const auto begin = *parse_rfc3339("2017-09-11T04:00:30Z");
  line->start(DomainClock{begin, 1e-9}, [] {});
  EXPECT_FALSE(device->has_news()) << "nobody has looked yet";
  EXPECT_EQ(device->read(into).value(), 2U);
  EXPECT_DOUBLE_EQ(into[0].value, 10);
  EXPECT_EQ(into[1].value, 1);
  EXPECT_EQ(into[0].time, begin - std::chrono::seconds{30});
  EXPECT_EQ(device->raw(1), "running");
  EXPECT_FALSE(device->has_news());
  EXPECT_EQ(device->read(into).value(), 0U) << "the next row is not due";
  EXPECT_EQ(into[0].reason, Reason::not_read);
}

TEST_F(CsvDevice, begins_with_the_present) {
  folder.write("ahu.csv", recorded);
  const auto device = attach("every: 1m, file: ahu.csv", two_points);
  line->start(DomainClock{*parse_rfc3339("2017-09-11T04:02:30Z"), 1e-9}, [] {});
  EXPECT_EQ(device->read(into).value(), 1U);
  EXPECT_EQ(into[0].reason, Reason::no_value);
  const auto error = device->read(into).error();
  EXPECT_EQ(error.detail,
            "ahu: its history ended at 2017-09-11T04:02:00Z; `fettle run --speed 60@START` plays it from START on");
}

TEST_F(CsvDevice, has_news_as_long_as_rows_are_due) {
  folder.write("ahu.csv", recorded);
  const auto device = attach("every: 10m, file: ahu.csv", two_points);
  line->start(DomainClock{*parse_rfc3339("2017-09-11T04:01:30Z"), 1e-9}, [] {});
  ASSERT_TRUE(device->read(into));
  EXPECT_EQ(into[1].value, 1);
  EXPECT_TRUE(device->has_news());
  ASSERT_TRUE(device->read(into));
  EXPECT_EQ(into[1].value, 0);
  EXPECT_FALSE(device->has_news());
}

TEST_F(CsvDevice, shows_its_first_row_to_who_looks_once) {
  folder.write("ahu.csv", recorded);
  EXPECT_EQ(attach("every: 1m, file: ahu.csv", two_points)->read(into).value(), 2U);
  EXPECT_EQ(into[0].time, *parse_rfc3339("2017-09-11T04:00:00Z"));
}

TEST_F(CsvDevice, reports_columns_and_files_that_there_are_not) {
  folder.write("ahu.csv", recorded);
  attach("every: 1m, file: ahu.csv", "  t: {quantity: temperature, column: Suply}\n");
  EXPECT_THAT(texts(), ElementsAre(HasSubstr("ahu.yaml:4:38: points.t.column: there is no column \"Suply\" in ")));
  attach("every: {normal: 2m, slow: 1h}, file: ahu.csv", two_points);
  EXPECT_THAT(texts(), ElementsAre(HasSubstr("one time for all of them: `every: 2m`")));
  attach("every: 1m, file: none.csv", two_points);
  EXPECT_THAT(texts(), ElementsAre(HasSubstr("site.yaml:1:28: file: cannot read ")));
  attach("every: 1m, fiel: ahu.csv", "  t: {quantity: temperature}\n");
  EXPECT_THAT(texts(),
              ElementsAre(HasSubstr("\"file\" is missing"), HasSubstr("unknown key \"fiel\" (did you mean \"file\"?)"),
                          HasSubstr("points.t: \"column\" is missing")));
}

TEST_F(CsvDevice, reports_a_format_and_a_zone_that_there_are_not) {
  acquisition::read_device_profile(
      settings::load_text("{protocol: csv, time: {column: t, format: iso8601, zone: Berlin}, decimal: dot, points: {a: "
                          "{quantity: voltage, column: a}}}",
                          "a.yaml", mistakes),
      mistakes);
  EXPECT_THAT(texts(), ElementsAre(HasSubstr("time.format: \"iso8601\" is no format of a time"),
                                   HasSubstr("time.zone: \"Berlin\" is no time zone"),
                                   HasSubstr("decimal: \"dot\" is none of guess, point, comma")));
}

}  // namespace
}  // namespace fettle::csv
