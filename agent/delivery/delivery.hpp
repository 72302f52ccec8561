#pragma once

#include "core/clock.hpp"
#include "core/time.hpp"
#include "delivery/backoff.hpp"
#include "delivery/broker.hpp"
#include "delivery/broker_settings.hpp"
#include "delivery/command.hpp"
#include "delivery/documents.hpp"
#include "delivery/outbox.hpp"
#include "delivery/window.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace fettle::delivery {

/// Hears what comes on `{root}/{gw}/cmd/#`.
using CommandEar = std::function<void(const Incoming&)>;

/// How the connection is kept up; real times.
struct DeliveryTimes {
  std::chrono::milliseconds first_retry{1'000};
  std::chrono::milliseconds longest_retry{60'000};
  std::chrono::milliseconds connect_deadline{30'000};  ///< then the attempt is given up, whatever became of it
  std::chrono::milliseconds farewell_deadline{2'000};
};

/// Brings documents to the broker and keeps the connection up: after each CONNECT info, status, then what has changed in the order of the
/// changes. A document stays in the outbox until the broker has acknowledged it. Lives on home.
class Delivery final : private BrokerListener {
 public:
  /// `outbox` outlives it.
  Delivery(boost::asio::io_context& home, DomainClock clock, GatewayFacts gateway, const BrokerSettings& settings,
           Outbox& outbox, const MakeBroker& make_broker, DeliveryTimes times = {});
  Delivery(const Delivery&) = delete;
  Delivery& operator=(const Delivery&) = delete;
  ~Delivery() override;

  /// The info document of this revision, before start() or whenever it has changed.
  void set_info(std::uint64_t rev, std::string document);
  void start();

  /// The outbox has changed. Cheap: many calls in a row are one.
  void alerts_changed();
  /// The first time the clock is right, alerts of a new journal are let go.
  void set_clock(const ClockState& clock);
  void set_mode(GatewayMode mode);
  /// An alert was not fit to be sent.
  void count_dropped() { ++dropped_; }

  /// Where commands go; they are subscribed to with every connection (see command_gate.hpp).
  void set_command_ear(CommandEar ear) { ear_ = std::move(ear); }
  /// Sends an answer to `{root}/{gw}/res/{requester}`, not retained, once; lost with the connection, for the requester asks again.
  void answer(const ReplyTo& to, std::string document);

  /// Says goodbye, waiting a moment for the broker to hear it, then calls `done`.
  void stop(std::function<void()> done);

  bool is_connected() const { return link_ == Link::up; }
  const GatewayFacts& gateway() const { return gateway_; }

 private:
  enum class Link : std::uint8_t { down, connecting, up, leaving };

  void connected(const Welcome& welcome) override;
  void connection_lost(const std::string& reason) override;
  void published(std::uint64_t token) override;
  void refused(std::uint64_t token, const std::string& reason) override;
  void received(const Incoming& message) override;

  void connect();
  void give_up();
  void connect_later();
  void await_heartbeat();
  void heartbeat();
  void schedule_pump();
  void pump();
  void send_info();
  void send_status();
  void send_alerts();
  void send_alert(const QueuedAlert& alert);
  void send_withdrawals();
  std::vector<OpenSlot> open_set() const;
  void report_open_set();
  void acknowledge(const InFlight& message);
  void publish(InFlight what, Message message);
  void finish_stop();

  Message status_message(std::string payload) const;
  std::chrono::seconds real_expiry(Duration span) const;

  DomainClock clock_;
  GatewayFacts gateway_;
  BrokerSettings settings_;
  Outbox& outbox_;
  DeliveryTimes times_;
  boost::asio::io_context& home_;
  boost::asio::steady_timer retry_, watchdog_, heartbeat_, farewell_;
  Backoff backoff_;
  Window window_;
  Link link_ = Link::down;

  std::uint64_t session_ = 0;
  Time since_{};
  std::uint64_t info_rev_ = 0;
  std::string info_;
  bool info_due_ = false, status_due_ = false, pump_scheduled_ = false, outage_told_ = false;
  std::vector<OpenSlot> told_open_;  ///< as in the latest status
  std::set<std::string> set_aside_;  ///< event ids not to be tried again before the next heartbeat
  std::uint64_t dropped_ = 0;
  std::function<void()> stopped_;
  CommandEar ear_;

  std::shared_ptr<const bool>
      alive_;                       ///< shared with queued handlers as weak pointers, so that a late one finds nobody
  std::unique_ptr<Broker> broker_;  ///< last: it speaks to us until it is gone
};

}  // namespace fettle::delivery
