#include "doctor/check.hpp"
#include "doctor/visits.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>
#include <utility>

namespace fettle::doctor {
namespace {

constexpr Duration patience = std::chrono::seconds{3};

/// Where a driver connects to if its bus says no port.
constexpr std::array<std::pair<std::string_view, std::uint16_t>, 2> usual_ports{{{"modbus_tcp", 502}, {"mbus", 10001}}};

std::uint16_t usual_port(std::string_view driver) {
  const auto* const found =
      std::find_if(usual_ports.begin(), usual_ports.end(), [driver](const auto& each) { return each.first == driver; });
  return found == usual_ports.end() ? std::uint16_t{0} : found->second;
}

/// Any bus with a host or the URL of a broker, whatever its driver; nothing if its port is not written and nobody knows the usual one.
std::optional<Endpoint> target_of(const settings::BusSettings& bus) {
  if (const auto broker = delivery::parse_address(bus.node["url"].scalar()))
    return Endpoint{broker->host, broker->port};
  Endpoint target{std::string{without_brackets(bus.node["host"].scalar())}, usual_port(bus.driver)};
  const auto port = bus.node["port"].scalar();
  std::from_chars(port.data(), port.data() + port.size(), target.port);
  if (target.host.empty() || target.port == 0) return std::nullopt;
  return target;
}

std::vector<Diagnosis> check_network(const Patient& patient) {
  std::vector<Diagnosis> found;
  if (!patient.installation) return found;
  std::vector<Endpoint> targets;
  std::vector<std::string> buses;
  for (const auto& bus : patient.installation->site.buses) {
    const auto target = target_of(bus);
    if (!target) continue;
    // Many gateways take one connection only: a second one would throw the agent out.
    if (const auto* known = patient.bus(bus.key); known != nullptr && known->answering) {
      found.push_back(
          {Grade::ok, "bus " + bus.key, fmt::format("{} answers the running agent; not connected to", target->text())});
      continue;
    }
    targets.push_back(*target);
    buses.push_back(bus.key);
  }
  const auto visits = visit(targets, patience);
  for (std::size_t place = 0; place < targets.size(); ++place) {
    const auto grade = visits[place].end == Visit::End::connected ? Grade::ok : Grade::problem;
    found.push_back(
        {grade, "bus " + buses[place], text_of(visits[place], targets[place]), remedy_of(visits[place].end)});
  }
  return found;
}

const Registration<DoctorCheck> entry{"network", "Names and connections of devices and gateways in the network",
                                      check_network};

}  // namespace
}  // namespace fettle::doctor
