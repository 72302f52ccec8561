#include "commands/watch_table.hpp"

#include "commands/fit.hpp"
#include "line_hints.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <cmath>

namespace fettle::commands {
namespace {

using namespace std::chrono_literals;

/// In this order columns make room.
constexpr std::array<std::string_view, 2> of_points{"source", "raw"};
constexpr std::array<std::string_view, 6> of_lines{"questions", "answers", "ms p50", "p95", "noise", "load"};

constexpr std::size_t longest_raw = 24;
constexpr std::size_t least_points = 4;  ///< that are always shown, however many lines there are
constexpr int missed_polls = 2;          ///< after which a reading is stale
constexpr Duration tolerance = 2s;

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t begin = 0; begin < text.size();) {
    const auto end = std::min(text.find('\n', begin), text.size());
    lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

std::string value_text(const PointReport& point) {
  if (!point.reading.is_good()) return "-";
  return fmt::format("{:.{}f}", point.reading.value, facts(point.quantity).decimals);
}

Cell quality_cell(const Reading& reading) {
  if (reading.is_good()) return {"good", Tone::good};
  if (reading.reason == Reason::not_read) return {"not read yet", Tone::faint};
  return {fmt::format("{}: {}", name_of(reading.quality), name_of(reading.reason)),
          reading.quality == Quality::bad ? Tone::bad : Tone::warning};
}

Cell age_cell(const WatchedPoint& point, Time now) {
  const auto& reading = point.report.reading;
  if (reading.time == Time{}) return number_cell("-", Tone::faint);
  const auto age = std::max(Duration{}, now - reading.time);
  return number_cell(age_text(age), age > missed_polls * point.every + tolerance ? Tone::warning : Tone::plain);
}

std::string from_text(FieldView::From from) {
  switch (from) {
    case FieldView::From::agent: return "as the running agent reads it";
    case FieldView::From::lost_agent: return "the agent does not answer any more";
    case FieldView::From::buses: return "no agent runs: reading the buses directly";
  }
  return {};
}

std::string head_line(const FieldView& view, Colours colours) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(view.now);
  return painted(fmt::format("fettle watch  {:%Y-%m-%d %H:%M:%S} UTC  {}", seconds, from_text(view.from)),
                 view.from == FieldView::From::lost_agent ? Tone::bad : Tone::faint, colours);
}

std::string percent(std::optional<double> share) { return share ? fmt::format("{:.0f} %", 100 * *share) : "-"; }

std::vector<Cell> device_cells(const std::string& bus, const DeviceStatus& device) {
  const bool unknown = device.polls == 0;
  std::vector<Cell> cells{{bus},
                          {device.device},
                          {unknown            ? "not asked yet"
                           : device.answering ? "answers"
                                              : "silent",
                           unknown            ? Tone::faint
                           : device.answering ? Tone::good
                                              : Tone::bad}};
  if (!device.line) return cells;
  const auto& line = *device.line;
  const auto milliseconds = [&line](double value) {
    return line.answers == 0 ? std::string{"-"} : fmt::format("{:.1f}", value);
  };
  for (auto& cell :
       std::vector<Cell>{number_cell(std::to_string(line.requests)), number_cell(std::to_string(line.answers)),
                         errors_cell(line.malformed), errors_cell(line.timeouts), errors_cell(line.noise),
                         number_cell(percent(line.load)), number_cell(milliseconds(line.latency_p50)),
                         number_cell(milliseconds(line.latency_p95))}) {
    cells.push_back(std::move(cell));
  }
  return cells;
}

/// The sums of a line with several devices.
std::vector<Cell> bus_cells(const BusStatus& bus) {
  LineStatus sum;
  std::size_t answering = 0;
  for (const auto& device : bus.devices) {
    answering += device.answering ? 1 : 0;
    if (!device.line) continue;
    sum.requests += device.line->requests;
    sum.answers += device.line->answers;
    sum.malformed += device.line->malformed;
    sum.timeouts += device.line->timeouts;
    sum.noise += device.line->noise;
  }
  const auto tone = answering == bus.devices.size() ? Tone::good : Tone::bad;
  return {{bus.bus},
          {fmt::format("{} devices", bus.devices.size())},
          {fmt::format("{} answer", answering), tone},
          number_cell(std::to_string(sum.requests)),
          number_cell(std::to_string(sum.answers)),
          errors_cell(sum.malformed),
          errors_cell(sum.timeouts),
          errors_cell(sum.noise),
          number_cell(percent(load_of(bus)))};
}

bool is_news(const Reading& before, const Reading& now) {
  return before.time != now.time || before.reason != now.reason;
}

bool has_changed(const Reading& before, const Reading& now) {
  if (before.reason == Reason::not_read) return false;  // the first one is no change
  return before.quality != now.quality || (now.is_good() && before.value != now.value);
}

}  // namespace

std::string age_text(Duration age) {
  using std::chrono::hours;
  using std::chrono::minutes;
  if (age < 10s) return fmt::format("{:.1f} s", static_cast<double>(age.count()) / 1000);
  if (age < 2min) return fmt::format("{} s", age / 1s);
  if (age < 2h) return fmt::format("{} min", age / 1min);
  if (age < 2 * Days{1}) return fmt::format("{} h", age / 1h);
  return fmt::format("{} d", age / Days{1});
}

std::vector<std::string> line_table(const std::vector<BusStatus>& buses, Colours colours, std::size_t columns) {
  Lines lines{{{"line"}, {"device"}, {"state"}}};
  for (const auto* const name : {"questions", "answers", "wrong sum", "time-outs", "noise", "load", "ms p50", "p95"})
    lines[0].push_back(number_cell(name));
  std::vector<std::string> text;
  for (const auto& bus : buses) {
    if (bus.devices.size() > 1) lines.push_back(bus_cells(bus));
    auto devices = bus.devices;
    std::stable_partition(devices.begin(), devices.end(), [](const DeviceStatus& each) { return !each.answering; });
    for (const auto& device : devices) {
      lines.push_back(device_cells(bus.bus, device));
    }
    for (const auto& hint : bus.hints) text.push_back(painted("! " + bus.bus + ": " + hint, Tone::warning, colours));
  }
  if (lines.size() == 1) return {};
  drop_empty_columns(lines);
  fit(lines, columns, of_lines);
  for (auto& line : split(to_text(lines, colours))) text.push_back(std::move(line));
  return text;
}

/// Why devices are silent, and below that the table of the lines.
std::vector<std::string> WatchTable::lines(const FieldView& view, std::size_t columns) const {
  std::vector<std::string> text;
  for (const auto& bus : view.buses) {
    for (const auto& device : bus.devices) {
      if (device.polls > 0 && !device.answering && !device.trouble.empty())
        text.push_back(painted("! " + device.trouble, Tone::bad, colours_));
    }
  }
  for (auto& line : line_table(view.buses, colours_, columns)) text.push_back(std::move(line));
  return text;
}

std::vector<std::string> WatchTable::points(const FieldView& view, std::size_t columns) {
  before_.resize(view.points.size());
  const bool has_raw =
      std::any_of(view.points.begin(), view.points.end(), [](const auto& each) { return !each.report.raw.empty(); });
  Lines lines{{{"device"}, {"point"}, number_cell("value"), {"unit"}, {"quality"}, number_cell("age"), {"source"}}};
  if (has_raw) lines[0].push_back({"raw"});
  for (std::size_t place = 0; place < view.points.size(); ++place) {
    const auto& report = view.points[place].report;
    const auto tone = has_changed(before_[place], report.reading) ? Tone::fresh : Tone::plain;
    lines.push_back({{report.device},
                     {report.point},
                     number_cell(value_text(report), tone),
                     {std::string{facts(report.quantity).unit}},
                     quality_cell(report.reading),
                     age_cell(view.points[place], view.now),
                     {report.source}});
    if (has_raw) lines.back().push_back({report.raw.substr(0, longest_raw), Tone::faint});
  }
  remember(view);
  fit(lines, columns, of_points);
  return split(to_text(lines, colours_));
}

void WatchTable::remember(const FieldView& view) {
  before_.clear();
  for (const auto& point : view.points) before_.push_back(point.report.reading);
}

std::vector<std::string> WatchTable::screen(const FieldView& view, Window window, std::size_t first) {
  auto below = lines(view, window.columns);
  const auto table = points(view, window.columns);
  constexpr std::size_t frame = 4;  // the head, the names of the columns, what is not shown, an empty line
  const auto room = window.rows > frame ? window.rows - frame : 0;
  const auto all = table.size() - 1;
  const auto wanted = std::min(all, std::max(least_points, room / 2));
  if (below.size() + wanted > room) below.resize(room > wanted ? room - wanted : 0);
  const auto shown = std::min(all, room - std::min(room, below.size()));
  first = std::min(first, all - shown);
  std::vector<std::string> lines{head_line(view, colours_), table[0]};
  for (std::size_t place = first; place < first + shown; ++place) lines.push_back(table[place + 1]);
  const auto more =
      fmt::format("{} to {} of {} points; arrow and page keys show the others; q ends", first + 1, first + shown, all);
  lines.push_back(painted(shown < all ? more : "q ends", Tone::faint, colours_));
  if (!below.empty()) lines.emplace_back();
  for (auto& line : below) lines.push_back(std::move(line));
  if (lines.size() > window.rows) lines.resize(window.rows);
  for (auto& line : lines) line = clipped(line, window.columns);
  return lines;
}

std::string WatchTable::whole(const FieldView& view) {
  std::string text;
  for (const auto& line : points(view, endless)) text += line + '\n';
  text += '\n';
  for (const auto& line : lines(view, endless)) text += line + '\n';
  return text;
}

std::string WatchTable::news(const FieldView& view) {
  before_.resize(view.points.size());
  std::string text;
  for (std::size_t place = 0; place < view.points.size(); ++place) {
    const auto& report = view.points[place].report;
    if (!is_news(before_[place], report.reading) || report.reading.time == Time{}) continue;
    text += fmt::format("{}  {}/{}  {} {}  {}\n", to_rfc3339(report.reading.time), report.device, report.point,
                        value_text(report), facts(report.quantity).unit, quality_cell(report.reading).text);
  }
  remember(view);
  for (const auto& bus : view.buses) {
    for (const auto& hint : bus.hints) {
      auto line = fmt::format("{}  hint  {}: {}\n", to_rfc3339(view.now), bus.bus, hint);
      const auto said = bus.bus + hint;
      if (std::find(hints_.begin(), hints_.end(), said) != hints_.end()) continue;
      hints_.push_back(said);
      text += line;
    }
  }
  return text;
}

}  // namespace fettle::commands
