#pragma once

#include <chrono>
#include <string>

namespace fettle::test {

/// A service manager that hears what a process tells it at NOTIFY_SOCKET.
class ServiceListener {
 public:
  /// `address` as NOTIFY_SOCKET has it: a path, or an abstract name that begins with '@'.
  explicit ServiceListener(std::string address);
  ServiceListener(const ServiceListener&) = delete;
  ServiceListener& operator=(const ServiceListener&) = delete;
  ~ServiceListener();

  /// The next message; empty if none has come when time is up.
  std::string take(std::chrono::milliseconds within = {}) const;

 private:
  int socket_;
};

}  // namespace fettle::test
