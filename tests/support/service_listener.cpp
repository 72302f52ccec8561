#include "support/service_listener.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <cstddef>
#include <stdexcept>

namespace fettle::test {

ServiceListener::ServiceListener(std::string address) : socket_{::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)} {
  if (address.starts_with('@')) address.front() = '\0';
  sockaddr_un place{};
  place.sun_family = AF_UNIX;
  std::copy(address.begin(), address.end(), std::begin(place.sun_path));
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address.size());
  if (::bind(socket_, reinterpret_cast<const sockaddr*>(&place), length) != 0)
    throw std::runtime_error{"cannot listen at " + address};
}

ServiceListener::~ServiceListener() { ::close(socket_); }

std::string ServiceListener::take(std::chrono::milliseconds within) const {
  pollfd heard{socket_, POLLIN, 0};
  if (::poll(&heard, 1, static_cast<int>(within.count())) != 1) return {};
  std::array<char, 512> text{};
  const auto length = ::recv(socket_, text.data(), text.size(), 0);
  return {text.data(), static_cast<std::size_t>(std::max<ssize_t>(length, 0))};
}

}  // namespace fettle::test
