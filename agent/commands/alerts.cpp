#include "commands/alerts.hpp"

#include "alert_list.hpp"
#include "commands/command.hpp"
#include "installation.hpp"
#include "questions.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <cstdio>
#include <memory>

namespace fettle::commands {
namespace {

Tone tone_of(Severity severity) {
  switch (severity) {
    case Severity::critical:
    case Severity::major: return Tone::bad;
    case Severity::minor:
    case Severity::warning: return Tone::warning;
  }
  return Tone::plain;
}

std::string or_dash(std::string text) { return text.empty() ? "-" : text; }
std::string or_dash(const std::optional<Time>& time) { return time ? minute_text(*time) : "-"; }

std::string acknowledged_by(const Alert& alert) {
  if (!alert.ack) return "-";
  return alert.ack->reference ? fmt::format("{} ({})", alert.ack->by, alert.ack->reference->id) : alert.ack->by;
}

std::string state_of(const Alert& alert) {
  return fmt::format("{}{}", name_of(alert.state), alert.test ? ", test" : "");
}

std::string parts_of(const Outcome& outcome) {
  std::string text;
  for (const auto& part : outcome.parts)
    text += fmt::format("{}{} x {}", text.empty() ? "" : ", ", part.quantity, part.sku.empty() ? part.name : part.sku);
  return or_dash(text);
}

std::string minutes_of(const Outcome& outcome) {
  return outcome.minutes ? fmt::format("{:.0f}", *outcome.minutes) : "-";
}

struct Options {
  bool closed = false, json = false;
  std::optional<std::size_t> at_most;
};

constexpr std::size_t usual_rows = 50;

void print_table(AlertList list, const Options& options) {
  auto& alerts = list.alerts;
  const auto rows = options.at_most.value_or(usual_rows);
  const bool more = alerts.size() > rows;
  if (!options.closed) sort_by_urgency(alerts);
  if (more) alerts.resize(rows);
  const auto colours = colours_of_stdout();
  if (alerts.empty()) {
    fmt::print("{}\n", options.closed ? "no alert was closed yet" : "no open alerts");
  } else {
    fmt::print("{}", options.closed ? closed_table(alerts, colours) : open_table(alerts, colours));
  }
  if (more) fmt::print("... and more; -n {} shows more of them\n", rows * 2);
  if (list.unreadable > 0) fmt::print(stderr, "{} documents cannot be read by this version\n", list.unreadable);
}

int alerts(const std::string& site_file, const Options& options) {
  const auto store = load_installation(site_file).site.store;
  // A table is sorted before it is cut off, so all are asked for.
  const auto wanted = options.json ? options.at_most.value_or(most_alerts) : most_alerts;
  const auto documents = ask_alerts(store, options.closed, wanted);
  if (!documents) {
    fmt::print(stderr, "fettle alerts: {}", no_agent(store));
    return exit_failure;
  }
  if (options.json) {
    fmt::print("{}\n", *documents);
  } else {
    print_table(parse_alert_list(*documents), options);
  }
  return exit_ok;
}

void add_alerts(CLI::App& verb, int& exit_code) {
  const auto site_file = add_site_option(verb);
  const auto options = std::make_shared<Options>();
  verb.add_flag("--closed", options->closed, "What was closed and how it ended, the latest first");
  verb.add_option("-n", options->at_most, "At most so many; without it 50 in a table and all in JSON")
      ->type_name("NUMBER")
      ->check(CLI::Range(std::size_t{1}, most_alerts));
  verb.add_flag("--json", options->json, "The alert documents, as one JSON array in place of the table");
  verb.footer(
      "Times are UTC. Asks the agent that runs on this site's store; exit status 1 if none does.\n"
      "Example: fettle alerts --closed -n 20");
  verb.callback([site_file, options, &exit_code] { exit_code = alerts(*site_file, *options); });
}

const Registration<Command> entry{"alerts", "Show the open alerts of the running agent, or how closed ones ended",
                                  add_alerts};

}  // namespace

std::string open_table(const std::vector<Alert>& alerts, Colours colours) {
  std::vector<std::vector<Cell>> lines{{{"severity"},
                                        {"priority"},
                                        {"state"},
                                        {"slot"},
                                        {"raised"},
                                        {"dispatch by"},
                                        {"acknowledged by"},
                                        {"shelved until"},
                                        {"title"}}};
  for (const auto& alert : alerts) {
    const auto shelved = alert.shelved ? std::optional{alert.shelved->until} : std::nullopt;
    lines.push_back({{std::string{name_of(alert.severity)}, tone_of(alert.severity)},
                     {std::to_string(alert.priority)},
                     {state_of(alert)},
                     {alert.slot()},
                     {minute_text(alert.raised_at)},
                     {or_dash(alert.dispatch_by)},
                     {acknowledged_by(alert)},
                     {or_dash(shelved)},
                     {alert.title}});
  }
  return to_text(lines, colours);
}

std::string closed_table(const std::vector<Alert>& alerts, Colours colours) {
  std::vector<std::vector<Cell>> lines{
      {{"closed"}, {"slot"}, {"verdict"}, {"by"}, {"parts"}, {"minutes"}, {"title"}, {"note"}}};
  for (const auto& alert : alerts) {
    const auto outcome = alert.outcome.value_or(Outcome{});
    lines.push_back(
        {{or_dash(alert.closed_at)},
         {alert.slot()},
         {std::string{name_of(outcome.verdict)}, outcome.verdict == Conclusion::confirmed ? Tone::good : Tone::plain},
         {or_dash(outcome.by)},
         {parts_of(outcome)},
         {minutes_of(outcome)},
         {alert.title},
         {or_dash(outcome.note)}});
  }
  return to_text(lines, colours);
}

}  // namespace fettle::commands
