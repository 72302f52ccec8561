#include "broker_visit.hpp"
#include "doctor/check.hpp"
#include "doctor/visits.hpp"

#include <fmt/format.h>

namespace fettle::doctor {
namespace {

constexpr Duration patience = std::chrono::seconds{5};
constexpr std::chrono::seconds long_patience{8};
constexpr Duration soon = Days{14};

std::string remedy_for(std::string_view distrust) {
  if (distrust.find("expired") != std::string_view::npos)
    return "the broker needs a new certificate; check the clock here first";
  if (distrust.find("not yet valid") != std::string_view::npos) return "check the clock here first";
  if (distrust.find("mismatch") != std::string_view::npos)
    return "use the host name that is in the broker's certificate";
  return "broker.tls.ca must be the authority that has signed the broker's certificate";
}

/// False if there is no use in going on.
bool check_tls(const delivery::Address& address, const delivery::TlsFiles& files, Time now,
               std::vector<Diagnosis>& found) {
  const auto about = "broker " + address.url();
  const auto welcome = delivery::visit_tls(address, files, std::chrono::ceil<std::chrono::seconds>(patience));
  if (!welcome) {
    found.push_back({Grade::problem, about, "no TLS handshake: " + welcome.error().detail,
                     "is this the port with TLS (mostly 8883)? does the broker want a certificate of ours "
                     "(broker.tls.certificate)?"});
    return false;
  }
  const auto& certificate = welcome->certificate;
  if (!welcome->not_trusted.empty()) {
    found.push_back({Grade::problem, about,
                     fmt::format("its certificate is not trusted: {} (for {}, by {})", welcome->not_trusted,
                                 certificate.name, welcome->issuer),
                     remedy_for(welcome->not_trusted)});
    return false;
  }
  const auto left = std::max(Duration{}, certificate.expires - now);
  if (!welcome->refusal.empty()) {
    found.push_back({Grade::problem, about, "does not take our certificate, or misses one: " + welcome->refusal,
                     "broker.tls.certificate must be known to the broker, valid and active"});
    return false;
  }
  found.push_back({left < soon ? Grade::warning : Grade::ok, about,
                   fmt::format("{}, certificate for {} by {}, valid for {}", welcome->protocol, certificate.name,
                               welcome->issuer, to_words(left)),
                   left < soon ? "whoever runs the broker should renew it now" : ""});
  return true;
}

void check_login(const delivery::BrokerSettings& settings, const delivery::Address& address, const std::string& gateway,
                 std::vector<Diagnosis>& found) {
  const auto client = visitor(settings, gateway);
  const auto about = "broker " + address.url();
  const auto login = visit_broker(settings, address, gateway, long_patience);
  if (login) {
    const auto* const why = settings.service ? "" : ", so that a running agent is not disturbed";
    found.push_back({Grade::ok, about, fmt::format("lets us in (as {}{})", client, why)});
    return;
  }
  const auto* const remedy = settings.service ? "correct what it says, and try again"
                                              : "check user, password and certificate; a broker that only takes the "
                                                "gateway's own id refuses this attempt, and perhaps not the agent's";
  found.push_back({Grade::problem, about, fmt::format("{} (tried as {})", login.error().detail, client), remedy});
}

void check_address(const delivery::BrokerSettings& settings, const delivery::Address& address, const Patient& patient,
                   std::vector<Diagnosis>& found) {
  const Endpoint target{address.host, address.port};
  const auto visited = visit({target}, patience).front();
  const auto about = "broker " + address.url();
  if (visited.end != Visit::End::connected) {
    found.push_back({Grade::problem, about, text_of(visited, target), remedy_of(visited.end)});
    return;
  }
  if (address.is_secured() && !check_tls(address, settings.tls, patient.now, found)) return;
  if (!address.is_secured())
    found.push_back(
        {Grade::warning, about, "everything travels in clear", "use mqtts:// wherever others are in the network"});
  check_login(settings, address, patient.installation->site.gateway.id, found);
}

void check_addresses(const delivery::BrokerSettings& settings, const Patient& patient, std::vector<Diagnosis>& found) {
  for (const auto& address : settings.addresses) check_address(settings, address, patient, found);
}

std::vector<Diagnosis> check_broker(const Patient& patient) {
  std::vector<Diagnosis> found;
  if (!patient.installation) return found;
  const auto& site = patient.installation->site;
  if (!site.broker)
    return {{Grade::warning, "broker", "none in the settings: alerts stay in the journal",
             "add to the site file: broker: {url: mqtts://HOST:8883, root: fettle/v1}"}};
  settings::Mistakes checked_at_load;
  const auto settings = delivery::read_broker(site.broker, checked_at_load, site.gateway.id);
  if (settings.sparkplug && settings.sparkplug->is_elsewhere)
    check_addresses(settings.sparkplug->broker, patient, found);
  if (!patient.agent || !patient.agent->broker.connected) {
    check_addresses(settings, patient, found);
    return found;
  }
  const auto& broker = patient.agent->broker;
  found.push_back(
      {broker.dropped > 0 ? Grade::warning : Grade::ok, "broker " + broker.url,
       fmt::format("the running agent is connected; {} documents wait, {} were dropped; no connection was made",
                   broker.queued, broker.dropped)});
  return found;
}

const Registration<DoctorCheck> entry{"broker", "Name, connection, certificate and login of the broker", check_broker};

}  // namespace
}  // namespace fettle::doctor
