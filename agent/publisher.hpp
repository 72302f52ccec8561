#pragma once

#include "delivery/delivery.hpp"
#include "ledger.hpp"
#include "works.hpp"

#include <functional>
#include <optional>
#include <vector>

namespace fettle {

/// From an alert's revision to a document in the journal, and from there to the broker: checks it against the contract, holds back what
/// would be a flood, and writes it down before anybody sees it.
class Publisher {
 public:
  Publisher(Ledger& ledger, Works& works, delivery::GatewayFacts gateway);

  /// What the documents say about the gateway from now on.
  void set_gateway(const delivery::GatewayFacts& gateway) { gateway_ = gateway; }
  void set_clock(const delivery::ClockState& clock) { gateway_.clock = clock; }
  void set_works(Works& works) { works_ = &works; }
  /// Called with the alerts that have a new document.
  void on_change(std::function<void(const std::vector<Alert>&)> changed) { changed_ = std::move(changed); }

  void publish(Time now, std::vector<Alert> alerts);
  /// What comes of a command, together with the answer to it: both are written, or neither.
  void publish(std::vector<Alert> alerts, const store::AnsweredCommand& answered);
  /// Lets go what the flood gate had to hold back.
  void tick(Time now);
  /// An alert of something that is in the settings no more; nothing would ever close it.
  void close_orphan(Alert alert, Time now);

  /// Bytes written to disk for a revision, on the average; nothing before the first.
  std::optional<std::uint64_t> bytes_per_alert() const;
  /// Alerts that do not keep the contract and were never sent.
  std::uint64_t dropped() const { return dropped_; }

 private:
  std::vector<Alert> sound(std::vector<Alert> alerts);
  void write(const std::vector<Alert>& alerts, const store::AnsweredCommand* answered);
  const Asset* asset_of(const Alert& alert) const;

  Ledger& ledger_;
  Works* works_;  ///< of the present settings
  delivery::GatewayFacts gateway_;
  std::function<void(const std::vector<Alert>&)> changed_ = [](const auto&) {};
  std::vector<Asset> former_assets_;  ///< of orphans
  std::uint64_t dropped_ = 0, written_bytes_ = 0, written_alerts_ = 0;
};

}  // namespace fettle
