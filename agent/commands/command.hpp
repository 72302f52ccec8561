#pragma once

#include "core/registry.hpp"

#include <CLI/CLI.hpp>
#include <memory>
#include <string>

namespace fettle::commands {

/// What the program returns to the shell (sysexits.h).
enum ExitCode { exit_ok = 0, exit_failure = 1, exit_usage = 64, exit_settings = 78 };

/// A verb of the command line. Its file registers a function that gives the verb its options and a callback, which sets `exit_code`:
///
///     void add_check(CLI::App& verb, int& exit_code) {
///       const auto site_file = add_site_option(verb);
///       verb.callback([site_file, &exit_code] { exit_code = check(*site_file); });
///     }
///     const Registration<Command> entry{"check", "one line for `fettle --help`", add_check};
///
/// A SettingsError may leave the callback: main prints its mistakes, and returns exit_settings.
struct Command {
  using Factory = void(CLI::App& verb, int& exit_code);
};

/// `-c FILE`; the value is shared by the option, which fills it, and the callback, which reads it.
std::shared_ptr<std::string> add_site_option(CLI::App& verb);

/// "fettle 0.1.0"
std::string version();

}  // namespace fettle::commands
