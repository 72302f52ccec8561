#pragma once

#include "broker_gateway.hpp"
#include "core/clock.hpp"
#include "delivery/paho_broker.hpp"
#include "delivery/telemetry.hpp"
#include "telemetry_feed.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace fettle::test {

/// Telemetry of one counter that counts its polls, from a made-up device over the real spool and client to a real broker.
class TelemetryGateway {
 public:
  TelemetryGateway(const std::string& store, const delivery::BrokerSettings& settings,
                   const delivery::TelemetrySettings& telemetry)
      : ledger_{Ledger::open(store, clock_).value()},
        spool_{store, telemetry.buffer, clock_.now()},
        telemetry_{home_,
                   [this] { return clock_.now(); },
                   peer_gateway(),
                   telemetry,
                   {{"meter", std::make_shared<const Points>(Points{{"energy", Quantity::count}}), {PointId{0}}}},
                   spool_,
                   [this] { delivery_.freight_changed(); }},
        delivery_{home_,
                  clock_,
                  peer_gateway(),
                  settings,
                  outbox_,
                  [this, settings](delivery::BrokerListener& listener) {
                    return std::make_unique<delivery::PahoBroker>(settings, "gw-0042", home_.get_executor(), listener);
                  },
                  {std::chrono::milliseconds{50}, std::chrono::milliseconds{200}}} {
    delivery_.set_freight(&telemetry_);
    delivery_.start();
  }

  /// Polls at this period until it has come true; false when that takes too long.
  bool poll_until(const std::function<bool()>& true_now, std::chrono::milliseconds period) {
    const auto deadline = Steady::now() + std::chrono::seconds{30};
    while (!true_now() && Steady::now() < deadline) {
      telemetry_.take({good(PointId{0}, clock_.now(), static_cast<double>(++polls_))});
      home_.run_for(period);
    }
    return true_now();
  }
  bool poll(int count, std::chrono::milliseconds period) {
    return poll_until([this, until = polls_ + count] { return polls_ >= until; }, period);
  }
  /// Polls no more; false when the broker does not get everything in time.
  bool run_until_sent() {
    const auto deadline = Steady::now() + std::chrono::seconds{30};
    while (telemetry_.state().waiting > 0 && Steady::now() < deadline) home_.run_one_until(deadline);
    return telemetry_.state().waiting == 0;
  }
  delivery::Telemetry& telemetry() { return telemetry_; }
  bool is_up() const { return delivery_.is_connected(); }
  int polls() const { return polls_; }

 private:
  using Steady = std::chrono::steady_clock;
  using Points = std::vector<delivery::TelemetryPoint>;

  DomainClock clock_;
  int polls_ = 0;
  boost::asio::io_context home_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> awake_{home_.get_executor()};
  std::unique_ptr<Ledger> ledger_;
  JournalOutbox outbox_{*ledger_};
  TelemetryFile spool_;
  delivery::Telemetry telemetry_;
  delivery::Delivery delivery_;
};

}  // namespace fettle::test
