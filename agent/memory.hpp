#pragma once

#include <chrono>
#include <optional>

namespace fettle {

/// Tells the allocator that this process has many threads that hardly ever allocate, and lives for years: one heap for all of them
/// instead of one each, and large blocks go back to the system when they are freed. To be called before the first thread is started.
void hold_little_memory();

/// Gives memory back to the system once a start is over, and every quarter of an hour: what was freed, and the parts of the program and its
/// libraries that nothing has used since, such as those that read settings.
class Tidying {
 public:
  /// Something large has begun: the agent, or its work under other settings.
  void expect() { due_ = Steady::now() + calm; }
  /// To be called from time to time.
  void look();

 private:
  using Steady = std::chrono::steady_clock;
  static constexpr std::chrono::seconds calm{15};

  std::optional<Steady::time_point> due_;
};

}  // namespace fettle
