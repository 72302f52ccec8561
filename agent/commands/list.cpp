#include "commands/command.hpp"
#include "commands/table.hpp"
#include "parts.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <map>

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

/// How many of a model's modes have limits that are general knowledge.
std::size_t doubted(const health::EquipmentModel& model) {
  const auto count =
      std::count_if(model.modes.begin(), model.modes.end(), [](const auto& mode) { return !mode.verify.empty(); });
  return static_cast<std::size_t>(count);
}

void list_equipment(const std::string& site_file) {
  std::vector<std::vector<Cell>> lines{{{"name"}, {"equipment"}, {"modes"}, {"limits to verify"}}};
  for (const auto& model : models_found(site_file)) {
    lines.push_back({{model.name},
                     {model.title},
                     number_cell(std::to_string(model.modes.size())),
                     number_cell(std::to_string(doubted(model)), doubted(model) > 0 ? Tone::faint : Tone::good)});
  }
  fmt::print("{}", to_text(lines, colours_of_stdout()));
}

/// How long a mode warns: "14d to 90d".
std::string warning_time(const health::ModeModel& mode) {
  if (mode.opportunity) return "no fault";
  const auto& time = mode.warning_time;
  return time ? fmt::format("{} to {}", fettle::to_text(time->least), fettle::to_text(time->most)) : "not known";
}

void list_modes(const std::string& site_file) {
  std::vector<std::vector<Cell>> lines{{{"mode"}, {"code"}, {"warns"}, {"cause"}, {"limits to verify"}}};
  for (const auto& model : models_found(site_file)) {
    for (const auto& mode : model.modes) {
      lines.push_back({{model.name + "/" + mode.name},
                       {mode.iso14224},
                       {warning_time(mode)},
                       {mode.cause},
                       {mode.verify, Tone::faint}});
    }
  }
  fmt::print("{}", to_text(lines, colours_of_stdout()));
}

using Listing = void (*)(const std::string& site_file);
const std::map<std::string, Listing, std::less<>> tables{
    {"devices", list_devices}, {"equipment", list_equipment}, {"modes", list_modes}};

void list(const std::string& kind, const std::string& site_file) {
  if (const auto table = tables.find(kind); table != tables.end()) {
    table->second(site_file);
    return;
  }
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
    list(*kind, *site_file);
    exit_code = exit_ok;
  });
}

const Registration<Command> entry{"list", "List what this program is made of, and the profiles and models it finds",
                                  add_list};

}  // namespace
}  // namespace fettle::commands
