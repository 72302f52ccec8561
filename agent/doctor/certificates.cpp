#include "doctor/check.hpp"
#include "doctor/files.hpp"

#include <fmt/format.h>
#include <unistd.h>
#include <filesystem>

namespace fettle::doctor {
namespace {

constexpr Duration soon = Days{30};

delivery::BrokerSettings broker_of(const Installation& installation) {
  settings::Mistakes checked_at_load;
  if (!installation.site.broker) return {};
  return delivery::read_broker(installation.site.broker, checked_at_load, installation.site.gateway.id);
}

Diagnosis check_dates(const std::string& what, const std::string& file, Time now) {
  const auto certificate = delivery::read_certificate(file);
  if (!certificate)
    return {Grade::problem, what, certificate.error().detail, "put the PEM file there, readable for the agent's user"};
  const auto name = fmt::format("{} ({})", file, certificate->name);
  if (now < certificate->valid_from)
    return {Grade::problem, what, fmt::format("{} is valid only from {} on", name, to_rfc3339(certificate->valid_from)),
            "check the clock first"};
  if (now > certificate->expires)
    return {Grade::problem, what, fmt::format("{} has ended on {}", name, to_rfc3339(certificate->expires)),
            "have a new one issued; check the clock first"};
  const auto left = certificate->expires - now;
  const auto text = fmt::format("{} is valid for {}", name, to_words(left));
  if (left < soon) return {Grade::warning, what, text, "have a new one issued now (`rotate` can bring it in)"};
  return {Grade::ok, what, text};
}

/// A secret that everybody on the machine can read is none.
void check_secret(const std::string& what, const std::string& file, std::vector<Diagnosis>& found) {
  if (file.empty()) return;
  const auto ownership = ownership_of(file);
  const auto user = agent_user();
  if (!ownership) {
    found.push_back({Grade::problem, what, file + " is not there, or cannot be looked at",
                     fmt::format("put it there, for the user {} only: chmod 600", user.name)});
  } else if (ownership->is_for_all_to_read()) {
    found.push_back({Grade::warning, what, file + " can be read by everybody on this machine",
                     fmt::format("chmod 600 {0}; chown {1} {0}", file, user.name)});
  } else if (!may_read(user, *ownership)) {
    found.push_back({Grade::problem, what, fmt::format("{} cannot be read by the user {}", file, user.name),
                     fmt::format("chown {} {}", user.name, file)});
  }
}

/// The service gets a copy of what lies in root's own folder, and has it only while it runs; so that folder is looked at.
void check_credential(const std::string& what, const std::string& name, const std::filesystem::path& folder,
                      std::vector<Diagnosis>& found) {
  constexpr std::string_view prefix = "fettle_";
  const auto file = (folder / (name.starts_with(prefix) ? name.substr(prefix.size()) : name)).string();
  std::error_code error;
  if (geteuid() != 0) {
    found.push_back({Grade::ok, what, fmt::format("only root can tell whether {} is there", file)});
  } else if (!std::filesystem::is_regular_file(file, error)) {
    found.push_back({Grade::problem, what, file + " is not there",
                     fmt::format("install -m 600 FILE {}; systemctl restart fettle", file)});
  } else if (ownership_of(file)->is_for_all_to_read()) {
    found.push_back({Grade::warning, what, file + " can be read by everybody on this machine", "chmod 600 " + file});
  }
}

/// What a broker knows us by. `whose` stands before each name: "", "sparkplug ".
void check_login(const std::string& whose, const delivery::BrokerSettings& broker, const Patient& patient,
                 std::vector<Diagnosis>& found) {
  const auto& tls = broker.tls;
  if (!tls.authority.empty()) found.push_back(check_dates(whose + "authority", tls.authority, patient.now));
  if (!tls.certificate.empty()) found.push_back(check_dates(whose + "certificate", tls.certificate, patient.now));
  check_secret(whose + "key", tls.key, found);
  const std::filesystem::path password{broker.password_file};
  if (password.parent_path() == delivery::credentials_of_service)
    check_credential(whose + "password", password.filename().string(), patient.roots.credentials, found);
  else
    check_secret(whose + "password", broker.password_file, found);
  if (tls.has_pair()) {
    if (const auto pair = delivery::check_pair(tls); !pair)
      found.push_back(
          {Grade::problem, whose + "key", pair.error().detail, "put the key beside the certificate it was made for"});
  }
  if (tls.certificate.empty() && broker.password_file.empty() && !broker.addresses.empty())
    found.push_back({Grade::warning, whose + "login",
                     "neither a certificate nor a password: whoever reaches the broker can speak for this gateway",
                     "give the gateway a certificate (tls) or a user and password"});
}

std::vector<Diagnosis> check_certificates(const Patient& patient) {
  std::vector<Diagnosis> found;
  if (!patient.installation) return found;
  const auto broker = broker_of(*patient.installation);
  check_login("", broker, patient, found);
  if (broker.sparkplug && broker.sparkplug->is_elsewhere)
    check_login("sparkplug ", broker.sparkplug->broker, patient, found);
  return found;
}

const Registration<DoctorCheck> entry{"certificates", "Dates of certificates, and who can read keys and passwords",
                                      check_certificates};

}  // namespace
}  // namespace fettle::doctor
