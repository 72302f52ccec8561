#include "commands/command.hpp"

namespace fettle::commands {

std::shared_ptr<std::string> add_site_option(CLI::App& verb) {
  auto file = std::make_shared<std::string>("/etc/fettle/site.yaml");
  verb.add_option("-c,--config", *file, "The site file")->type_name("FILE")->capture_default_str();
  return file;
}

std::string version() { return "fettle " FETTLE_VERSION; }

}  // namespace fettle::commands
