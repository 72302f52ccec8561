#include "pulse/pulses_per.hpp"

#include "text/words.hpp"

#include <array>

namespace fettle::pulse {
namespace {

constexpr std::array<Quantity, 3> totals{Quantity::active_energy, Quantity::reactive_energy, Quantity::volume};
constexpr double seconds_per_hour = 3600;

}  // namespace

std::optional<PulseWorth> parse_pulses_per(std::string_view text) {
  const auto slash = text.find('/');
  const auto number = text::parse_number(text::trimmed(text.substr(0, slash)));
  if (!number || !(*number > 0)) return std::nullopt;
  if (slash == std::string_view::npos) return PulseWorth{Quantity::count, 1 / *number};
  const auto unit = text::trimmed(text.substr(slash + 1));
  for (const auto total : totals) {
    if (const auto found = conversion(unit, total)) return PulseWorth{total, found->scale / *number};
  }
  return std::nullopt;
}

/// kWh and kvarh in an hour are kW and kvar, cubic metres are m3/h; things are counted by the second.
std::optional<Rate> rate_of(Quantity total) {
  switch (total) {
    case Quantity::active_energy: return Rate{Quantity::active_power, seconds_per_hour};
    case Quantity::reactive_energy: return Rate{Quantity::reactive_power, seconds_per_hour};
    case Quantity::volume: return Rate{Quantity::volume_flow, seconds_per_hour};
    case Quantity::count: return Rate{Quantity::frequency, 1};
    default: return std::nullopt;
  }
}

}  // namespace fettle::pulse
