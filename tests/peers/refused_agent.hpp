#pragma once

#include "running_agent.hpp"

namespace fettle::test {

inline constexpr auto refusal_slot = "alert/gw-7/broker-refusal";

/// The real binary at a broker that does not take all it has to say.
class Refused : public RunningAgent {
 protected:
  void SetUp() override {
    RunningAgent::SetUp();
    // Nothing is tried again with a heartbeat while the test runs.
    replace(site, "heartbeat: 1h", "heartbeat: 24h");
  }
  std::string plain_url() const { return fmt::format("url: \"mqtt://127.0.0.1:{}\"", broker.port()); }
  std::string listed_alerts() const {
    Child alerts{{FETTLE_BINARY, "alerts", "--json", "-c", site}};
    alerts.wait(patience);
    return alerts.output();
  }
  /// An installer who looks again and again sees this among the open alerts.
  bool lists(const std::string& text) const {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (listed_alerts().find(text) == std::string::npos) {
      if (std::chrono::steady_clock::now() > deadline) return false;
    }
    return true;
  }
};

/// What the installer reads there.
inline constexpr auto refusal_title = "The broker does not take what this gateway sends";

}  // namespace fettle::test
