#include "modbus/tcp_wire.hpp"

#include <fmt/format.h>
#include <netinet/tcp.h>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/socket_base.hpp>

namespace fettle::modbus {
namespace {

using boost::asio::ip::tcp;
using boost::system::error_code;

std::string host_and_port(const std::string& host, unsigned short port) {
  return host.find(':') == std::string::npos ? fmt::format("{}:{}", host, port) : fmt::format("[{}]:{}", host, port);
}

}  // namespace

TcpWire::TcpWire(std::string host, unsigned short port)
    : StreamWire{host_and_port(host, port)}, host_{std::move(host)}, port_{port} {}

Result<void> TcpWire::open(Moment deadline) {
  const auto patience = deadline - std::chrono::steady_clock::now();
  auto endpoints = resolve(deadline);
  if (!endpoints) return endpoints.error();
  deadline = std::chrono::steady_clock::now() + patience;  // a slow name server is not the device's fault
  error_code error = boost::asio::error::host_not_found;
  for (const auto& endpoint : *endpoints) {
    error = connect(endpoint, deadline);
    if (!error) return {};
    close();
  }
  if (cancelled()) return lost(error);
  return failure(Fault::offline, fmt::format("cannot connect to {} ({})", name(), error.message()));
}

/// Cheap servers send the header of an answer and the rest of it, or one answer and the next, as pieces of which the second waits for the
/// acknowledgement of the first (Nagle), which the kernel would put off for 40 ms. It forgets this wish with the next question.
void TcpWire::expect_more() {
  using QuickAcknowledgement = boost::asio::detail::socket_option::boolean<IPPROTO_TCP, TCP_QUICKACK>;
  error_code ignored;
  stream().set_option(QuickAcknowledgement{true}, ignored);
}

/// A name may take as long as the system's resolver pleases: it cannot be broken off.
Result<TcpWire::Endpoints> TcpWire::resolve(Moment deadline) {
  error_code not_an_address;
  const auto address = boost::asio::ip::make_address(host_, not_an_address);
  if (!not_an_address) return Endpoints{{address, port_}};
  tcp::resolver resolver{context()};
  Endpoints endpoints;
  const auto outcome = perform(deadline, [this, &resolver, &endpoints](auto handler) {
    resolver.async_resolve(host_, std::to_string(port_), [&endpoints, handler](error_code error, const auto& found) {
      for (const auto& entry : found) endpoints.push_back(entry.endpoint());
      handler(error, found.size());
    });
  });
  if (outcome.error || endpoints.empty()) {
    return failure(Fault::offline, fmt::format("cannot find the host {} ({})", host_, outcome.error.message()));
  }
  return endpoints;
}

error_code TcpWire::connect(const tcp::endpoint& endpoint, Moment deadline) {
  error_code error;
  close();
  stream().open(endpoint.protocol(), error);
  if (error) return error;
  const auto outcome =
      perform(deadline, [this, &endpoint](auto handler) { stream().async_connect(endpoint, std::move(handler)); });
  if (!outcome.finished) return boost::asio::error::timed_out;
  if (outcome.error) return outcome.error;
  stream().set_option(tcp::no_delay{true}, error);
  stream().set_option(boost::asio::socket_base::keep_alive{true}, error);
  return {};
}

}  // namespace fettle::modbus
