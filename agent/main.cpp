#include "commands/command.hpp"
#include "commands/mistakes.hpp"
#include "memory.hpp"
#include "settings/node.hpp"

int main(int argc, char** argv) {
  using namespace fettle;
  using namespace fettle::commands;
  hold_little_memory();
  int exit_code = exit_ok;
  CLI::App app{
      "Reads a building's equipment, learns what healthy looks like, and says which machine will fail, how and when."};
  app.name("fettle");
  app.set_version_flag("--version", version());
  app.require_subcommand(1);
  app.footer("`fettle COMMAND --help` tells more. Example: fettle check -c config/site.example.yaml");
  for (const auto& [name, command] : Registry<Command>::instance().entries()) {
    command.make(*app.add_subcommand(name, command.summary), exit_code);
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? exit_ok : exit_usage;
  } catch (const settings::SettingsError& error) {
    print(error.mistakes());
    return exit_settings;
  }
  return exit_code;
}
