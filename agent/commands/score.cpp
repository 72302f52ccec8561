#include "score.hpp"

#include "commands/command.hpp"

#include <fmt/format.h>
#include <unistd.h>
#include <cstdio>

namespace fettle::commands {
namespace {

constexpr std::size_t usual_fit = 400;

int score(const std::string& file, std::size_t fit) {
  const bool from_stdin = file == "-";
  if (from_stdin && ::isatty(STDIN_FILENO) == 1)
    fmt::print(stderr, "fettle score: reading a table from the keyboard; end it with Ctrl-D\n");
  const auto summary = fettle::score(from_stdin ? "/dev/stdin" : file, fit, stdout);
  if (!summary) {
    fmt::print(stderr, "fettle score: {}\n", summary.error().detail);
    return exit_failure;
  }
  for (const auto& note : summary->notes) fmt::print(stderr, "fettle score: {}\n", note);
  return exit_ok;
}

void add_score(CLI::App& verb, int& exit_code) {
  const auto file = std::make_shared<std::string>("-");
  const auto fit = std::make_shared<std::size_t>(usual_fit);
  verb.add_option("FILE", *file,
                  "Table of readings (CSV): a column of times, then one or more of values; - is standard input")
      ->capture_default_str();
  verb.add_option("--fit", *fit,
                  "Rows at the beginning that show the machine in order (several columns of values only)")
      ->type_name("ROWS")
      ->check(CLI::Range(20, 1'000'000))
      ->capture_default_str();
  verb.footer(
      "Appends anomaly_score (0 to 1) to each row; for several columns also pred (1: anomaly) and cp (1: pred "
      "changes).\n"
      "A row is judged by itself and those before it.\n"
      "Example: fettle score < readings.csv > scored.csv");
  verb.callback([file, fit, &exit_code] { exit_code = score(*file, *fit); });
}

const Registration<Command> entry{"score", "Judge a table of readings: how strange is each row?", add_score};

}  // namespace
}  // namespace fettle::commands
