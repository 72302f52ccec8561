#pragma once

#include "core/verdicts.hpp"
#include "delivery/alert_document.hpp"
#include "delivery/clock_sync.hpp"
#include "delivery/delivery.hpp"
#include "delivery/paho_broker.hpp"
#include "journal_outbox.hpp"
#include "store/journal.hpp"

#include <fmt/format.h>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace fettle::test {

inline Asset peer_asset(const std::string& gateway = "gw-0042") {
  Asset asset;
  asset.key = "AHU-07";
  asset.ref = gateway + "_AHU-07";
  asset.name = "Air handler 7";
  asset.location.site = "HQ-BERLIN";
  asset.location.tz = "Europe/Berlin";
  return asset;
}

inline delivery::GatewayFacts peer_gateway(const std::string& id = "gw-0042") {
  return {
      id, "fettle/v1", "1.0", 1, delivery::vouched_clock(), std::chrono::hours{1}, delivery::GatewayMode::operational};
}

/// One alert of slot AHU-07/mode-<number>, whose episode is called after the number.
inline Alert peer_alert(int number, int rev) {
  Alert alert;
  alert.asset = "AHU-07";
  alert.mode = fmt::format("mode-{}", number);
  alert.id = fmt::format("01JD8Q4Z7T3V9XK2M5N6P{:05}", number);
  alert.rev = rev;
  alert.title = fmt::format("Mode {} in revision {}", number, rev);
  alert.raised_at = alert.changed_at = parse_rfc3339("2026-11-21T09:14:58Z").value();
  return alert;
}

/// The part of the agent between its alerts and a real broker: journal, outbox, delivery and Paho.
class PeerGateway {
 public:
  PeerGateway(const std::string& store, const delivery::BrokerSettings& settings, const std::string& id = "gw-0042")
      : id_{id},
        ledger_{Ledger::open(store, clock_).value()},
        delivery_{home_,
                  clock_,
                  peer_gateway(id),
                  settings,
                  outbox_,
                  [this, settings, id](delivery::BrokerListener& listener) {
                    return std::make_unique<delivery::PahoBroker>(settings, id, home_.get_executor(), listener);
                  },
                  {std::chrono::milliseconds{50}, std::chrono::milliseconds{200}}} {
    const delivery::InfoFacts info{peer_gateway(id), "HQ-BERLIN", "Europe/Berlin", {}, {}, {}};
    const auto rev = journal().info_rev(delivery::info_hash(info)).value();
    delivery_.set_info(rev, delivery::info_document(info, rev, clock_.now()));
    delivery_.start();
  }

  void raise(const std::vector<Alert>& alerts) {
    const auto render = [this](const Alert& alert, std::uint64_t sequence) {
      return delivery::alert_document(alert, peer_asset(id_), peer_gateway(id_), sequence);
    };
    journal().record(alerts, render).value();
    delivery_.alerts_changed();
  }
  /// False when it does not come true in time.
  bool run_until(const std::function<bool()>& true_now, std::chrono::seconds within = std::chrono::seconds{20}) {
    const auto deadline = std::chrono::steady_clock::now() + within;
    while (!true_now()) {
      home_.restart();
      if (home_.run_one_until(deadline) == 0 && std::chrono::steady_clock::now() >= deadline) return false;
    }
    return true;
  }
  bool has_sent_everything() { return delivery_.is_connected() && journal().count_dirty().value() == 0; }
  bool run_until_sent() {
    return run_until([this] { return has_sent_everything(); });
  }
  bool stop() {
    bool stopped = false;
    delivery_.stop([&stopped] { stopped = true; });
    return run_until([&stopped] { return stopped; });
  }

  store::Journal& journal() { return ledger_->journal(); }
  delivery::Delivery& delivery() { return delivery_; }

 private:
  std::string id_;
  DomainClock clock_;
  boost::asio::io_context home_;
  std::unique_ptr<Ledger> ledger_;
  JournalOutbox outbox_{*ledger_};
  delivery::Delivery delivery_;
};

}  // namespace fettle::test
