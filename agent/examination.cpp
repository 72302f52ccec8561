#include "examination.hpp"

namespace fettle {

std::vector<Examined> examine(const Patient& patient, const std::function<void(const std::string&)>& progress) {
  std::vector<Examined> all;
  for (const auto& [name, check] : Registry<doctor::DoctorCheck>::instance().entries()) {
    progress(name);
    all.push_back({name, check.make(patient)});
  }
  return all;
}

}  // namespace fettle
