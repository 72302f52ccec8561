#pragma once

#include "advisory/episode.hpp"

#include <optional>
#include <string>

namespace fettle::advisory {

/// The case file of something that is wrong with Fettle's own surroundings (a bus, the settings): true or not, without statistics.
class SystemCase {
 public:
  explicit SystemCase(SlotFacts facts) : episode_{std::move(facts)} {}

  /// The condition as it is now; `text` says what is wrong and what to do, and is looked at only while it is true.
  std::optional<Alert> report(Time now, bool wrong, const std::string& title, const std::string& text);
  std::optional<Alert> tick(Time now) { return episode_.tick(now); }
  void restore(Alert alert) { episode_.restore(std::move(alert)); }
  const Episode& episode() const { return episode_; }
  Episode& episode() { return episode_; }

 private:
  Episode episode_;
};

}  // namespace fettle::advisory
