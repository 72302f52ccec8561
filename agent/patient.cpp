#include "patient.hpp"

#include "core/clock.hpp"
#include "questions.hpp"

namespace fettle {

const BusStatus* Patient::bus(const std::string& key) const {
  if (!agent) return nullptr;
  for (const auto& bus : agent->buses) {
    if (bus.bus == key) return &bus;
  }
  return nullptr;
}

Patient admit(const std::string& site_file) {
  Patient patient;
  patient.site_file = site_file;
  patient.now = DomainClock{}.now();
  try {
    patient.installation = load_installation(site_file);
    patient.agent = ask_status(patient.installation->site.store);
  } catch (const settings::SettingsError& error) {
    patient.mistakes = error.mistakes();
  }
  return patient;
}

}  // namespace fettle
