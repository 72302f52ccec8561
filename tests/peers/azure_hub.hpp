#pragma once

#include "modbus_line.hpp"
#include "support/certificates.hpp"
#include "support/child.hpp"
#include "support/ports.hpp"

#include <boost/json.hpp>
#include <chrono>
#include <functional>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

namespace fettle::test {

inline bool any_packet(const boost::json::value& /*packet*/) { return true; }

/// azure_hub_peer.js, a program that keeps the rules of an Azure IoT Hub, for the device gw-7.
class AzureHub {
 public:
  /// `secret` is the device's key, or the file of the authority that certificates are from.
  AzureHub(const Identity& host, const std::string& secret)
      : peer_{node_peer("azure_hub_peer.js", {std::to_string(port_), host.certificate, host.key, "gw-7", secret}),
              ChildOptions{{}, {}, true}} {
    wait_until_ready(peer_);
  }

  unsigned short port() const { return port_; }
  const std::string& output() { return peer_.output(); }

  /// The next packet of this kind that pleases.
  std::optional<boost::json::value> next(const std::string& kind,
                                         const std::function<bool(const boost::json::value&)>& pleases) {
    std::optional<boost::json::value> found;
    peer_.wait_for_line(
        [&](const std::string& line) {
          found = packet_in(line, kind);
          if (found && !pleases(*found)) found.reset();
          return found.has_value();
        },
        std::chrono::seconds{20});
    return found;
  }
  /// The next event with this property; of another kind where it was not taken: "late", "exceeded".
  std::optional<boost::json::value> next_event(const std::string& property, const std::string& value,
                                               const std::string& kind = "event") {
    return next(kind, [&](const boost::json::value& event) {
      const auto* const found = event.at("properties").as_object().if_contains(property);
      return found != nullptr && found->as_string() == value;
    });
  }
  /// The message ids of all events of a kind so far.
  std::vector<std::string> ids(const std::string& kind) {
    std::vector<std::string> result;
    std::istringstream lines{peer_.output()};
    for (std::string line; std::getline(lines, line);) {
      const auto packet = packet_in(line, kind);
      const auto* const id = packet ? packet->at("properties").as_object().if_contains("$.mid") : nullptr;
      if (id != nullptr) result.emplace_back(id->as_string());
    }
    return result;
  }
  void ask(const boost::json::object& wish) const { peer_.feed(boost::json::serialize(wish) + "\n"); }

 private:
  static std::optional<boost::json::value> packet_in(const std::string& line, const std::string& kind) {
    boost::system::error_code code;
    const auto value = boost::json::parse(line, code);
    const auto* const packet = !code && value.is_object() ? value.get_object().if_contains(kind) : nullptr;
    return packet == nullptr ? std::nullopt : std::optional{*packet};
  }

  unsigned short port_ = free_port();
  Child peer_;
};

}  // namespace fettle::test
