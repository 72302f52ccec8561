#include "parts.hpp"

#include "acquisition/driver.hpp"
#include "catalogue.hpp"
#include "core/registry.hpp"
#include "delivery/cloud_service.hpp"
#include "detection/detector.hpp"
#include "library.hpp"
#include "manipulation/feature.hpp"
#include "prognosis/forecaster.hpp"
#include "settings/node.hpp"

#include <filesystem>
#include <map>

namespace fettle {
namespace {

using List = std::vector<PartLine> (*)(const std::string& site_file);

template <class Part>
std::vector<PartLine> registered(const std::string& /*site_file*/) {
  std::vector<PartLine> lines;
  for (const auto& [name, entry] : Registry<Part>::instance().entries()) lines.push_back({name, entry.summary});
  return lines;
}

Catalogue catalogue_of(std::string_view kind, const std::string& site_file) {
  return Catalogue{kind, (std::filesystem::path{site_file}.parent_path() / kind).string()};
}

/// The files are not checked here, so only their titles are looked at.
std::vector<PartLine> files(std::string_view kind, const std::string& site_file) {
  const auto catalogue = catalogue_of(kind, site_file);
  std::vector<PartLine> lines;
  for (const auto& name : catalogue.names()) {
    settings::Mistakes mistakes;
    const auto file = catalogue.find(name);
    if (file) lines.push_back({name, settings::load_file(*file, mistakes)["title"].scalar()});
  }
  return lines;
}

std::vector<PartLine> devices(const std::string& site_file) { return files("devices", site_file); }
std::vector<PartLine> equipment(const std::string& site_file) { return files("equipment", site_file); }

std::vector<PartLine> modes(const std::string& site_file) {
  std::vector<PartLine> lines;
  for (const auto& model : models_found(site_file)) {
    for (const auto& mode : model.modes) lines.push_back({model.name + "/" + mode.name, mode.cause});
  }
  return lines;
}

const std::map<std::string, List, std::less<>>& lists() {
  static const std::map<std::string, List, std::less<>> lists{
      {"drivers", registered<acquisition::Line>},
      {"detectors", registered<detection::Detector>},
      {"features", registered<manipulation::Feature>},
      {"forecasters", registered<prognosis::Forecaster>},
      {"devices", devices},
      {"equipment", equipment},
      {"modes", modes},
      {"services", registered<delivery::CloudService>},
  };
  return lists;
}

}  // namespace

std::vector<DeviceLine> device_lines(const std::string& site_file) {
  const auto catalogue = catalogue_of("devices", site_file);
  std::vector<DeviceLine> lines;
  for (const auto& name : catalogue.names()) {
    const auto file = catalogue.find(name);
    if (!file) continue;
    const auto profile = read_profile_file(*file).content;
    lines.push_back(
        {name, profile.title, profile.protocol, profile.points.size(), profile.verified, profile.can_be_identified()});
  }
  return lines;
}

std::vector<health::EquipmentModel> models_found(const std::string& site_file) {
  const auto catalogue = catalogue_of("equipment", site_file);
  std::vector<health::EquipmentModel> models;
  for (const auto& name : catalogue.names()) {
    if (const auto file = catalogue.find(name)) models.push_back(read_model_file(*file).content);
  }
  return models;
}

std::vector<std::string> kinds_of_parts() {
  std::vector<std::string> kinds;
  for (const auto& list : lists()) kinds.push_back(list.first);
  return kinds;
}

std::vector<PartLine> parts_of(std::string_view kind, const std::string& site_file) {
  const auto list = lists().find(kind);
  return list == lists().end() ? std::vector<PartLine>{} : list->second(site_file);
}

}  // namespace fettle
