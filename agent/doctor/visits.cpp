#include "doctor/visits.hpp"

#include <fmt/format.h>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <memory>

namespace fettle::doctor {
namespace {

using boost::asio::ip::tcp;
using boost::system::error_code;
using End = Visit::End;

/// One connection under way.
struct Attempt {
  explicit Attempt(boost::asio::io_context& context) : socket{context} {}
  tcp::socket socket;
  std::vector<tcp::endpoint> endpoints;  ///< a name may stand for several, of which one listens
  std::size_t next = 0;
  std::chrono::steady_clock::time_point begin{};
};

End end_of(const error_code& error) {
  namespace as = boost::asio::error;
  if (!error) return End::connected;
  if (error == as::connection_refused) return End::refused;
  if (error == as::host_unreachable || error == as::network_unreachable) return End::no_route;
  if (error == as::host_not_found || error == as::no_data || error == as::service_not_found) return End::no_such_name;
  if (error == as::host_not_found_try_again || error == as::no_recovery) return End::no_name_server;
  return End::silent;
}

void connect(Attempt& attempt, Visit& visit) {
  error_code ignored;
  attempt.socket.close(ignored);
  attempt.socket.async_connect(attempt.endpoints.at(attempt.next), [&attempt, &visit](error_code failed) {
    if (failed == boost::asio::error::operation_aborted) return;
    visit.end = end_of(failed);
    visit.took = std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - attempt.begin);
    if (failed && ++attempt.next < attempt.endpoints.size()) connect(attempt, visit);
  });
}

void begin(Attempt& attempt, const Endpoint& target, Visit& visit) {
  error_code error;
  tcp::resolver resolver{attempt.socket.get_executor()};
  for (const auto& found : resolver.resolve(target.host, std::to_string(target.port), error))
    attempt.endpoints.push_back(found.endpoint());
  if (attempt.endpoints.empty()) {
    visit.end = error ? end_of(error) : End::no_such_name;
    return;
  }
  attempt.begin = std::chrono::steady_clock::now();
  connect(attempt, visit);
}

}  // namespace

std::vector<Visit> visit(const std::vector<Endpoint>& targets, Duration patience) {
  std::vector<Visit> visits(targets.size());  // never resized: the attempts write into it
  boost::asio::io_context context{1};
  std::vector<std::unique_ptr<Attempt>> attempts;
  for (std::size_t place = 0; place < targets.size(); ++place) {
    attempts.push_back(std::make_unique<Attempt>(context));
    begin(*attempts.back(), targets[place], visits[place]);
  }
  context.run_for(patience);
  return visits;
}

std::string text_of(const Visit& visit, const Endpoint& target) {
  switch (visit.end) {
    case End::connected: return fmt::format("{} can be connected to ({} ms)", target.text(), visit.took.count());
    case End::no_such_name: return fmt::format("nobody knows the name {}", target.host);
    case End::no_name_server: return fmt::format("no name server answers, so {} cannot be found", target.host);
    case End::refused: return fmt::format("{} is there, but refuses port {}", target.host, target.port);
    case End::no_route: return fmt::format("there is no way to {}", target.host);
    case End::silent: return fmt::format("nothing comes back from {}", target.text());
  }
  return {};
}

std::string remedy_of(End end) {
  switch (end) {
    case End::connected: return {};
    case End::no_such_name: return "check the spelling, or write the IP address";
    case End::no_name_server: return "check the network cable and /etc/resolv.conf, or write the IP address";
    case End::refused:
      return "check the port; switch the service on in the device; some gateways take one connection only, and another "
             "master has it";
    case End::no_route: return "check address, netmask, VLAN and cable (ip addr, ip route); is the device switched on?";
    case End::silent: return "a firewall or another network in between, or the device is off (ping it)";
  }
  return {};
}

}  // namespace fettle::doctor
