#include "service_manager.hpp"

#include "core/files.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <cstring>

namespace fettle {

ServiceManager::ServiceManager() {
  const auto* const name = std::getenv("NOTIFY_SOCKET");
  if (name != nullptr) address_ = name;
  if (address_.starts_with('@')) address_.front() = '\0';
}

void ServiceManager::ready(std::string_view status) const { tell(fmt::format("READY=1\nSTATUS={}", status)); }

void ServiceManager::reloading() const { tell("RELOADING=1"); }

void ServiceManager::stopping() const { tell("STOPPING=1"); }

void ServiceManager::feed_watchdog() const { tell("WATCHDOG=1"); }

void ServiceManager::tell(std::string_view message) const {
  sockaddr_un place{};
  if (address_.empty() || address_.size() >= sizeof place.sun_path) return;
  place.sun_family = AF_UNIX;
  std::copy(address_.begin(), address_.end(), std::begin(place.sun_path));
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address_.size());
  const Descriptor socket{::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
  // NOLINTNEXTLINE(*-reinterpret-cast): what sockets ask for
  const auto* const to = reinterpret_cast<const sockaddr*>(&place);
  if (::sendto(socket.number(), message.data(), message.size(), MSG_NOSIGNAL | MSG_DONTWAIT, to, length) < 0)
    spdlog::warn("the service manager was not told {}: {}", message, std::strerror(errno));
}

}  // namespace fettle
