#include "delivery/address.hpp"

#include "core/endpoint.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>

namespace fettle::delivery {
namespace {

struct Scheme {
  std::string_view prefix;
  Transport transport;
  std::uint16_t port;
};

constexpr std::array<Scheme, 4> schemes{{{"mqtt://", Transport::tcp, 1883},
                                         {"mqtts://", Transport::tls, 8883},
                                         {"ws://", Transport::websocket, 80},
                                         {"wss://", Transport::websocket_tls, 443}}};
constexpr std::string_view usual_path = "/mqtt";

bool is_odd(std::string_view text) { return text.find_first_of("@?#\\ \t") != std::string_view::npos; }

}  // namespace

std::string Address::url() const {
  const auto* const scheme =
      std::find_if(schemes.begin(), schemes.end(), [this](const auto& each) { return each.transport == transport; });
  return fmt::format("{}{}{}", scheme->prefix, Endpoint{host, port}.text(), path);
}

std::optional<Address> parse_address(std::string_view url) {
  const auto* const scheme =
      std::find_if(schemes.begin(), schemes.end(), [url](const auto& each) { return url.starts_with(each.prefix); });
  if (scheme == schemes.end()) return std::nullopt;
  url.remove_prefix(scheme->prefix.size());
  const auto slash = std::min(url.find('/'), url.size());
  const auto path = url.substr(slash);
  const auto endpoint = parse_url_endpoint(url.substr(0, slash), scheme->port);
  if (!endpoint) return std::nullopt;
  Address address{endpoint->host, endpoint->port, scheme->transport};
  const bool has_path = path.find_first_not_of('/') != std::string_view::npos;
  if (scheme->transport == Transport::tcp || scheme->transport == Transport::tls) {
    return has_path ? std::nullopt : std::optional{address};
  }
  if (is_odd(path)) return std::nullopt;
  address.path = has_path ? path : usual_path;
  return address;
}

}  // namespace fettle::delivery
