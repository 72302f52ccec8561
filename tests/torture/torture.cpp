// Tortures the real agent and counts what its consumer has lost: torture [--kills N] [--power-cuts N] [--seed N]

#include "torture/campaign.hpp"

#include <fmt/format.h>
#include <unistd.h>
#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>

namespace {

using fettle::test::CampaignPlan;
using fettle::test::Tally;

void print_line(const char* what, std::size_t count) { fmt::print("  {:<44}{:>9}\n", what, count); }

void print_table(const Tally& tally, std::uint64_t seed) {
  fmt::print("seed {}, {} s\n", seed, std::chrono::duration_cast<std::chrono::seconds>(tally.took).count());
  print_line("agent killed", tally.kills);
  print_line("power cut", tally.power_cuts);
  print_line("  of both while a revision was on its way", tally.aimed);
  print_line("broker stopped and started", tally.broker_stops);
  print_line("broker killed and started", tally.broker_kills);
  print_line("episodes expected", tally.expected);
  print_line("episodes seen", tally.seen);
  print_line("  lost", tally.lost);
  print_line("  doubled", tally.doubled);
  print_line("  returns within an episode", tally.returns);
  print_line("  endings a killed broker swallowed", tally.unseen_endings);
  print_line("alerts about the gateway itself", tally.system);
  print_line("documents", tally.documents);
  print_line("  repeated, byte by byte the same", tally.repeats);
  print_line("status documents", tally.statuses);
  print_line("breaches of the contract", tally.breaches.size());
  print_line("errors the agent logged", tally.complaints.size());
  for (const auto& breach : tally.breaches) fmt::print("! {}\n", breach);
  for (const auto& complaint : tally.complaints) fmt::print("! agent: {}\n", complaint);
}

void show_progress(const std::string& text) {
  fmt::print(stderr, "\r{}\x1b[K", text);
  std::fflush(stderr);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{
      "Kills the agent, cuts its power and restarts its broker, and counts the alerts that were lost or doubled"};
  CampaignPlan plan;
  plan.seed = std::random_device{}();
  bool forgetful = false;
  app.add_option("--kills", plan.kills, "How often the agent is killed")->capture_default_str();
  app.add_option("--power-cuts", plan.power_cuts, "How often its power is cut")->capture_default_str();
  app.add_option("--machines", plan.machines, "How many machines fall ill")
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
  app.add_option("--seed", plan.seed, "Chooses the moments (default: by chance)");
  app.add_flag("--commands", plan.commands, "The consumer acknowledges and closes alerts as well");
  app.add_flag("--forgetful-disk", forgetful,
               "A disk that never flushes. The campaign then has to find losses: it succeeds if it does");
  CLI11_PARSE(app, argc, argv);
  if (forgetful) plan.flush = fettle::test::Flush::ignored;
  const bool on_terminal = isatty(STDERR_FILENO) == 1;
  if (on_terminal) plan.progress = show_progress;
  fmt::print("seed {}\n", plan.seed);
  std::fflush(stdout);
  const auto tally = fettle::test::Campaign{plan}.run();
  if (on_terminal) fmt::print(stderr, "\n");
  print_table(tally, plan.seed);
  return (forgetful ? !tally.kept_its_word() : tally.is_clean()) ? EXIT_SUCCESS : EXIT_FAILURE;
}
