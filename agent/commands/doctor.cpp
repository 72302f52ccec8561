#include "commands/doctor.hpp"

#include "commands/command.hpp"
#include "commands/fit.hpp"
#include "commands/progress.hpp"

#include <fmt/format.h>
#include <spdlog/sinks/null_sink.h>
#include <spdlog/spdlog.h>
#include <unistd.h>
#include <algorithm>
#include <boost/json.hpp>
#include <cstdio>
#include <memory>

namespace fettle::commands {
namespace {

using doctor::Diagnosis;
using doctor::Grade;

Tone tone_of(Grade grade) {
  switch (grade) {
    case Grade::ok: return Tone::good;
    case Grade::warning: return Tone::warning;
    case Grade::problem: return Tone::bad;
  }
  return Tone::plain;
}

std::size_t count(const std::vector<Examined>& all, Grade grade) {
  std::size_t sum = 0;
  for (const auto& examined : all) {
    sum += static_cast<std::size_t>(std::count_if(examined.found.begin(), examined.found.end(),
                                                  [grade](const Diagnosis& each) { return each.grade == grade; }));
  }
  return sum;
}

std::string counted(std::size_t number, std::string_view noun) {
  return fmt::format("{} {}{}", number, noun, number == 1 ? "" : "s");
}

int examine_site(const std::string& site_file, bool as_json) {
  spdlog::set_default_logger(spdlog::null_logger_mt("fettle doctor"));  // what goes wrong stands in the list
  const auto all = examine(admit(site_file), [](const std::string& check) { show_progress("looking at " + check); });
  show_progress({});
  fmt::print("{}", as_json ? to_json(all)
                           : to_text(all, colours_of_stdout(), terminal_columns(STDOUT_FILENO).value_or(endless)));
  return has_problem(all) ? exit_failure : exit_ok;
}

void add_doctor(CLI::App& verb, int& exit_code) {
  const auto site_file = add_site_option(verb);
  const auto json = std::make_shared<bool>(false);  // shared by the option and the callback
  verb.add_flag("--json", *json, "One JSON array in place of the list");
  verb.footer(
      "Looks at settings, ports, network, broker, certificates, clock, disk and the time that polling takes.\n"
      "Nothing is written to a device, and what a running agent holds is not touched. Ports that other users' "
      "programs\n"
      "hold are only seen by root. Exit status 1 if there is a problem; warnings are none.\n"
      "Example: sudo fettle doctor -c site.yaml");
  verb.callback([site_file, json, &exit_code] { exit_code = examine_site(*site_file, *json); });
}

const Registration<Command> entry{"doctor", "Say what else goes wrong on site, and what to do about it", add_doctor};

}  // namespace

bool has_problem(const std::vector<Examined>& all) { return count(all, Grade::problem) > 0; }

std::string to_text(const std::vector<Examined>& all, Colours colours, std::size_t columns) {
  constexpr std::size_t width = 7, indent = width + 2;  // "problem"
  std::string text;
  for (const auto& examined : all) {
    for (const auto& each : examined.found) {
      const auto grade = fmt::format("{:<{}}", name_of(each.grade), width);
      const auto line = fmt::format("{}  {}: {}", painted(grade, tone_of(each.grade), colours), each.about, each.text);
      text += wrapped(line, columns, indent) + '\n';
      if (each.remedy.empty()) continue;
      text += wrapped(fmt::format("{:{}}-> {}", "", indent, each.remedy), columns, indent + 3) + '\n';
    }
  }
  return text + fmt::format("{}, {}\n", counted(count(all, Grade::problem), "problem"),
                            counted(count(all, Grade::warning), "warning"));
}

std::string to_json(const std::vector<Examined>& all) {
  boost::json::array list;
  for (const auto& examined : all) {
    for (const auto& each : examined.found) {
      boost::json::object object{{"check", examined.check}, {"grade", name_of(each.grade)}, {"about", each.about}};
      object["text"] = each.text;
      if (!each.remedy.empty()) object["remedy"] = each.remedy;
      list.push_back(std::move(object));
    }
  }
  return boost::json::serialize(list) + "\n";
}

}  // namespace fettle::commands
