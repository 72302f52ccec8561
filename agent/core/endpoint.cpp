#include "core/endpoint.hpp"

#include <fmt/format.h>

#include <charconv>
#include <system_error>

namespace fettle {
namespace {

std::optional<std::uint16_t> port_of(std::string_view text) {
  std::uint16_t port = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || stop != text.data() + text.size() || port == 0) return std::nullopt;
  return port;
}

}  // namespace

std::string Endpoint::text() const {
  return host.find(':') == std::string::npos ? fmt::format("{}:{}", host, port) : fmt::format("[{}]:{}", host, port);
}

std::string_view without_brackets(std::string_view host) {
  return host.starts_with('[') && host.ends_with(']') ? host.substr(1, host.size() - 2) : host;
}

std::optional<Endpoint> parse_endpoint(std::string_view text, std::uint16_t usual_port) {
  const auto colon = text.rfind(':');
  const bool is_bare_v6 = text.find(':') != colon && !text.starts_with('[');
  const bool has_port = colon != std::string_view::npos && !is_bare_v6 && !text.ends_with(']');
  const auto host = without_brackets(has_port ? text.substr(0, colon) : text);
  const auto port = has_port ? port_of(text.substr(colon + 1)) : usual_port;
  if (host.empty() || host.find_first_of("[]") != std::string_view::npos || !port) return std::nullopt;
  return Endpoint{std::string{host}, *port};
}

std::optional<Endpoint> parse_url_endpoint(std::string_view text, std::uint16_t usual_port) {
  auto endpoint = parse_endpoint(text, usual_port);
  if (!endpoint || endpoint->host.find_first_of("@?#/\\ \t") != std::string::npos) return std::nullopt;
  const bool is_bare_v6 = endpoint->host.find(':') != std::string::npos && !text.starts_with('[');
  return is_bare_v6 ? std::nullopt : std::move(endpoint);
}

}  // namespace fettle
