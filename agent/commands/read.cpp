#include "commands/read.hpp"

#include "commands/command.hpp"
#include "commands/named_devices.hpp"
#include "commands/progress.hpp"

#include <fmt/format.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <chrono>
#include <cstdio>
#include <memory>

namespace fettle::commands {
namespace {

std::string quality_text(const Reading& reading) {
  if (reading.is_good()) return "good";
  return fmt::format("{} ({})", name_of(reading.quality), name_of(reading.reason));
}

using Row = std::array<std::string, 7>;

Row row_of(const PointReport& point) {
  const auto& quantity = facts(point.quantity);
  const auto value = point.reading.is_good() ? fmt::format("{:.{}f}", point.reading.value, quantity.decimals) : "-";
  return {point.device,
          point.point,
          point.raw.empty() ? "-" : point.raw,
          value,
          std::string{quantity.unit},
          quality_text(point.reading),
          fmt::format("{:.1f}", point.milliseconds)};
}

boost::json::object json_of(const PointReport& point) {
  const auto& reading = point.reading;
  boost::json::object object{
      {"device", point.device}, {"point", point.point}, {"source", point.source}, {"raw", point.raw}};
  object["value"] = reading.is_good() ? boost::json::value(reading.value) : boost::json::value(nullptr);
  object["unit"] = facts(point.quantity).unit;
  object["quality"] = name_of(reading.quality);
  if (!reading.is_good()) object["reason"] = name_of(reading.reason);
  object["milliseconds"] = point.milliseconds;
  return object;
}

int read(const std::string& site_file, const std::vector<std::string>& devices, bool as_json) {
  spdlog::set_default_logger(
      spdlog::stderr_logger_mt("fettle read"));  // what a device cannot do is no part of the table
  const auto installation = load_installation(site_file);
  for (const auto& mistake : installation.confined.all()) fmt::print(stderr, "{}\n", settings::to_text(mistake));
  if (!has_all("fettle read", installation, devices)) return exit_usage;
  const auto report =
      read_field(installation, devices, [](const std::string& device) { show_progress("reading " + device); });
  show_progress({});
  fmt::print("{}", as_json ? to_json(report) : to_table(report));
  std::fflush(stdout);  // what follows belongs under the table
  for (const auto& hint : report.hints) fmt::print(stderr, "hint: {}\n", hint);
  for (const auto& failure : report.failures) fmt::print(stderr, "{}\n", failure);
  return report.all_good() ? exit_ok : exit_failure;
}

/// What the verb's options fill and its callback reads.
struct Options {
  std::vector<std::string> devices;
  bool json = false;
};

void add_read(CLI::App& verb, int& exit_code) {
  const auto site_file = add_site_option(verb);
  const auto options = std::make_shared<Options>();
  verb.add_option("DEVICE", options->devices, "Devices of the site file; all of them if none is named");
  verb.add_flag("--json", options->json, "One JSON array in place of the table");
  verb.footer(
      "Exit status 1 if anything is not good.\nWhile an agent runs on this site's store it is asked for its latest "
      "readings (without raw registers).\n"
      "Example: fettle read -c site.yaml main_meter");
  verb.callback([site_file, options, &exit_code] { exit_code = read(*site_file, options->devices, options->json); });
}

const Registration<Command> entry{"read", "Read each point of the devices once, and show what was on the wire",
                                  add_read};

}  // namespace

std::string to_table(const FieldReport& report) {
  std::vector<Row> rows{{"device", "point", "raw", "value", "unit", "quality", "ms"}};
  for (const auto& point : report.points) rows.push_back(row_of(point));
  std::array<std::size_t, std::tuple_size_v<Row>> widths{};
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths.at(i) = std::max(widths.at(i), row.at(i).size());
  }
  std::string text;
  for (const auto& [device, point, raw, value, unit, quality, milliseconds] : rows) {
    text += fmt::format("{:<{}}  {:<{}}  {:<{}}  {:>{}}  {:<{}}  {:<{}}  {:>{}}\n", device, widths[0], point, widths[1],
                        raw, widths[2], value, widths[3], unit, widths[4], quality, widths[5], milliseconds, widths[6]);
  }
  return text;
}

std::string to_json(const FieldReport& report) {
  boost::json::array array;
  for (const auto& point : report.points) array.push_back(json_of(point));
  return boost::json::serialize(array) + "\n";
}

}  // namespace fettle::commands
