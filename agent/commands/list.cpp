#include "commands/command.hpp"
#include "commands/table.hpp"
#include "parts.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace fettle::commands {
namespace {

void list_devices(const std::string& site_file) {
  std::vector<std::vector<Cell>> lines{{{"name"}, {"device"}, {"protocol"}, {"points"}, {"verified"}, {"identify"}}};
  for (const auto& device : device_lines(site_file)) {
    lines.push_back({{device.name},
                     {device.title},
                     {device.protocol},
                     {std::to_string(device.points)},
                     device.verified ? Cell{"yes", Tone::good} : Cell{"no", Tone::faint},
                     {device.identifiable ? "yes" : "no"}});
  }
  fmt::print("{}", to_text(lines, colours_of_stdout()));
}

void list(const std::string& kind, const std::string& site_file) {
  const auto parts = parts_of(kind, site_file);
  std::size_t width = 0;
  for (const auto& part : parts) width = std::max(width, part.name.size());
  for (const auto& part : parts) fmt::print("{:<{}}  {}\n", part.name, width, part.summary);
}

void add_list(CLI::App& verb, int& exit_code) {
  const auto site_file = add_site_option(verb);
  // Shared by the option, which fills it, and the callback, which reads it.
  const auto kind = std::make_shared<std::string>();
  verb.add_option("KIND", *kind, "What to list")->required()->check(CLI::IsMember(kinds_of_parts()));
  verb.footer("Example: fettle list drivers");
  verb.callback([kind, site_file, &exit_code] {
    *kind == "devices" ? list_devices(*site_file) : list(*kind, *site_file);
    exit_code = exit_ok;
  });
}

const Registration<Command> entry{"list", "List what this program is made of, and the profiles and models it finds",
                                  add_list};

}  // namespace
}  // namespace fettle::commands
