#pragma once

#include "support/child.hpp"
#include "support/temp_dir.hpp"

#include <chrono>
#include <optional>
#include <regex>
#include <string>

namespace fettle::test {

/// A real MQTT broker on a port of its own of the loopback, whose state lies in a folder that is gone with the object.
class Mosquitto {
 public:
  /// `settings` are further lines of its configuration file; "%folder%" stands for its folder.
  explicit Mosquitto(const std::string& settings = {});

  unsigned short port() const { return port_; }
  const TempDir& folder() const { return folder_; }

  /// Reads what it has logged. Where that is much, somebody has to, or it waits for us in the middle of its work.
  void listen();
  /// The next line of its log that matches; what is logged depends on `log_type`.
  std::optional<std::string> wait_for_line(const std::regex& pattern, std::chrono::milliseconds within);
  /// Ends it as a power cut would: what it has not saved is gone.
  void kill();
  /// Ends it in good order: it saves retained messages and sessions.
  void stop();
  /// Starts it again on the same port.
  void start();

 private:
  TempDir folder_;
  unsigned short port_;
  std::optional<Child> process_;
};

}  // namespace fettle::test
