#pragma once

#include <optional>
#include <string>

#include "support/child.hpp"
#include "support/mosquitto.hpp"
#include "support/ports.hpp"
#include "support/temp_dir.hpp"

namespace fettle::plants {

struct StageOptions {
  std::string agent, plant, site;
  double speed = 32'000;
  std::string start = "2026-06-01T00:00:00Z";
  std::uint64_t seed = 1;
  int days = 56;  ///< after which the plant ends; 0: never
};

/// A private broker, an independent subscriber, the simulated plant and the real agent, each a process of its own on the loopback.
/// Whatever has been started is ended with the object.
class Stage {
 public:
  /// Throws when one of them does not come up.
  explicit Stage(const StageOptions& options);

  test::Child& plant() { return plant_; }
  test::Child& subscriber() { return subscriber_; }
  test::Child& agent() { return agent_; }

  /// Resident memory of the agent in kB, as the kernel tells it.
  std::optional<long> agent_memory() const;

 private:
  test::Child start_subscriber() const;
  test::Child start_plant(const StageOptions& options) const;
  test::Child start_agent(const StageOptions& options) const;

  test::TempDir folder_;
  std::string plant_port_ = std::to_string(test::free_port());
  test::Mosquitto broker_;
  test::Child subscriber_;
  test::Child plant_;
  test::Child agent_;
};

}  // namespace fettle::plants
