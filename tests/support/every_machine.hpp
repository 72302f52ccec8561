#pragma once

#include "library.hpp"
#include "support/temp_dir.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace fettle::test {

/// Every shipped equipment model, by its file's name.
inline std::vector<std::string> shipped_model_files() {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator{FETTLE_SOURCE_DIR "/config/equipment"}) {
    if (entry.path().extension() == ".yaml") files.push_back(entry.path().string());
  }
  std::ranges::sort(files);
  return files;
}

/// A site with one machine of every shipped class that has any of the roles that are chosen, wired with those; its histories are empty.
class EveryMachine {
 public:
  using Choice = std::function<bool(const health::RoleModel&)>;

  explicit EveryMachine(const Choice& is_wired = [](const auto&) { return true; }) {
    std::filesystem::create_directory_symlink(FETTLE_SOURCE_DIR "/config/equipment", folder_.path() / "equipment");
    std::string devices, assets;
    for (const auto& file : shipped_model_files()) {
      const auto model = read_model_file(file).content;
      std::string columns{"time"}, points, wires;
      for (const auto& role : model.roles) {
        if (!is_wired(role)) continue;
        columns += "," + role.name;
        points += fmt::format("{}: {{quantity: {}, column: {}}}, ", role.name, facts(role.quantity).name, role.name);
        wires += fmt::format("{0}: log_{1}/{0}, ", role.name, model.name);
      }
      if (points.empty()) continue;
      const auto history = folder_.write(model.name + ".csv", columns + "\n");
      devices += fmt::format(
          "  - {{id: log_{}, bus: history, files: [{}], every: 2s, profile: {{protocol: csv, time: {{column: time}}, "
          "points: {{{}}}}}}}\n",
          model.name, history, points);
      assets += fmt::format("  - {{id: A-{0}, name: {0}, model: {0}, points: {{{1}}}}}\n", model.name, wires);
    }
    site_ = folder_.write("site.yaml",
                          "gateway: {id: gw-1}\nsite: {id: S, tz: Europe/Berlin, building: B}\nstore: {folder: store}\n"
                          "buses: [{id: history, driver: csv}]\ndevices:\n" +
                              devices + "assets:\n" + assets);
  }

  const std::string& site() const { return site_; }

 private:
  TempDir folder_;
  std::string site_;
};

}  // namespace fettle::test
