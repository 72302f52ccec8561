#include "pulse/line.hpp"

#include "pulse/device.hpp"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <utility>

namespace fettle::pulse {
namespace {

using namespace std::chrono_literals;
using acquisition::DeviceProfile;
using settings::Fields;

constexpr std::array<std::pair<std::string_view, Slope>, 2> slopes{
    {{"falling", Slope::falling}, {"rising", Slope::rising}}};
constexpr std::array<std::pair<std::string_view, Bias>, 4> biases{
    {{"pull_up", Bias::pull_up}, {"pull_down", Bias::pull_down}, {"none", Bias::none}, {"as_is", Bias::as_is}}};

/// An S0 pulse is at least 30 ms long (EN 62053-31), and so is the pause behind it; contacts bounce for a few.
constexpr Duration usual_debounce = 10ms;
constexpr Duration longest_debounce = 1s;

PulseWorth read_worth(Fields& fields) {
  const auto text = fields.text("pulses_per");
  const auto worth = parse_pulses_per(text);
  if (!worth && !text.empty()) {
    fields.mistakes().add(fields.node()["pulses_per"],
                          fmt::format("\"{}\" is no number of pulses for a unit (try 1000/kWh, 10/m3 or 1/l)", text));
  }
  return worth.value_or(PulseWorth{});
}

EdgeSettings read_edge(Fields& fields, const std::string& chip) {
  EdgeSettings edge;
  edge.chip = chip;
  edge.line = fields.text("line");
  edge.slope = fields.choice<Slope>("edge", slopes, edge.slope);
  edge.bias = fields.choice<Bias>("bias", biases, edge.bias);
  edge.debounce = fields.duration("debounce", 0ms, usual_debounce);
  if (edge.debounce > longest_debounce)
    fields.mistakes().add(fields.node()["debounce"], "longer than 1s, and no meter counts that slowly");
  return edge;
}

void check_quantities(const DeviceProfile& profile, const std::vector<Counts>& counts, Quantity total, Fields& fields) {
  for (std::size_t place = 0; place < counts.size(); ++place) {
    const bool is_total = counts[place] == Counts::total;
    if (!is_total && counts[place] != Counts::rate) continue;
    const auto wanted = is_total ? total : rate_of(total)->quantity;
    if (profile.points[place].quantity == wanted) continue;
    fields.mistakes().add(fields.node()["pulses_per"],
                          fmt::format("such pulses give {} for \"{}\", but the profile says {}", facts(wanted).name,
                                      profile.points[place].name, facts(profile.points[place].quantity).name));
  }
}

}  // namespace

Line::Line(std::string chip, std::string state, std::unique_ptr<Kernel> kernel)
    : chip_{std::move(chip)}, state_{std::move(state)}, kernel_{std::move(kernel)} {}

std::unique_ptr<acquisition::Driver> Line::attach(const acquisition::SharedProfile& profile,
                                                  const settings::Node& device, settings::Mistakes& mistakes) {
  auto fields = acquisition::device_fields(device, mistakes);
  DeviceSettings settings;
  settings.key = fields.text("id", "");
  settings.edge = read_edge(fields, chip_);
  settings.worth = read_worth(fields);
  settings.start = fields.number("start", -1e12, 1e12, 0);
  settings.timeout = fields.duration("timeout", 1ms, 10min);
  fields.finish();
  if (!state_.empty()) settings.file = fmt::format("{}/{}.pulses", state_, settings.key);
  settings::Mistakes told_with_the_profile;
  std::vector<Counts> counts(profile->points.size(), Counts::pulses);
  if (acquisition::is_of_protocol(*profile, "pulse", "counts pulses", device, mistakes)) {
    counts = read_counts(*profile, told_with_the_profile);
    if (fields.has("pulses_per") && mistakes.empty()) check_quantities(*profile, counts, settings.worth.total, fields);
  }
  return std::make_unique<Device>(std::move(settings), *profile, std::move(counts), *kernel_, cancelled_);
}

}  // namespace fettle::pulse
