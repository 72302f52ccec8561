#pragma once

#include "core/clock.hpp"
#include "core/time.hpp"
#include "delivery/broker.hpp"
#include "delivery/broker_settings.hpp"
#include "delivery/command.hpp"
#include "delivery/documents.hpp"
#include "delivery/freight.hpp"
#include "delivery/heartbeat_pause.hpp"
#include "delivery/link.hpp"
#include "delivery/outbox.hpp"
#include "delivery/timer.hpp"
#include "delivery/window.hpp"

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace fettle::delivery {

/// Hears what comes on `{root}/{gw}/cmd/#`.
using CommandEar = std::function<void(const Incoming&)>;

/// What has happened so far, for `diag`.
struct DeliveryCounts {
  std::uint64_t connections = 0;
  std::uint64_t refused_documents = 0;
  std::uint64_t refused_subscriptions = 0;
  std::uint64_t missed_commands = 0;  ///< more came at once than could be looked at
  std::uint64_t dropped_answers = 0;  ///< too many were waiting, or the connection broke first
  std::uint64_t dropped_parcels = 0;  ///< data that the broker has refused twice
};

/// What the broker does not take: us, a document, data, the wish to hear commands or what a layer adds.
struct BrokerRefusal {
  Time since{};
  std::string what;
};

/// Brings documents to the broker: after each CONNECT info, status, then what has changed in the order of the changes; answers to
/// commands before alerts, for somebody waits; data when nothing else does. A document stays in the outbox until the broker has
/// acknowledged it. Lives on home.
class Delivery final : private LinkUser {
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
  /// New settings that leave the broker as it is.
  void set_gateway(GatewayFacts gateway);
  /// Once more, unchanged.
  void resend_info();
  void resend_status();
  /// An alert was not fit to be sent.
  void count_dropped() { ++dropped_; }

  /// Where commands go; they are subscribed to with every connection (see command_gate.hpp). Before start().
  void set_command_ear(CommandEar ear) { ear_ = std::move(ear); }
  /// Sends an answer to `{root}/{gw}/res/{requester}`, not retained, once; lost with the connection, for the requester asks again.
  void answer(const ReplyTo& to, std::string document);

  /// What travels when nothing else waits; it outlives the delivery. Before start().
  void set_freight(Freight* freight) { freight_ = freight; }
  /// There may be a next parcel. Cheap: many calls in a row are one.
  void freight_changed() { schedule_pump(); }

  /// Whether a new certificate lies ready that could take the place of the present one.
  Result<void> can_rotate() const { return link_.can_rotate(); }
  /// Proves the new certificate on a connection, puts it in place of the present one if the broker welcomes it, else returns to the
  /// present one. Answers that wait are sent before. `done` is told how it ended.
  void rotate(Link::Done done);

  /// Says goodbye, waiting a moment for the broker to hear it, then calls `done`.
  void stop(std::function<void()> done);

  bool is_connected() const { return link_.is_up(); }
  /// The broker answers, and to the present info document too, if only to refuse it.
  bool has_reached_broker() const {
    return link_.is_answered() && !info_due_ && !window_.has(Cargo::info) && !is_held("info");
  }
  /// The broker it is connected to, or tries to reach: "mqtts://broker.example:8883".
  std::string broker() const { return link_.address().url(); }
  const DeliveryCounts& counts() const { return counts_; }
  /// What has been refused for the longest time, and not been taken since; and how much else.
  std::optional<BrokerRefusal> refusal() const;
  std::uint64_t session() const { return session_; }
  /// Of the connection, or the last one.
  Time connected_since() const { return since_; }
  const GatewayFacts& gateway() const { return gateway_; }

 private:
  Will last_words() override;
  void link_up(const Welcome& welcome) override;
  bool link_broken(const std::string& reason) override;
  void link_down() override;
  void link_proved() override;
  void outage_began(const std::string& what) override;
  void link_rejected(const std::string& reason) override;
  void link_left() override { finish_stop(); }
  void message_published(std::uint64_t token) override;
  void message_refused(std::uint64_t token, const std::string& reason) override;
  void message_postponed(std::uint64_t token, const std::string& reason) override;
  void subscription_answered(const std::string& refusal) override;
  void extra_answered(const std::string& of, const std::string& refusal) override;
  void message_received(const Incoming& message) override;

  void await_heartbeat();
  void heartbeat();
  void schedule_pump();
  void pump();
  void send_info();
  void send_status();
  void send_answers();
  void send_alerts();
  void send_alert(const QueuedAlert& alert);
  void send_withdrawals();
  void send_freight();
  void set_aside(const InFlight& message, const std::string& reason);
  void refuse_parcel(std::uint64_t number);
  void accept_parcel(std::uint64_t number);
  void release_freight();
  std::vector<OpenSlot> open_set() const;
  void report_open_set();
  void acknowledge(const InFlight& message);
  bool note_refusal(const std::string& of, std::string what);
  void note_success(const InFlight& message);
  bool is_held(std::string_view kind) const;
  void release_one();
  void publish(InFlight what, Message message);
  bool has_answers() const { return !answers_.empty() || window_.has(Cargo::answer); }
  void begin_rotation();
  void finish_stop();

  Message to_keep(std::string topic, std::string payload) const;
  Message status_message(std::string payload) const;
  std::chrono::seconds real_expiry(Duration span) const;

  DomainClock clock_;
  GatewayFacts gateway_;
  BrokerSettings settings_;
  Outbox& outbox_;
  DeliveryTimes times_;
  boost::asio::io_context& home_;
  Timer heartbeat_, farewell_, rotation_;
  Window window_;

  std::uint64_t session_ = 0;
  Time since_{};
  std::uint64_t info_rev_ = 0;
  std::string info_;
  bool info_due_ = false, status_due_ = false, pump_scheduled_ = false, leaving_ = false;
  std::vector<OpenSlot> told_open_;  ///< as in the latest status
  std::set<std::string> set_aside_;  ///< event ids not to be tried again before the next heartbeat
  std::uint64_t dropped_ = 0;
  DeliveryCounts counts_;
  std::map<std::string, BrokerRefusal, std::less<>>
      refusals_;  ///< by what is refused: a slot, "info", "data", "login", ...
  std::map<std::string, int, std::less<>>
      ended_with_;  ///< the same -> ends of the connection soon after it was sent, and no acknowledgement since
  std::deque<std::string> held_;  ///< the same, not to be sent: it ends the connection. One is tried from time to time
  HeartbeatPause pause_;          ///< of the next one that is held

  CommandEar ear_;
  bool deaf_ = false;  ///< the broker has refused the subscription
  std::deque<Message> answers_;

  Freight* freight_ = nullptr;
  bool freight_held_ = false;             ///< until the next heartbeat
  bool data_refused_ = false;             ///< and nothing taken since; told once
  std::uint64_t dropped_before_ = 0;      ///< parcels, when that began
  std::set<std::uint64_t> refused_once_;  ///< parcels
  bool more_waits_ = false;               ///< the window was full before everything had found room

  Link::Done rotated_;
  std::function<void()> stopped_;
  std::shared_ptr<const bool>
      alive_;  ///< shared with queued handlers as weak pointers, so that a late one finds nobody
  Link link_;  ///< last: it speaks to us until it is gone
};

}  // namespace fettle::delivery
