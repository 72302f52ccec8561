#pragma once

#include "pipeline.hpp"
#include "support/temp_dir.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

namespace fettle::test {

/// What may be wrong with it.
struct AirHandlerFaults {
  double heating_leak = 0, cooling_leak = 0;        ///< K, with the valve shut
  double heating_power = 1, cooling_power = 1;      ///< share of what the coil should do
  std::optional<double> damper = std::nullopt;      ///< stuck there
  double mixed_offset = 0;                          ///< K, of the sensor
  double heating_opening = 0;                       ///< of a valve in hand
  double duct_pressure = 350, fan_vibration = 1.5;  ///< Pa, mm/s
  double fan_speed = 0.7;
  bool hunts = false, never_stops = false;
};

/// A made-up air handler that is controlled to 13 degC of supply air from six to six, at one outdoor temperature, with the shipped model.
class RuledAirHandler {
 public:
  using Roles = std::set<std::string>;

  explicit RuledAirHandler(double outdoor, AirHandlerFaults faults = {}, Roles missing = {})
      : outdoor_{outdoor}, faults_{faults}, installation_{installed(missing)} {
    if (!installation_.confined.empty()) throw std::runtime_error{installation_.confined.all().front().text};
    start();
  }

  void live(Duration span) {
    for (const auto end = now_ + span; now_ < end; now_ += poll) {
      step();
      for (const auto& [role, value] : values_) {
        const auto point = points_.find(role);
        if (point == points_.end()) continue;
        const bool lost = lost_.contains(role) && ++polls_ % 3 != 0;
        take(lost ? bad(point->second, now_, Reason::timeout) : good(point->second, now_, value));
      }
    }
  }
  /// Two of three polls of it are lost from here on.
  void lose(const std::string& role) { lost_.insert(role); }
  void heal() { faults_ = {}; }
  /// Another pipeline goes on with what the present one has learned.
  void restart() {
    std::map<std::string, Bytes> learned;
    for (const auto* part : pipeline_->learned()) {
      StateWriter writer;
      part->save(writer);
      learned[part->state_id()] = writer.take();
    }
    start();
    for (auto* part : pipeline_->learned()) {
      StateReader reader{learned.at(part->state_id())};
      part->restore(reader);
    }
  }

  /// The failure modes that an alert was raised for.
  std::set<std::string> modes() const {
    std::set<std::string> modes;
    for (const auto& alert : alerts_) modes.insert(alert.mode);
    return modes;
  }
  const std::vector<Alert>& alerts() const { return alerts_; }

 private:
  static constexpr Duration poll = std::chrono::minutes{2};

  static Installation installed(const Roles& missing) {
    static const std::map<std::string, std::string> roles{{"fan_speed", "ratio"},
                                                          {"fan_power", "active_power"},
                                                          {"vibration", "velocity"},
                                                          {"duct_pressure", "pressure"},
                                                          {"heating_command", "ratio"},
                                                          {"duct_pressure_setpoint", "pressure"},
                                                          {"cooling_command", "ratio"},
                                                          {"supply_temperature", "temperature"},
                                                          {"damper_command", "ratio"},
                                                          {"supply_setpoint", "temperature"},
                                                          {"occupied", "state"},
                                                          {"mixed_temperature", "temperature"},
                                                          {"return_temperature", "temperature"},
                                                          {"outdoor_temperature", "temperature"},
                                                          {"heating_coil_entering", "temperature"},
                                                          {"heating_coil_leaving", "temperature"},
                                                          {"cooling_coil_entering", "temperature"},
                                                          {"cooling_coil_leaving", "temperature"}};
    std::string profile, points, header = "time";
    for (const auto& [role, quantity] : roles) {
      if (missing.contains(role)) continue;
      profile += "        " + role + ": {quantity: " + quantity + ", column: " + role + "}\n";
      header += "," + role;
      points += (points.empty() ? "" : ", ") + role + ": io/" + role;
    }
    const TempDir folder;
    std::filesystem::create_directory_symlink(FETTLE_SOURCE_DIR "/config/equipment", folder.path() / "equipment");
    folder.write("empty.csv", header + "\n");
    return load_installation(folder.write("site.yaml", R"(gateway: {id: gw-1}
site: {id: LAB, tz: UTC}
broker: {url: "mqtt://127.0.0.1:1883"}
store: {folder: store}
detection: {watch: false}
buses: [{id: history, driver: csv}]
devices:
  - id: io
    bus: history
    file: empty.csv
    every: 2m
    profile:
      protocol: csv
      time: {column: time}
      points:
)" + profile + "assets:\n  - {id: AHU, model: air_handler, points: {" +
                                                           points + "}}\n"));
  }

  void start() {
    pipeline_ = std::make_unique<Pipeline>(installation_);
    for (const auto& point : installation_.points) {
      if (!point.role.empty()) points_[point.role] = point.id;
    }
  }

  void take(const Reading& reading) {
    for (auto& alert : pipeline_->accept(reading)) alerts_.push_back(std::move(alert));
  }

  void step() {
    const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(now_.time_since_epoch()).count();
    const auto hour = minutes / 60 % 24;
    const bool occupied = hour >= 6 && hour < 18;
    const double outdoor = outdoor_ + std::sin(2 * 3.14159265 * static_cast<double>(hour - 9) / 24);
    values_["occupied"] = occupied ? 1 : 0;
    values_["outdoor_temperature"] = outdoor;
    values_["return_temperature"] = indoor;
    values_["supply_setpoint"] = set_point;
    values_["duct_pressure_setpoint"] = 350;
    if (occupied || faults_.never_stops) {
      run(outdoor, minutes);
    } else {
      rest(outdoor);
    }
    for (auto& [role, value] : values_) value += 0.0005 * static_cast<double>((++noise_ * 7) % 13);
    values_["fan_speed"] = std::min(values_["fan_speed"], 1.0);
  }

  void run(double outdoor, std::int64_t minutes) {
    constexpr double heating_rise = 30;
    constexpr double cooling_drop = 20;
    constexpr double least = 0.4;
    const double leaks = faults_.heating_leak - faults_.cooling_leak + faults_.heating_opening * heating_rise;
    // The damper mixes what the coils need least for, as far as outdoor air helps.
    const double wanted = set_point - fan_rise - leaks;
    double command = least;
    if (outdoor < indoor) command = std::clamp((indoor - wanted) / (indoor - outdoor), least, 1.0);
    const double mixed = indoor + faults_.damper.value_or(command) * (outdoor - indoor);
    const double missing = set_point - (mixed + fan_rise + leaks);
    const double least_power = 1e-3;
    double heating = std::clamp(missing / (heating_rise * std::max(faults_.heating_power, least_power)), 0.0, 1.0);
    double cooling = std::clamp(-missing / (cooling_drop * std::max(faults_.cooling_power, least_power)), 0.0, 1.0);
    if (faults_.hunts) cooling = minutes / 4 % 2 == 0 ? 0 : std::min(1.0, 2 * cooling);
    if (heating < 0.04) heating = 0;
    if (cooling < 0.04) cooling = 0;
    const double heat = heating * heating_rise * faults_.heating_power;
    const double cold = cooling * cooling_drop * faults_.cooling_power;
    values_["fan_speed"] = faults_.fan_speed;
    values_["fan_power"] = 5 * std::pow(faults_.fan_speed, 3);
    values_["vibration"] = faults_.fan_vibration;
    values_["duct_pressure"] = faults_.duct_pressure;
    values_["damper_command"] = command;
    values_["heating_command"] = heating + faults_.heating_opening;
    values_["cooling_command"] = cooling;
    values_["mixed_temperature"] = mixed + faults_.mixed_offset;
    values_["supply_temperature"] = mixed + fan_rise + leaks + heat - cold;
    values_["heating_coil_entering"] = mixed;
    values_["heating_coil_leaving"] = values_["cooling_coil_entering"] =
        mixed + heat + faults_.heating_leak + faults_.heating_opening * heating_rise;
    values_["cooling_coil_leaving"] = values_["heating_coil_leaving"] - cold - faults_.cooling_leak;
  }

  void rest(double outdoor) {
    for (const auto* const role : {"fan_speed", "fan_power", "vibration", "duct_pressure", "damper_command",
                                   "heating_command", "cooling_command"})
      values_[role] = 0;
    // Standing air drifts to what is around it, or to a coil that is not shut.
    const double aim = faults_.heating_leak > 0 ? 45 : (faults_.cooling_leak > 0 ? 8 : indoor + 1);
    auto& supply = values_["supply_temperature"];
    supply += 0.05 * (aim - supply);
    values_["mixed_temperature"] = outdoor;
    for (const auto* const role :
         {"heating_coil_entering", "heating_coil_leaving", "cooling_coil_entering", "cooling_coil_leaving"})
      values_[role] = indoor;
  }

  static constexpr double indoor = 22, set_point = 13, fan_rise = 1;

  double outdoor_;
  AirHandlerFaults faults_;
  Installation installation_;
  std::unique_ptr<Pipeline> pipeline_;
  std::map<std::string, PointId> points_;
  std::map<std::string, double> values_{{"supply_temperature", indoor}};
  std::set<std::string> lost_;
  std::vector<Alert> alerts_;
  Time now_{std::chrono::sys_days{std::chrono::year{2026} / 3 / 2}};
  unsigned noise_ = 0, polls_ = 0;
};

}  // namespace fettle::test
