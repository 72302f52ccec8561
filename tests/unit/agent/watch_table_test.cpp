#include "commands/watch_table.hpp"
#include "commands/fit.hpp"
#include "commands/screen.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace fettle::commands {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr Time noon = std::chrono::sys_days{std::chrono::year{2026} / 3 / 1} + 12h;

WatchedPoint point(const std::string& name, double value, Time read_at = noon) {
  WatchedPoint point;
  point.report = {"meter", name, "modbus:1:40001", "00E6", Quantity::voltage, good({0}, read_at, value), 12};
  point.every = 10s;
  return point;
}

DeviceStatus device(const std::string& name, bool answering) {
  DeviceStatus device;
  device.device = name;
  device.answering = answering;
  device.polls = 5;
  device.line = LineStatus{100, 97, 0, 2, 1, 8, 4.25, 9.5, 500, 0.25};
  return device;
}

FieldView view_of(std::vector<WatchedPoint> points) {
  FieldView view;
  view.now = noon + 2500ms;
  view.points = std::move(points);
  view.buses = {{"lan", true, {}, {device("meter", true)}, {"meter: slow"}}};
  return view;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const auto& line : lines) text += line + '\n';
  return text;
}

TEST(WatchTable, shows_value_quality_age_and_what_was_on_the_wire) {
  const auto text = WatchTable{Colours::off}.whole(view_of({point("v_l1", 230.04)}));
  EXPECT_THAT(text, HasSubstr("meter   v_l1   230.0  V     good     2.5 s  modbus:1:40001  00E6\n"));
  EXPECT_THAT(text,
              HasSubstr("lan   meter   answers        100       97          1          2      8  25 %     4.2  9.5\n"));
  EXPECT_THAT(text, HasSubstr("! lan: meter: slow\n"));
}

TEST(WatchTable, leaves_the_raw_column_out_where_nobody_knows_it) {
  auto known = point("v_l1", 230);
  known.report.raw.clear();
  EXPECT_THAT(WatchTable{Colours::off}.whole(view_of({known})), Not(HasSubstr("raw")));
}

TEST(WatchTable, highlights_a_value_that_has_changed_until_the_next_look) {
  WatchTable table{Colours::on};
  const auto marked = "\x1b[1m\x1b[7m231.0";
  EXPECT_THAT(joined(table.screen(view_of({point("v_l1", 230)}), {}, 0)), Not(HasSubstr("\x1b[7m")));
  EXPECT_THAT(joined(table.screen(view_of({point("v_l1", 231)}), {}, 0)), HasSubstr(marked));
  EXPECT_THAT(joined(table.screen(view_of({point("v_l1", 231)}), {}, 0)), Not(HasSubstr(marked)));
}

TEST(WatchTable, says_why_a_reading_is_bad_in_red) {
  auto lost = point("v_l1", 0);
  lost.report.reading = bad({0}, noon, Reason::timeout);
  const auto text = joined(WatchTable{Colours::on}.screen(view_of({lost}), {}, 0));
  EXPECT_THAT(text, HasSubstr("\x1b[31mbad: timeout"));
  EXPECT_THAT(text, HasSubstr("  -  ")) << "no value";
}

TEST(WatchTable, marks_a_reading_that_was_not_renewed_for_two_polls) {
  WatchTable table{Colours::on};
  auto view = view_of({point("v_l1", 230, noon - 5min)});
  EXPECT_THAT(joined(table.screen(view, {}, 0)), HasSubstr("\x1b[33m5 min"));
  view = view_of({point("v_l1", 230, noon - 15s)});
  EXPECT_THAT(joined(table.screen(view, {}, 0)), Not(HasSubstr("\x1b[33m17 s")));
}

TEST(WatchTable, fits_any_terminal_and_scrolls) {
  std::vector<WatchedPoint> points;
  for (int i = 0; i < 50; ++i) points.push_back(point(fmt::format("p{}", i), i));
  WatchTable table{Colours::off};
  const auto view = view_of(points);
  for (const Window window : {Window{80, 24}, Window{20, 5}, Window{1, 1}, Window{200, 100}}) {
    const auto lines = table.screen(view, window, 0);
    EXPECT_LE(lines.size(), window.rows);
    for (const auto& line : lines) EXPECT_LE(line.size(), window.columns);
  }
  EXPECT_THAT(joined(table.screen(view, {80, 24}, 10)), HasSubstr("p10 "));
  EXPECT_THAT(joined(table.screen(view, {80, 24}, 10)), Not(HasSubstr("p9 ")));
  const auto end = joined(table.screen(view, {80, 24}, 49));
  EXPECT_THAT(end, HasSubstr("p49 ")) << "scrolling ends with the last page";
  EXPECT_THAT(end, HasSubstr("of 50 points"));
}

TEST(WatchTable, leaves_out_what_matters_least_on_a_narrow_terminal) {
  auto view = view_of({point("v_l1", 230.04)});
  view.points[0].report.device = "sub_meter_of_the_second_floor";
  view.buses[0].devices[0].device = "sub_meter_of_the_second_floor";
  const auto wide = joined(WatchTable{Colours::off}.screen(view, {120, 24}, 0));
  EXPECT_THAT(wide, HasSubstr("230.0  V     good     2.5 s  modbus:1:40001  00E6\n"));
  const auto usual = joined(WatchTable{Colours::off}.screen(view, {80, 24}, 0));
  EXPECT_THAT(usual, HasSubstr("230.0  V     good     2.5 s  00E6\n"));
  EXPECT_THAT(usual, HasSubstr("wrong sum  time-outs"));
  EXPECT_THAT(usual, Not(HasSubstr("questions")));
  const auto narrow = joined(WatchTable{Colours::off}.screen(view, {50, 24}, 0));
  EXPECT_THAT(narrow, HasSubstr("sub_meter_of_…"));
  EXPECT_THAT(narrow, HasSubstr("230.0  V     good     2.5 s\n"));
}

TEST(WatchTable, says_why_a_device_is_silent) {
  auto view = view_of({point("v_l1", 230)});
  view.buses[0].devices[0].answering = false;
  view.buses[0].devices[0].trouble = "meter (unit 1): no answer within 500ms";
  EXPECT_THAT(WatchTable{Colours::off}.whole(view), HasSubstr("\n! meter (unit 1): no answer within 500ms\n"));
}

TEST(Wrapped, breaks_between_words_and_hangs_in) {
  EXPECT_EQ(wrapped("warning  clock: no battery", 14, 9), "warning\n         clock:\n         no\n         battery");
  EXPECT_EQ(wrapped("\x1b[31mproblem\x1b[0m  it is so", 16, 9), "\x1b[31mproblem\x1b[0m  it is\n         so");
  EXPECT_EQ(wrapped("  -> as it is", endless, 5), "  -> as it is");
}

TEST(EmptyColumns, are_left_out) {
  Lines lines{{{"a"}, {"b"}, {"c"}}, {{"1"}, {"-"}, {"2"}}, {{"3"}, {""}}};
  drop_empty_columns(lines);
  EXPECT_EQ(to_text(lines, Colours::off), "a  c\n1  2\n3\n");
}

TEST(WatchTable, keeps_room_for_points_beside_many_lines) {
  auto view = view_of({point("a", 1), point("b", 2), point("c", 3), point("d", 4)});
  view.buses[0].devices.assign(60, device("meter", true));
  const auto text = joined(WatchTable{Colours::off}.screen(view, {80, 24}, 0));
  for (const auto* name : {"  a  ", "  b  ", "  c  ", "  d  "}) EXPECT_THAT(text, HasSubstr(name));
}

TEST(WatchTable, puts_silent_devices_first) {
  const std::vector<BusStatus> buses{{"lan", true, {}, {device("fine", true), device("lost", false)}}};
  const auto text = joined(line_table(buses, Colours::off));
  EXPECT_LT(text.find("lost"), text.find("fine"));
  EXPECT_THAT(text, HasSubstr("lan   2 devices  1 answer        200      194          2          4     16  50 %"));
}

TEST(WatchTable, tells_a_pipe_each_reading_and_each_hint_once) {
  WatchTable table{Colours::off};
  const auto view = view_of({point("v_l1", 230)});
  const auto first = table.news(view);
  EXPECT_EQ(first,
            "2026-03-01T12:00:00Z  meter/v_l1  230.0 V  good\n"
            "2026-03-01T12:00:02.500Z  hint  lan: meter: slow\n");
  EXPECT_THAT(table.news(view), IsEmpty());
  EXPECT_THAT(table.news(view_of({point("v_l1", 230, noon + 1s)})), HasSubstr("12:00:01Z  meter/v_l1"));
}

TEST(WatchTable, tells_ages_as_people_do) {
  EXPECT_EQ(age_text(420ms), "0.4 s");
  EXPECT_EQ(age_text(42s), "42 s");
  EXPECT_EQ(age_text(3min), "3 min");
  EXPECT_EQ(age_text(5h), "5 h");
  EXPECT_EQ(age_text(Days{9}), "9 d");
}

TEST(Clipped, counts_characters_and_no_colours) {
  EXPECT_EQ(clipped("Kälte", 2), "Kä");
  EXPECT_EQ(clipped("\x1b[31mred\x1b[0m and more", 5), "\x1b[31mred\x1b[0m a\x1b[0m");
  EXPECT_EQ(clipped("short", 80), "short");
}

TEST(Keys, are_found_in_what_a_terminal_sends) {
  EXPECT_THAT(keys_in("\x1b[A\x1b[B"), ElementsAre(Key::up, Key::down));
  EXPECT_THAT(keys_in("\x1b[5~\x1b[6~q"), ElementsAre(Key::page_up, Key::page_down, Key::quit));
  EXPECT_THAT(keys_in("x\x1b"), IsEmpty());
}

}  // namespace
}  // namespace fettle::commands
