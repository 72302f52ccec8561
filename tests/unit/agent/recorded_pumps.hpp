#pragma once

#include "replay_site.hpp"
#include "support/hot_pump.hpp"
#include "support/temp_dir.hpp"

#include <fmt/format.h>
#include <string>
#include <vector>

namespace fettle::test {

/// A site of pumps with a thermometer each, of which histories are recorded: bearing temperature in °F and its twin in °C.
class RecordedPumps {
 public:
  explicit RecordedPumps(int pumps = 1) {
    std::filesystem::create_directory(folder_.path() / "equipment");
    folder_.write("equipment/hot_pump.yaml", hot_pump_model("1h"));
    std::string devices, assets;
    for (int pump = 1; pump <= pumps; ++pump) {
      devices += fmt::format(
          "  - {{id: log_{0}, bus: history, files: [none_{0}.csv], every: 10m, profile: {{protocol: csv, "
          "time: {{column: time}}, points: {{heat: {{quantity: temperature, unit: degF, column: heat}}, "
          "room: {{quantity: temperature, column: room}}}}}}}}\n",
          pump);
      assets += fmt::format(
          "  - {{id: PUMP-{0}, name: Pump {0}, model: hot_pump, points: {{bearing_temperature: log_{0}/heat}}}}\n",
          pump);
    }
    site_ = folder_.write("site.yaml",
                          "gateway: {id: gw-1}\nsite: {id: S, tz: Europe/Berlin, building: B}\n"
                          "broker: {url: \"mqtts://127.0.0.1\", tls: {ca: /nowhere/ca.pem}}\n"
                          "store: {folder: store}\nbuses: [{id: history, driver: csv}]\ndevices:\n" +
                              devices + "assets:\n" + assets);
  }

  const std::string& site() const { return site_; }
  std::string file(const std::string& name) const { return folder_.file(name); }
  std::string write(const std::string& name, const std::string& text) const { return folder_.write(name, text); }
  Installation load(const std::vector<std::string>& files) const { return load_for_replay(site_, files); }

 private:
  TempDir folder_;
  std::string site_;
};

/// Rows every ten minutes from 2026-06-01 on, with °F of so many °C.
inline std::string pump_rows(int hours, double celsius) {
  std::string text{"time,heat,room\n"};
  for (int row = 0; row < 6 * hours; ++row) {
    text += fmt::format("2026-06-{:02}T{:02}:{:02}:00Z,{},20\n", 1 + row / 144, row / 6 % 24, 10 * (row % 6),
                        celsius * 1.8 + 32);
  }
  return text;
}

}  // namespace fettle::test
