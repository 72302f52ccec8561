#pragma once

#include "replay.hpp"
#include "replay_alerts.hpp"

#include <string>
#include <vector>

namespace fettle {

/// How one machine fared.
struct ReplayedAsset {
  std::string key, name;
  Duration covered{};  ///< by rows of its history, without the gaps
  std::size_t dispatches = 0, advisories = 0;

  double months() const;
};

/// A replay in figures.
struct ReplaySummary {
  std::vector<ReplayedDevice> devices;
  std::vector<ReplayedAsset> assets;  ///< those that something was recorded of
  std::uint64_t rows = 0, readings = 0, bad = 0;
  std::optional<Time> first, last;
  std::size_t dispatches = 0, advisories = 0;
  std::vector<std::pair<Severity, std::size_t>> severities;  ///< of the alerts, the worst first
  std::vector<Duration> leads;                               ///< of predictions whose limit was reached, rising
  std::vector<std::string> notes;                            ///< what was left out, and what looks wrong

  double asset_months() const;
  std::optional<Duration> median_lead() const;
};

ReplaySummary summarise(const Replay& replay, const std::vector<AlertStory>& stories);

/// For people, in lines of a terminal. `took` of real time.
std::string summary_text(const ReplaySummary& summary, Duration took);

/// "0.13", "2.4"
std::string rate_text(double per_month);
/// "1,234,567"
std::string grouped(std::uint64_t number);
/// "1 row", "2,000 rows"
std::string counted(std::uint64_t number, std::string_view noun);

}  // namespace fettle
