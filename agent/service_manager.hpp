#pragma once

#include <string>
#include <string_view>

namespace fettle {

/// What the service manager that started this process is told: one datagram a message, as sd_notify(3) describes them. Where none asked
/// to be told, nothing is said.
class ServiceManager {
 public:
  /// Where it listens stands in the environment: NOTIFY_SOCKET.
  ServiceManager();

  /// Started, or at work again after reloading(). `status` is a sentence for people.
  void ready(std::string_view status) const;
  void reloading() const;
  void stopping() const;
  /// Still at work. A process that says so for longer than WatchdogSec no more is ended, and started again.
  void feed_watchdog() const;

 private:
  void tell(std::string_view message) const;

  std::string address_;  ///< a path, or an abstract name that begins with a zero byte; empty: nobody listens
};

}  // namespace fettle
