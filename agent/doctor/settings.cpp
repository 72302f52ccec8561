#include "doctor/check.hpp"
#include "doctor/files.hpp"

#include <fmt/format.h>
#include <set>

namespace fettle::doctor {
namespace {

constexpr std::size_t most_shown = 10;

void add(const settings::Mistakes& mistakes, std::vector<Diagnosis>& found) {
  for (const auto& mistake : mistakes.all()) {
    if (found.size() == most_shown) {
      found.push_back({Grade::problem, "settings", fmt::format("{} mistakes in all", mistakes.size()),
                       "`fettle check` shows every one"});
      return;
    }
    found.push_back({Grade::problem, "settings", settings::to_text(mistake),
                     "correct the file; `fettle check` tells when it is right"});
  }
}

/// The service has a user of its own; root, who writes the file, does not notice that it may not read it.
void add_reader(const std::string& file, std::vector<Diagnosis>& found) {
  const auto user = agent_user();
  const auto ownership = ownership_of(file);
  if (!ownership || may_read(user, *ownership)) return;
  found.push_back({Grade::problem, "settings", fmt::format("{} cannot be read by the user {}", file, user.name),
                   fmt::format("chgrp {0} {1}; chmod 640 {1}", user.name, file)});
}

std::vector<Diagnosis> check_settings(const Patient& patient) {
  std::vector<Diagnosis> found;
  add_reader(patient.site_file, found);
  add(patient.mistakes, found);
  if (!patient.installation) return found;
  const auto& installation = *patient.installation;
  add(installation.confined, found);
  std::set<std::string> named;
  for (const auto& device : installation.devices) {
    const auto& profile = device.settings.profile;
    if (device.profile->verified || profile.empty() || !named.insert(profile).second) continue;
    found.push_back({Grade::warning, "profile " + profile, "was not yet compared with a real device",
                     "compare `fettle read` with the device's display"});
  }
  if (installation.devices.empty())
    found.push_back({Grade::problem, "settings", "no usable device",
                     "add one under devices:, or let `fettle scan` find them and draft the file"});
  if (found.empty())
    found.push_back({Grade::ok, patient.site_file,
                     fmt::format("{} devices, {} points", installation.devices.size(), installation.points.size())});
  return found;
}

const Registration<DoctorCheck> entry{"settings", "The site file, its profiles and models", check_settings};

}  // namespace
}  // namespace fettle::doctor
