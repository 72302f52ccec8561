#pragma once

#include "core/clock.hpp"
#include "delivery/delivery.hpp"
#include "field.hpp"
#include "journal_outbox.hpp"
#include "local_door.hpp"
#include "pipeline.hpp"
#include "self_watch.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <string>
#include <vector>

namespace fettle {

/// The running agent: wires the rooms together, starts them, and stops them in reverse order. Everything in it happens on home, the
/// thread that calls run(); buses and the broker's client post what they have to say.
class Agent {
 public:
  /// `journal` is open. Nothing is started yet.
  Agent(Installation installation, const DomainClock& clock, store::Journal journal);
  Agent(const Agent&) = delete;
  Agent& operator=(const Agent&) = delete;
  ~Agent();

  /// Works until SIGINT or SIGTERM; then says goodbye to the broker, and keeps what was learned.
  void run();

 private:
  void recall();
  void recall_alerts();
  void close_orphan(Alert alert);
  void start_delivery();
  void start_buses();
  void await_signal();
  void await_tick();
  void tick();
  void stop();

  void take(const std::vector<Reading>& readings);
  void note(std::size_t bus, acquisition::DeviceState state);
  void publish(std::vector<Alert> alerts);
  void record_pending();
  void keep_learned();
  void keep_learned_daily(Time now);
  delivery::GatewayFacts gateway() const;
  const Asset* asset_of(const Alert& alert) const;
  delivery::ClockState clock_state() const;

  Installation installation_;
  DomainClock clock_;
  store::Journal journal_;
  JournalOutbox outbox_{journal_};
  Pipeline pipeline_;
  SelfWatch self_watch_;
  std::vector<BusWatch> bus_watches_;
  std::vector<Reading> latest_;  ///< by PointId
  std::vector<Alert> pending_;   ///< not in the journal yet: the disk refused them
  Time kept_{};                  ///< when the learned state was last saved

  boost::asio::io_context home_{1};
  boost::asio::signal_set signals_{home_};
  boost::asio::steady_timer ticker_{home_};
  bool stopping_ = false;
  std::unique_ptr<LocalDoor> door_;
  std::unique_ptr<delivery::Delivery> delivery_;
  std::vector<std::unique_ptr<acquisition::Bus>> buses_;  ///< last: they go first
};

/// The info document's content: who this gateway is and what it watches.
delivery::InfoFacts info_facts(const Installation& installation, const Pipeline& pipeline,
                               const delivery::GatewayFacts& gateway);

/// What every document says about this gateway.
delivery::GatewayFacts gateway_facts(const Installation& installation, const delivery::BrokerSettings& broker);

}  // namespace fettle
