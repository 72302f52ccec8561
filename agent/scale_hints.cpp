#include "scale_hints.hpp"

#include "channels.hpp"
#include "manipulation/scale.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

namespace fettle {
namespace {

constexpr std::array phases{"l1", "l2", "l3"};
constexpr double least_load = 0.1;  // kVA; below that meters round
constexpr double dead = 20;         // V; what a phase without supply shows of its neighbours

std::optional<double> value_of(const PointValues& values, const std::string& name) {
  const auto found = values.find(name);
  return found == values.end() ? std::nullopt : std::optional{found->second};
}

/// Of all three phases together; nothing if one of them is not there.
std::optional<double> sum_of(const PointValues& values, const char* quantity) {
  double sum = 0;
  for (const auto* phase : phases) {
    const auto value = value_of(values, fmt::format("{}_{}", quantity, phase));
    if (!value) return std::nullopt;
    sum += *value;
  }
  return sum;
}

/// kVA
std::optional<double> volts_times_amperes(const PointValues& values) {
  constexpr double kilo = 1000;
  double sum = 0;
  for (const auto* phase : phases) {
    const auto volts = value_of(values, fmt::format("v_{}", phase));
    const auto amperes = value_of(values, fmt::format("i_{}", phase));
    if (!volts || !amperes) return std::nullopt;
    sum += *volts * std::abs(*amperes) / kilo;
  }
  return sum;
}

/// One device's values, and what was found so far.
class Comparison {
 public:
  Comparison(const std::string& device, const PointValues& values) : device_{device}, values_{values} {}

  void compare(const std::string& name, std::optional<double> expected, const char* of) {
    const auto number = value_of(values_, name);
    if (!number || !expected || std::max(std::abs(*number), std::abs(*expected)) < least_load) return;
    if (const auto fault = manipulation::scale_fault(*number, *expected))
      say(fmt::format("{} is {} {}: {}", name, fault->times, of, fault->cause));
  }
  void compare_voltages() {
    const auto between = value_of(values_, "v_l12"), first = value_of(values_, "v_l1"),
               second = value_of(values_, "v_l2");
    constexpr double square_root_of_3 = 1.7320508075688772, same = 0.04;
    if (!between || !first || !second || *first < dead || *second < dead) return;
    const auto ratio = *between / ((*first + *second) / 2);
    if (std::abs(ratio - 1) < same || std::abs(ratio / square_root_of_3 / square_root_of_3 - 1) < same)
      say(fmt::format("v_l12 is {:.2f} times v_l1, not 1.73: voltages between phases and to neutral are mixed up",
                      ratio));
  }
  void look_for_dead_phases() {
    constexpr double alive = 100;
    for (const auto* phase : phases) {
      const auto name = fmt::format("v_{}", phase);
      const auto volts = value_of(values_, name);
      const auto is_alive = [this](const char* other) {
        return value_of(values_, fmt::format("v_{}", other)).value_or(0) > alive;
      };
      if (volts && std::abs(*volts) < dead && std::any_of(phases.begin(), phases.end(), is_alive))
        say(fmt::format("{} is {:.1f} V while another phase is alive: is a fuse open or a wire off?", name, *volts));
    }
  }
  void look_for_reversed_phases() {
    const auto all = sum_of(values_, "p");
    for (const auto* phase : phases) {
      const auto name = fmt::format("p_{}", phase);
      const auto power = value_of(values_, name);
      if (!all || !power || *power > -least_load || *all - *power < least_load) continue;
      say(fmt::format(
          "{} is negative and the other phases are not: is its current transformer reversed, or is power fed in there?",
          name));
    }
  }
  std::vector<std::string> take() { return std::move(hints_); }

 private:
  void say(const std::string& text) { hints_.push_back(fmt::format("{}: {}", device_, text)); }

  const std::string& device_;
  const PointValues& values_;
  std::vector<std::string> hints_;
};

}  // namespace

std::vector<std::string> scale_hints(const std::string& device, const PointValues& values) {
  Comparison comparison{device, values};
  const auto apparent = volts_times_amperes(values);
  comparison.compare("s_total", apparent, "volts times amperes");
  comparison.compare("p_total", sum_of(values, "p"), "p_l1 + p_l2 + p_l3");
  const auto factor = value_of(values, "pf_total"), power = value_of(values, "p_total");
  // Where a meter does not tell its apparent power: with the sign of the power, because meters do not agree on that of the factor.
  if (factor && power && apparent && !value_of(values, "s_total"))
    comparison.compare("p_total", std::copysign(*apparent * *factor, *power), "volts times amperes times power factor");
  comparison.compare_voltages();
  comparison.look_for_dead_phases();
  comparison.look_for_reversed_phases();
  return comparison.take();
}

std::vector<std::string> scale_hints(const InstalledDevice& device, const std::vector<Point>& points,
                                     const std::vector<LiveReading>& readings) {
  PointValues values;
  for (const auto& live : readings) {
    if (live.device == device.settings.key && live.reading.is_good()) values[live.point] = live.reading.value;
  }
  auto hints = scale_hints(device.settings.key, values);
  for (const auto& wire : device.wiring) {
    constexpr double hottest_outdoors = 50;
    const auto& name = device.profile->points.at(wire.profile_point).name;
    const auto celsius = value_of(values, name);
    if (!celsius || points.at(wire.point.index).role != "outdoor_temperature") continue;
    if (manipulation::looks_like_fahrenheit(*celsius, hottest_outdoors))
      hints.push_back(fmt::format("{}: {} is {:.0f} degC outdoors: does the device send degF?", device.settings.key,
                                  name, *celsius));
  }
  return hints;
}

void add_scale_hints(const Installation& installation, const std::vector<LiveReading>& readings,
                     std::vector<BusStatus>& buses) {
  for (auto& bus : buses) {
    for (const auto* device : devices_of(installation, bus.bus)) {
      for (auto& hint : scale_hints(*device, installation.points, readings)) bus.hints.push_back(std::move(hint));
    }
  }
}

}  // namespace fettle
