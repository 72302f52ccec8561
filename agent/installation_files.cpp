#include "installation.hpp"

namespace fettle {
namespace {

void forget(acquisition::DeviceProfile& profile) {
  profile.node = {};
  profile.examples.clear();
  profile.examples.shrink_to_fit();
  for (auto& point : profile.points) point.node = {};
}

void forget(health::EquipmentModel& model) {
  model.node = {};
  if (model.running) model.running->node = {};
  for (auto& each : model.supplies) each.node = {};
  for (auto& derived : model.derived) derived.node = derived.formula.node = {};
  for (auto& mode : model.modes) {
    for (auto& indicator : mode.indicators) indicator.formula.node = indicator.warn.node = indicator.limit.node = {};
    if (mode.energy) mode.energy->indicator.node = mode.energy->of.node = mode.energy->share.node = {};
  }
}

void forget(settings::Site& site) {
  site.root = {};
  for (auto& device : site.devices) device.node = device.inline_profile = {};
  for (auto& asset : site.assets) {
    asset.node = {};
    for (auto& wire : asset.points) wire.node = {};
  }
}

}  // namespace

settings::Node load_site_file(const std::string& site_file, settings::Mistakes& mistakes) {
  const auto root = settings::load_file(site_file, mistakes);
  const auto store = root["store"]["folder"].scalar();
  const auto patches = store.empty() ? Result<SitePatches>{SitePatches{}} : load_patches(store);
  if (patches) return with_patches(root, *patches, mistakes);
  mistakes.add({{patches_file(store), 1, 1}, {}, patches.error().detail});
  return {};
}

Installation load_installation(const std::string& site_file) {
  settings::Mistakes mistakes;
  const auto root = load_site_file(site_file, mistakes);
  if (!root) throw settings::SettingsError{mistakes};
  auto site = settings::read_site(root, mistakes);
  return load_installation(root, std::move(site), std::move(mistakes));
}

Installation load_installation(const std::string& site_file, const SitePatches& patches) {
  settings::Mistakes mistakes;
  const auto root = with_patches(settings::load_file(site_file, mistakes), patches, mistakes);
  if (!root) throw settings::SettingsError{mistakes};
  auto site = settings::read_site(root, mistakes);
  return load_installation(root, std::move(site), std::move(mistakes));
}

void Installation::forget_files() {
  forget(site);
  for (auto& model : models) forget(model);
  for (const auto& profile : profiles) forget(*profile);
  for (auto& device : devices) device.settings.node = device.settings.inline_profile = {};
}

}  // namespace fettle
