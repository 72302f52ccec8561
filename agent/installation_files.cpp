#include "installation.hpp"

namespace fettle {
namespace {

void forget(acquisition::DeviceProfile& profile) {
  profile.node = {};
  profile.examples = {};
  for (auto& point : profile.points) point.node = {};
}

void forget(health::EquipmentModel& model) {
  model.node = {};
  if (model.running) model.running->node = {};
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

void Installation::forget_files() {
  forget(site);
  for (auto& model : models) forget(model);
  for (const auto& profile : profiles) forget(*profile);
  for (auto& device : devices) device.settings.node = device.settings.inline_profile = {};
}

}  // namespace fettle
