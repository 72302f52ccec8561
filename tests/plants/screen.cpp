#include "plants/screen.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <cmath>
#include <cstdio>

#include "plants/summary.hpp"

namespace fettle::plants {
namespace {

constexpr int bar_width = 20;
constexpr int days_between_lines = 7;

std::string bar(const Gauge& gauge) {
  const auto filled = static_cast<int>(std::lround(gauge.condition * bar_width));
  return std::string(static_cast<std::size_t>(filled), '#') +
         std::string(static_cast<std::size_t>(bar_width - filled), '.');
}

std::string line_of(const Gauge& gauge) {
  const auto state = gauge.failed ? "FAILED" : fmt::format("{:5.0f}%", gauge.condition * 100);
  return fmt::format("{:<11} [{}] {}  {:.4g} of {:.4g} {}, {}", gauge.asset, bar(gauge), state, gauge.value,
                     gauge.limit, gauge.unit, gauge.title);
}

/// A line that the terminal would wrap could not be taken back.
std::string cut_to_the_terminal(std::string line) {
  winsize size{};
  const bool known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1;
  return line.substr(0, known ? size.ws_col - 1U : line.size());
}

std::string short_text(const Gauge& gauge) {
  return gauge.failed ? gauge.asset + " failed" : fmt::format("{} {:.0f}%", gauge.asset, gauge.condition * 100);
}

}  // namespace

Screen::Screen(Time start) : start_{start}, terminal_{isatty(STDOUT_FILENO) == 1} {}

void Screen::show_day(int day, std::vector<Gauge> gauges) {
  day_ = day;
  gauges_ = std::move(gauges);
  if (terminal_) {
    erase();
    draw();
  } else if (day % days_between_lines == 0) {
    auto text = fmt::format("day {:>4}  worn:", day);
    for (const auto& gauge : gauges_) text += "  " + short_text(gauge);
    say(text);
  }
}

void Screen::show_alert(const Document& document) {
  const bool dispatch = document.is_dispatch_grade();
  auto text = fmt::format("{:<8}  ALERT {} {} {} priority {}{}\n          {}", day_of(document.time, start_),
                          document.severity, document.kind, document.state, document.priority,
                          dispatch ? ", sends a technician" : "", document.title);
  if (dispatch) text += fmt::format("\n          bring: {}", what_to_bring(document));
  say(terminal_ && dispatch ? "\x1b[1m" + text + "\x1b[0m" : text);
}

void Screen::show_failure(const Failure& failure) {
  say(fmt::format("{:<8}  {} FAILED ({})", day_of(*failure.at, start_), failure.asset, failure.fault));
}

void Screen::say(const std::string& text) {
  erase();
  fmt::print("{}\n", text);
  draw();
}

void Screen::close() {
  erase();
  gauges_.clear();
}

void Screen::erase() {
  if (lines_drawn_ > 0) fmt::print("\x1b[{}A\x1b[J", lines_drawn_);
  lines_drawn_ = 0;
}

void Screen::draw() {
  if (terminal_ && !gauges_.empty()) {
    fmt::print("--- day {} {}\n", day_, std::string(60, '-'));
    for (const auto& gauge : gauges_) fmt::print("{}\n", cut_to_the_terminal(line_of(gauge)));
    lines_drawn_ = gauges_.size() + 1;
  }
  std::fflush(stdout);
}

}  // namespace fettle::plants
