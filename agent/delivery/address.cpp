#include "delivery/address.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <charconv>
#include <system_error>

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

std::optional<std::uint16_t> port_of(std::string_view text) {
  std::uint16_t port = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || stop != text.data() + text.size() || port == 0) return std::nullopt;
  return port;
}

bool is_odd(std::string_view text) { return text.find_first_of("@?#\\ \t") != std::string_view::npos; }

/// "host", "host:port" or "[v6]:port".
std::optional<Address> host_and_port(std::string_view text, std::uint16_t usual_port) {
  const auto bracket = text.rfind(']');
  const auto colon = text.rfind(':');
  const bool has_port = colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket);
  const auto host = has_port ? text.substr(0, colon) : text;
  const auto port = has_port ? port_of(text.substr(colon + 1)) : usual_port;
  const bool bare_v6 = bracket == std::string_view::npos && host.find(':') != std::string_view::npos;
  if (host.empty() || !port || is_odd(host) || bare_v6) return std::nullopt;
  return Address{std::string{host}, *port};
}

}  // namespace

std::string Address::url() const {
  const auto* const scheme =
      std::find_if(schemes.begin(), schemes.end(), [this](const auto& each) { return each.transport == transport; });
  return fmt::format("{}{}:{}{}", scheme->prefix, host, port, path);
}

std::optional<Address> parse_address(std::string_view url) {
  const auto* const scheme =
      std::find_if(schemes.begin(), schemes.end(), [url](const auto& each) { return url.starts_with(each.prefix); });
  if (scheme == schemes.end()) return std::nullopt;
  url.remove_prefix(scheme->prefix.size());
  const auto slash = std::min(url.find('/'), url.size());
  const auto path = url.substr(slash);
  auto address = host_and_port(url.substr(0, slash), scheme->port);
  if (!address) return std::nullopt;
  address->transport = scheme->transport;
  const bool has_path = path.find_first_not_of('/') != std::string_view::npos;
  if (scheme->transport == Transport::tcp || scheme->transport == Transport::tls) {
    return has_path ? std::nullopt : address;
  }
  if (is_odd(path)) return std::nullopt;
  address->path = has_path ? path : usual_path;
  return address;
}

}  // namespace fettle::delivery
