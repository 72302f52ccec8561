#include "library.hpp"

#include "installation.hpp"
#include "model_check.hpp"

#include <fmt/format.h>
#include <filesystem>

namespace fettle {

Volume<acquisition::DeviceProfile> read_profile_file(const std::string& file) {
  Volume<acquisition::DeviceProfile> volume;
  volume.root = settings::load_file(file, volume.mistakes);
  if (volume.root) volume.content = acquisition::read_device_profile(volume.root, volume.mistakes);
  volume.content.name = std::filesystem::path{file}.stem().string();
  return volume;
}

Volume<health::EquipmentModel> read_model_file(const std::string& file) {
  Volume<health::EquipmentModel> volume;
  auto& [model, root, mistakes] = volume;
  root = settings::load_file(file, mistakes);
  if (!root) return volume;
  model = health::read_equipment_model(root, mistakes);
  check_model(model, mistakes);
  const auto stem = std::filesystem::path{file}.stem().string();
  if (!model.name.empty() && model.name != stem) {
    mistakes.add(root["class"],
                 fmt::format("the file is named {}.yaml, the class \"{}\"; both must be the same", stem, model.name));
  }
  return volume;
}

void check_model_file(const std::string& file, settings::Mistakes& mistakes) {
  const auto volume = read_model_file(file);
  for (const auto& mistake : volume.mistakes.all()) mistakes.add(mistake);
}

void check_profile_file(const std::string& file, settings::Mistakes& mistakes) {
  const auto volume = read_profile_file(file);
  for (const auto& mistake : volume.mistakes.all()) mistakes.add(mistake);
}

}  // namespace fettle
