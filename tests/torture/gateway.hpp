#pragma once

#include "core/time.hpp"
#include "support/child.hpp"
#include "support/temp_dir.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace fettle::test {

/// What a gateway is told about its world.
struct World {
  unsigned short broker = 0, device = 0;
  std::string store;
  std::size_t machines = 0;
  std::map<std::string, std::string> environment;  ///< of the agent
  std::vector<std::string> wrapper;  ///< the command that the agent's is handed to; it has to become the agent
};

/// The real agent with a simulated clock that goes on from one of its lives to the next: a day passes in three seconds.
class Gateway {
 public:
  static constexpr double speed = 28'800;
  static constexpr const char* id = "gw-torture";

  explicit Gateway(const World& world);

  static std::string machine(std::size_t number) { return "PUMP-" + std::to_string(number + 1); }
  static std::string slot(std::size_t number) { return machine(number) + "/overheating"; }

  void start();
  /// SIGKILL, wherever it is.
  void kill();
  /// SIGTERM; gives its exit status.
  int stop();
  bool is_running() { return agent_ && agent_->is_running(); }

  /// By the gateway's clock.
  Time now() const;
  /// Reads what the agent has written, so that it never waits for us; keeps what is worth a look.
  void listen();
  /// Until the agent says that an alert has changed, which is before it is in the journal. False if it does not in time.
  bool await_revision(std::chrono::milliseconds within);
  /// Lines that should not be there: errors, and a journal that could not be opened.
  const std::vector<std::string>& complaints() const { return complaints_; }
  /// The end of what the present agent has said.
  std::string last_words();

 private:
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
  TempDir folder_;
  std::string site_;
  std::map<std::string, std::string> environment_;
  std::vector<std::string> wrapper_;
  std::optional<Child> agent_;
  std::vector<std::string> complaints_;
};

}  // namespace fettle::test
