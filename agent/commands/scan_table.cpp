#include "commands/scan.hpp"

#include "commands/fit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

namespace fettle::commands {
namespace {

using acquisition::FoundDevice;
using acquisition::ScanFindings;

constexpr double draft_period = 10'000;  ///< milliseconds between two polls, for the load
constexpr std::size_t longest_value = 40;

Cell profile_cell(const FoundDevice& device) {
  if (!device.profile.empty()) return {device.profile, Tone::good};
  return {device.values.empty() ? "unknown" : "none fits", Tone::warning};
}

std::string device_table(const ScanFindings& findings, Colours colours) {
  Lines lines{{{"where"}, {"profile"}, {"says"}, number_cell("answers within"), number_cell("all points")}};
  for (const auto& device : findings.devices) {
    lines.push_back(
        {{device.where},
         profile_cell(device),
         {device.identity.empty() ? "-" : device.identity},
         number_cell(device.quality.answers == 0 ? "-" : fmt::format("{:.0f} ms", device.quality.latency_p95)),
         number_cell(device.reading > 0 ? fmt::format("{:.0f} ms", device.reading) : "-")});
  }
  drop_empty_columns(lines);
  return to_text(lines, colours);
}

bool was_counted(const ScanFindings& findings) {
  return std::any_of(findings.devices.begin(), findings.devices.end(),
                     [](const FoundDevice& each) { return each.quality.requests > 0; });
}

std::string quality_table(const ScanFindings& findings, Colours colours) {
  Lines lines{{{"where"}}};
  for (const auto* const name :
       {"requests", "answers", "CRC errors", "time-outs", "noise bytes", "load every 10 s", "p50", "p95"})
    lines[0].push_back(number_cell(name));
  for (const auto& device : findings.devices) {
    const auto& quality = device.quality;
    lines.push_back(
        {{device.where},
         number_cell(std::to_string(quality.requests)),
         number_cell(std::to_string(quality.answers)),
         errors_cell(quality.malformed),
         errors_cell(quality.timeouts),
         errors_cell(quality.noise),
         number_cell(device.reading > 0 ? fmt::format("{:.1f} %", 100 * device.reading / draft_period) : "-"),
         number_cell(fmt::format("{:.1f} ms", quality.latency_p50)),
         number_cell(fmt::format("{:.1f} ms", quality.latency_p95))});
  }
  return to_text(lines, colours);
}

/// What a device sends by itself: how it marks each value, what that measures, and what it was just now.
std::string value_table(const FoundDevice& device, Colours colours) {
  Lines lines{{{"value"}, {"quantity"}, {"was"}, {"marked"}}};
  for (const auto& each : device.values) {
    const auto tone = each.is_current && !each.place.empty() ? Tone::plain : Tone::faint;
    lines.push_back({{each.name, tone},
                     {each.quantity.empty() ? "-" : each.quantity, tone},
                     {clipped(each.text, longest_value), tone},
                     {each.mark, tone}});
  }
  drop_empty_columns(lines);
  return fmt::format("{} sends\n{}\n", device.where, to_text(lines, colours));
}

std::string remarks_on(const FoundDevice& device, Colours colours) {
  std::string text;
  for (const auto& each : device.troubles)
    text += painted(fmt::format("{} {}\n", device.where, each), Tone::bad, colours);
  for (const auto& each : device.learned) text += fmt::format("{} {}\n", device.where, each);
  for (const auto& each : device.fits) text += fmt::format("{} {}\n", device.where, each);
  return text;
}

}  // namespace

std::string to_text(const ScanFindings& findings, Colours colours) {
  std::string text;
  if (!findings.heard.empty()) text += findings.heard + "\n";
  if (findings.cancelled) text += painted("ended early: this is what was found so far\n", Tone::warning, colours);
  if (!findings.devices.empty()) {
    text += "\n" + device_table(findings, colours) + "\n";
    if (was_counted(findings)) text += quality_table(findings, colours) + "\n";
    for (const auto& device : findings.devices) {
      if (!device.values.empty()) text += value_table(device, colours);
    }
    for (const auto& device : findings.devices) text += remarks_on(device, colours);
  }
  for (const auto& hint : findings.hints) text += painted("hint: " + hint + "\n", Tone::warning, colours);
  return text;
}

}  // namespace fettle::commands
