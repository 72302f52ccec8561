#include "commands/command.hpp"
#include "commands/mistakes.hpp"
#include "memory.hpp"
#include "settings/environment_file.hpp"
#include "settings/node.hpp"
#include "unknown_part.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

namespace {

using namespace fettle;
using namespace fettle::commands;

/// `fettle help` and `fettle help check` are what they look like.
std::vector<std::string> words_of(int argc, char** argv) {
  std::vector<std::string> words{argv + 1, argv + argc};
  if (words.empty() || words.front() != "help") return words;
  words.erase(words.begin());
  words.emplace_back("--help");
  return words;
}

/// Whether the first word is a command that we have; says so if not.
bool is_known(const std::vector<std::string>& words) {
  if (words.empty() || words.front().starts_with('-')) return true;
  const auto mistake = unknown_part<Command>("command", words.front());
  if (!mistake.empty()) fmt::print(stderr, "fettle: {}\n`fettle --help` lists them all\n", mistake);
  return mistake.empty();
}

int parse(CLI::App& app, std::vector<std::string> words) {
  try {
    std::reverse(words.begin(), words.end());  // CLI11 takes them from the back
    app.parse(std::move(words));
    return exit_ok;
  } catch (const CLI::ExtrasError& error) {
    const std::string_view said{error.what()};
    app.exit(error);
    if (said.ends_with(".yaml") || said.ends_with(".yml")) fmt::print(stderr, "A site file is given as -c FILE\n");
    return exit_usage;
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? exit_ok : exit_usage;
  } catch (const settings::SettingsError& error) {
    print(error.mistakes());
    return exit_settings;
  }
}

int run(int argc, char** argv) {
  const auto words = words_of(argc, argv);
  if (!is_known(words)) return exit_usage;
  settings::take_environment("/etc/fettle/environment");
  int exit_code = exit_ok;
  CLI::App app{
      "Reads a building's equipment, learns what healthy looks like, and says which machine will fail, how and when."};
  app.name("fettle");
  app.set_version_flag("--version", version());
  app.require_subcommand(1);
  app.footer("`fettle COMMAND --help` tells more. Example: fettle check -c site.yaml");
  for (const auto& [name, command] : Registry<Command>::instance().entries()) {
    command.make(*app.add_subcommand(name, command.summary), exit_code);
  }
  const int parsed = parse(app, words);
  return parsed == exit_ok ? exit_code : parsed;
}

}  // namespace

int main(int argc, char** argv) {
  hold_little_memory();
  try {
    const int exit_code = run(argc, argv);
    if (exit_code != exit_ok) return exit_code;  // and has been explained
    if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return exit_ok;
    std::fputs("fettle: not all could be printed: no space, or nobody reads it\n", stderr);
    return exit_failure;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "fettle: %s\n", error.what());  // NOLINT(cert-err33-c): there is nowhere else to say it
    return exit_failure;
  }
}
