#include "plants/score_table.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <map>

namespace fettle::plants {
namespace {

constexpr double months_a_year = 12;

std::string median_of(std::vector<double> values, const char* format) {
  if (values.empty()) return "-";
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return fmt::format(fmt::runtime(format), *middle);
  return fmt::format(fmt::runtime(format), (*middle + *std::max_element(values.begin(), middle)) / 2);
}

double days_ahead(const Story& story, Time told) { return to_hours(*story.failed - told) / 24; }

/// The errors and the intervals of many lives.
struct Forecasts {
  std::vector<double> errors;
  int given = 0, held = 0;

  explicit Forecasts(const std::vector<Story>& stories) {
    for (const auto& story : stories) {
      errors.insert(errors.end(), story.late_errors.begin(), story.late_errors.end());
      given += story.forecasts;
      held += story.held;
    }
  }
  std::string error() const { return median_of(errors, "{:.2f}"); }
  std::string holds() const { return given == 0 ? "-" : fmt::format("{:.0f}", 100.0 * held / given); }
};

std::string with_counts(const std::map<std::string, int>& modes) {
  std::string text;
  for (const auto& [mode, count] : modes) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", mode, count);
  return text;
}

std::string without_trailing_spaces(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

}  // namespace

std::string fault_line(const Plant& plant, const Injection& injection, const std::vector<Story>& stories) {
  int failed = 0;
  std::vector<double> found;
  std::vector<double> sent;
  std::map<std::string, int> others;
  for (const auto& story : stories) {
    if (!story.failed) continue;
    ++failed;
    if (story.found) found.push_back(days_ahead(story, *story.found));
    if (story.sent) sent.push_back(days_ahead(story, *story.sent));
    for (const auto& mode : story.dispatched) {
      if (mode != injection.mode) ++others[mode];
    }
  }
  const Forecasts forecasts{stories};
  return without_trailing_spaces(
      fmt::format("{:<12} {:<23} {:>5} {:>5} {:>6} {:>5} {:>6} {:>6} {:>5} {:>9}  {}", plant.name, injection.mode,
                  failed, found.size(), median_of(found, "{:.1f}"), sent.size(), median_of(sent, "{:.1f}"),
                  forecasts.error(), forecasts.holds(), forecasts.given, with_counts(others)));
}

std::string healthy_line(const Plant& plant, const std::vector<Story>& stories) {
  std::map<std::string, int> told;
  std::map<std::string, int> dispatched;
  for (const auto& story : stories) {
    for (const auto& mode : story.told) ++(story.dispatched.contains(mode) ? dispatched : told)[mode];
  }
  const auto sum = [](const auto& modes) {
    int all = 0;
    for (const auto& [mode, count] : modes) all += count;
    return all;
  };
  const auto years = static_cast<double>(stories.size());
  return without_trailing_spaces(fmt::format(
      "{:<12} healthy years {:>4}: {:.2f} dispatched a year {:<24} {:.2f} for information {}", plant.name,
      stories.size(), sum(dispatched) / years, with_counts(dispatched), sum(told) / years, with_counts(told)));
}

std::vector<std::string> closing_lines(const std::vector<Story>& faulty, const std::vector<Story>& healthy) {
  int failed = 0;
  int found = 0;
  int sent = 0;
  for (const auto& story : faulty) {
    failed += story.failed ? 1 : 0;
    found += story.failed && story.found ? 1 : 0;
    sent += story.failed && story.sent ? 1 : 0;
  }
  double dispatched = 0;
  for (const auto& story : healthy) dispatched += static_cast<double>(story.dispatched.size());
  const Forecasts forecasts{faulty};
  const double months = months_a_year * static_cast<double>(healthy.size());
  return {fmt::format("all: {} failures, {} named, {} worth a visit; 80 % intervals hold {} % of {} daily forecasts; "
                      "median error of the remaining life {}",
                      failed, found, sent, forecasts.holds(), forecasts.given, forecasts.error()),
          fmt::format("healthy: {:.2f} dispatches in 100 asset-months over {} asset-years", 100 * dispatched / months,
                      healthy.size())};
}

std::vector<std::string> heading(int lives, int years) {
  return {
      "# What the agent tells of simulated machines (tests/plants), and when. Made by",
      "#   cmake --build build/dev -t plant_scores && build/dev/tests/plants/plant_scores --update "
      "tests/plants/scores.txt",
      fmt::format(
          "# {} lives with each fault, on seeds of their own; wear is linear, by the square, exponential, in steps.",
          lives),
      "# Readings come every 1, 2 or 5 minutes, and the fault begins in the fifth week. A life ends with the failure:",
      "# where the machine trips by itself, or its true state passes the trade's limit for that part. What breaks at "
      "once",
      "# is looked at for two weeks more.",
      fmt::format("# {} healthy years of each plant, each with a new agent. The watch for the merely unusual is off.",
                  years),
      "#   lives   that failed                      found   in which the right mode was named by then",
      "#   lead    days before the failure, median  sent    in which that was worth a visit, and its lead",
      "#   error   of the remaining life as published, |told / true - 1|, daily in the run-up's second half, median",
      "#   holds   % of the published 80 % intervals that have the failure in them, of so many (daily, given)",
      "#   others  modes beside that were worth a visit, in so many lives",
      "plant        fault                   lives found   lead  sent   lead  error holds     given  others"};
}

}  // namespace fettle::plants
