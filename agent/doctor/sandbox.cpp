#include "sandbox.hpp"

#include "doctor/check.hpp"
#include "doctor/files.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>
#include <iterator>
#include <utility>

namespace fettle::doctor {
namespace {

namespace fs = std::filesystem;

/// Of these devices, those that the service may not open yet.
std::vector<std::string> closed(const std::vector<std::string>& devices, const ServiceFiles& service) {
  const auto drop_in = text_of(service.devices);
  std::vector<std::string> missing;
  for (const auto& device : devices) {
    if (drop_in.find(fmt::format("\nDeviceAllow={} rw\n", device)) == std::string::npos) missing.push_back(device);
  }
  return missing;
}

Diagnosis problem(std::string text, std::string remedy) {
  return {Grade::problem, "service", std::move(text), std::move(remedy)};
}

/// What the generator makes of the site file, and what a change from the back office wants besides.
std::vector<Diagnosis> compare(const Patient& patient) {
  settings::Mistakes refused;
  const auto used = allowed_devices(patient.installation->site.buses, refused);
  const auto wanted = allowed_devices(patient.site_file);
  std::vector<Diagnosis> found;
  std::vector<std::string> patched;
  std::set_difference(used.begin(), used.end(), wanted.begin(), wanted.end(), std::back_inserter(patched));
  if (!patched.empty() || !refused.empty())
    found.push_back(problem(
        fmt::format("a change from the back office names {}, which the service may not open",
                    refused.empty() ? fmt::to_string(fmt::join(patched, ", ")) : settings::to_text(refused.all()[0])),
        fmt::format("name the port in {} as well; systemctl daemon-reload; systemctl restart fettle",
                    patient.site_file)));
  if (wanted.empty()) return found;
  if (const auto missing = closed(wanted, patient.roots.service); !missing.empty()) {
    found.push_back(problem(fmt::format("systemd does not let it open {} yet", fmt::join(missing, ", ")),
                            "systemctl daemon-reload; systemctl restart fettle"));
  } else {
    found.push_back({Grade::ok, "service", fmt::format("systemd lets it open {}", fmt::join(wanted, ", "))});
  }
  return found;
}

/// The service alone is sandboxed, and it reads one site file.
std::vector<Diagnosis> check_sandbox(const Patient& patient) {
  const auto& service = patient.roots.service;
  std::error_code error;
  if (!patient.installation || !fs::exists(service.generator, error)) return {};
  if (!fs::equivalent(patient.site_file, service.site, error)) return {};
  try {
    return compare(patient);
  } catch (const settings::SettingsError& mistakes) {
    return {problem(fmt::format("it may open nothing: {}", settings::to_text(mistakes.mistakes().all().front())),
                    "correct the file; systemctl daemon-reload; systemctl restart fettle")};
  }
}

const Registration<DoctorCheck> entry{"sandbox", "The service may open the ports that its site file names",
                                      check_sandbox};

}  // namespace
}  // namespace fettle::doctor
