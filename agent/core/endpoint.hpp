#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fettle {

/// A host of the network and one of its ports.
struct Endpoint {
  std::string host;  ///< a name or an address; one of IPv6 without brackets
  std::uint16_t port = 0;

  /// "meter.local:502", "[::1]:502"
  std::string text() const;
  friend bool operator==(const Endpoint&, const Endpoint&) = default;
};

/// "::1" of "[::1]"; anything else as it is.
std::string_view without_brackets(std::string_view host);

/// Reads "host", "host:502", "[::1]:502", "[::1]" or "::1". Nothing for no host, or for a port that is none of 1 to 65535.
std::optional<Endpoint> parse_endpoint(std::string_view text, std::uint16_t usual_port);

/// The same as it stands in a URL: IPv6 in brackets only, and nothing that belongs to other parts of a URL.
std::optional<Endpoint> parse_url_endpoint(std::string_view text, std::uint16_t usual_port);

}  // namespace fettle
