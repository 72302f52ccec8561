#include "field_scan.hpp"

#include "catalogue.hpp"
#include "library.hpp"

#include <stdexcept>
#include <utility>

namespace fettle {

using acquisition::Scanner;

std::vector<PartLine> scanners() {
  std::vector<PartLine> lines;
  for (const auto& [name, entry] : Registry<Scanner>::instance().entries()) lines.push_back({name, entry.summary});
  return lines;
}

std::vector<acquisition::DeviceProfile> profiles_to_recognise(const std::string& beside) {
  const Catalogue catalogue{"devices", beside};
  std::vector<acquisition::DeviceProfile> profiles;
  for (const auto& name : catalogue.names()) {
    const auto file = catalogue.find(name);
    auto volume = file ? read_profile_file(*file) : Volume<acquisition::DeviceProfile>{};
    if (file && volume.mistakes.empty()) profiles.push_back(std::move(volume.content));
  }
  return profiles;
}

acquisition::ScanFindings scan_field(const std::string& scanner, const acquisition::ScanOrder& order,
                                     const acquisition::ScanWatch& watch) {
  const auto* entry = Registry<Scanner>::instance().find(scanner);
  if (entry == nullptr) throw std::logic_error{"there is no scanner " + scanner};
  return entry->make(order, watch);
}

}  // namespace fettle
