#include "agent.hpp"
#include "commands/command.hpp"
#include "commands/mistakes.hpp"
#include "installation.hpp"

#include <fmt/format.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <charconv>
#include <optional>

namespace fettle::commands {
namespace {

/// "3600" or "3600@2004-02-12T10:32:39Z".
std::optional<DomainClock> simulated_clock(const std::string& text) {
  const auto at = text.find('@');
  const auto number = text.substr(0, at);
  double speed = 0;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), speed);
  const bool whole = error == std::errc{} && end == number.data() + number.size();
  if (!whole || !(speed > 0) || speed > 1e6) return std::nullopt;
  if (at == std::string::npos) return DomainClock{DomainClock{}.now(), speed};
  const auto start = parse_rfc3339(text.substr(at + 1));
  return start ? std::optional{DomainClock{*start, speed}} : std::nullopt;
}

std::string speed_mistake(const std::string& text) {
  return simulated_clock(text)
             ? ""
             : fmt::format("\"{}\" is not X or X@START (try 3600 or 3600@2026-06-01T00:00:00Z)", text);
}

void log_to_stderr() {
  spdlog::set_default_logger(spdlog::stderr_logger_mt("fettle"));
  spdlog::set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %l: %v");
}

int run(const std::string& site_file, const std::string& speed) {
  log_to_stderr();
  const auto clock = speed.empty() ? DomainClock{} : *simulated_clock(speed);
  for (;;) {
    auto installation = load_installation(site_file);
    for (const auto& mistake : installation.confined.all()) spdlog::error("left out: {}", settings::to_text(mistake));
    auto ledger = Ledger::open(installation.site.store, clock);
    if (!ledger) {
      spdlog::critical("{}", ledger.error().detail);
      return exit_failure;
    }
    Agent agent{std::move(installation), clock, std::move(*ledger)};
    if (agent.run() == Ending::stopped) return exit_ok;
  }
}

void add_run(CLI::App& verb, int& exit_code) {
  const auto site_file = add_site_option(verb);
  // Shared by the option, which fills it, and the callback, which reads it.
  const auto speed = std::make_shared<std::string>();
  verb.add_option("--speed", *speed,
                  "Simulated clock, X times as fast, beginning at START: for demos and rehearsals only")
      ->type_name("X[@START]")
      ->check(CLI::Validator{speed_mistake, "", "speed"});
  verb.footer(
      "Example: fettle run -c site.yaml. Ends cleanly on SIGTERM or Ctrl-C; reads its settings again on SIGHUP.");
  verb.callback([site_file, speed, &exit_code] { exit_code = run(*site_file, *speed); });
}

const Registration<Command> entry{"run", "Read, learn, forecast and publish until told to stop", add_run};

}  // namespace
}  // namespace fettle::commands
