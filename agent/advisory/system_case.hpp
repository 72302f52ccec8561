#pragma once

#include "advisory/episode.hpp"

#include <optional>
#include <string>

namespace fettle::advisory {

/// What is wrong, in words for a person: what it is, and what to do about it.
struct Trouble {
  Severity severity = Severity::major;
  std::string title, text;
};

/// The case file of something that is wrong with Fettle's own surroundings (a bus, the settings): true or not, without statistics.
class SystemCase {
 public:
  explicit SystemCase(SlotFacts facts) : episode_{std::move(facts)} {}

  /// The condition as it is now; no trouble: all is well. Another title or severity is worth a revision, another text alone is none.
  std::optional<Alert> report(Time now, const std::optional<Trouble>& trouble);
  /// The same with the slot's severity; the texts are looked at only while something is wrong.
  std::optional<Alert> report(Time now, bool wrong, const std::string& title, const std::string& text);
  std::optional<Alert> tick(Time now) { return episode_.tick(now); }
  void restore(Alert alert) { episode_.restore(std::move(alert)); }
  const Episode& episode() const { return episode_; }
  /// For whom it is taken on, shelved or closed by.
  Episode& episode() { return episode_; }

 private:
  Episode episode_;
};

}  // namespace fettle::advisory
