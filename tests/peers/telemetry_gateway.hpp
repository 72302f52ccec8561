#pragma once

#include "core/clock.hpp"
#include "delivery/clock_sync.hpp"
#include "delivery/paho_broker.hpp"
#include "delivery/telemetry.hpp"
#include "telemetry_feed.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <map>
#include <string>

namespace fettle::test {

/// Carries freight and nothing else to a real broker: the window, the order and the reconnects of the real delivery.
class FreightCourier final : public delivery::BrokerListener {
 public:
  FreightCourier(boost::asio::io_context& home, const delivery::BrokerSettings& settings)
      : retry_{home}, broker_{settings, "gw-0042", home.get_executor(), *this} {}

  void carry(delivery::Freight& freight) {
    freight_ = &freight;
    connect();
  }
  void pump() {
    while (up_ && flying_.size() < window) {
      auto parcel = freight_->next();
      if (!parcel) return;
      parcel->message.token = ++last_token_;
      flying_.emplace(last_token_, parcel->number);
      broker_.publish(parcel->message);
    }
  }
  bool is_up() const { return up_; }

 private:
  static constexpr std::size_t window = 16;

  void connect() {
    broker_.connect({{"fettle/v1/gw-0042/status", R"({"gateway":"gw-0042","state":"lost","session":1})"},
                     std::chrono::seconds{60}});
  }
  void connected(const delivery::Welcome&) override {
    up_ = true;
    freight_->link_up();
    pump();
  }
  void connection_lost(const std::string&) override {
    up_ = false;
    flying_.clear();
    freight_->link_lost();
    retry_.expires_after(std::chrono::milliseconds{50});
    retry_.async_wait([this](const boost::system::error_code& code) {
      if (!code) connect();
    });
  }
  void published(std::uint64_t token) override {
    const auto found = flying_.find(token);
    if (found == flying_.end()) return;
    freight_->delivered(found->second);
    flying_.erase(found);
    pump();
  }
  void refused(std::uint64_t token, const std::string&) override { published(token); }
  void received(const delivery::Incoming&) override {}

  delivery::Freight* freight_ = nullptr;
  bool up_ = false;
  std::uint64_t last_token_ = 0;
  std::map<std::uint64_t, std::uint64_t> flying_;  ///< token, number
  boost::asio::steady_timer retry_;
  delivery::PahoBroker broker_;
};

/// Telemetry of one counter that counts its polls, from a made-up device over the real spool and client to a real broker.
class TelemetryGateway {
 public:
  TelemetryGateway(const std::string& store, const delivery::BrokerSettings& settings,
                   const delivery::TelemetrySettings& telemetry)
      : spool_{store, telemetry.buffer, clock_.now()},
        courier_{home_, settings},
        telemetry_{home_,
                   [this] { return clock_.now(); },
                   {"gw-0042", "fettle/v1", "1.0", 1, delivery::vouched_clock(), std::chrono::hours{1}},
                   telemetry,
                   {{"meter", {{"energy", Quantity::count, PointId{0}}}}},
                   spool_,
                   [this] { courier_.pump(); }} {
    courier_.carry(telemetry_);
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
  bool is_up() const { return courier_.is_up(); }
  int polls() const { return polls_; }

 private:
  using Steady = std::chrono::steady_clock;

  DomainClock clock_;
  int polls_ = 0;
  boost::asio::io_context home_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> awake_{home_.get_executor()};
  TelemetryFile spool_;
  FreightCourier courier_;
  delivery::Telemetry telemetry_;
};

}  // namespace fettle::test
