#include "sandbox.hpp"

#include "doctor/check.hpp"
#include "doctor/files.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

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

/// The service alone is sandboxed, and it reads one site file.
std::vector<Diagnosis> check_sandbox(const Patient& patient) {
  const auto& service = patient.roots.service;
  std::error_code error;
  if (!patient.installation || !fs::exists(service.generator, error)) return {};
  if (!fs::equivalent(patient.site_file, service.site, error)) return {};
  const auto wanted = allowed_devices(patient.installation->site.buses);
  if (wanted.empty()) return {};
  const auto missing = closed(wanted, service);
  if (missing.empty()) return {{Grade::ok, "service", fmt::format("systemd lets it open {}", fmt::join(wanted, ", "))}};
  return {{Grade::problem, "service", fmt::format("systemd does not let it open {} yet", fmt::join(missing, ", ")),
           "systemctl daemon-reload; systemctl restart fettle"}};
}

const Registration<DoctorCheck> entry{"sandbox", "The service may open the ports that its site file names",
                                      check_sandbox};

}  // namespace
}  // namespace fettle::doctor
