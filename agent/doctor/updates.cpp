#include "doctor/check.hpp"

#include <fmt/format.h>
#include <utility>

namespace fettle::doctor {
namespace {

namespace fs = std::filesystem;

/// What only root may look for is taken to be there.
bool is_missing(const fs::path& file) {
  std::error_code error;
  return !fs::exists(file, error) && !error;
}

Diagnosis lacks(std::string text, std::string remedy) {
  return {Grade::warning, "updates", std::move(text), std::move(remedy)};
}

/// The site file allows updates; what an administrator has to do besides.
std::vector<Diagnosis> check_updates(const Patient& patient) {
  std::error_code error;
  if (!patient.installation || !fs::equivalent(patient.site_file, patient.roots.service.site, error)) return {};
  if (!patient.installation->site.gateway.updates)
    return {{Grade::ok, "updates", "none from afar: gateway.updates is off"}};
  const auto& files = patient.roots.updates;
  std::vector<Diagnosis> found;
  if (is_missing(files.enabled))
    found.push_back(lacks("gateway.updates is on, and nobody carries them out: fettle-update.path is not enabled",
                          "systemctl enable --now fettle-update.path"));
  if (is_missing(files.keys))
    found.push_back(lacks(fmt::format("there is no {} to check their signatures with", files.keys.string()),
                          fmt::format("cp fettle-release.gpg {}", files.keys.string())));
  if (is_missing(files.current))
    found.push_back(lacks(fmt::format("there is no package to go back to, {}", files.current.string()),
                          fmt::format("install -D THE_INSTALLED_PACKAGE.deb {}", files.current.string())));
  if (found.empty()) found.push_back({Grade::ok, "updates", "allowed from afar, if signed with a key in update.gpg"});
  return found;
}

const Registration<DoctorCheck> entry{"updates", "Updates from afar: whether they are allowed, and what is missing",
                                      check_updates};

}  // namespace
}  // namespace fettle::doctor
