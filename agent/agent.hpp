#pragma once

#include "buses.hpp"
#include "command_desk.hpp"
#include "commissioning.hpp"
#include "core/clock.hpp"
#include "delivery/delivery.hpp"
#include "delivery/sparkplug.hpp"
#include "disk_wear.hpp"
#include "host_requests.hpp"
#include "journal_outbox.hpp"
#include "keep_plan.hpp"
#include "ledger.hpp"
#include "local_door.hpp"
#include "memory.hpp"
#include "publisher.hpp"
#include "questions.hpp"
#include "recent_errors.hpp"
#include "redating.hpp"
#include "service_manager.hpp"
#include "site_patches.hpp"
#include "store/history.hpp"
#include "telemetry_feed.hpp"
#include "works.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace fettle {

/// Why the agent has ended.
enum class Ending { stopped, restart };

/// The running agent: wires the rooms together, starts them, and stops them in reverse order. Everything in it happens on home, the
/// thread that calls run(); buses and the broker's client post what they have to say.
class Agent {
 public:
  /// Nothing is started yet.
  Agent(Installation installation, const DomainClock& clock, std::unique_ptr<Ledger> ledger);
  Agent(const Agent&) = delete;
  Agent& operator=(const Agent&) = delete;
  ~Agent();

  /// Works until SIGINT, SIGTERM or a command to restart; then says goodbye to the broker, and keeps what was learned. SIGHUP lets it read
  /// its site file again.
  Ending run();

 private:
  void recall();
  void recall_alerts();
  void recall_outcomes();
  void recall_unfollowed();
  void recall_learned(Works& former);
  bool recall(Stateful& part);
  void recall_quality();
  void recall_wear();
  void watch_wear(Time now);
  void start_delivery();
  void stop_delivery(std::function<void()> done);
  delivery::MakeBroker connection();
  void start_sparkplug();
  delivery::SparkplugNode::Devices sparkplug_devices();
  std::uint8_t next_sparkplug_session();
  void tell(const std::vector<Alert>& alerts);
  void hear(const delivery::Incoming& command);
  void reply(const delivery::ReplyTo& to, std::string document);
  void start_history();
  void start_telemetry();
  void await_signal();
  void await_hangup();
  void await_tick();
  void tick();
  void stop(Ending ending);
  std::string work() const;
  void feed_watchdog();

  void take(const std::vector<Reading>& readings);
  void follow(const std::vector<Reading>& readings);
  bool know_the_time(Time now);
  void keep_learned();
  void keep_learned_in_time(Time now);
  std::vector<Stateful*> learned();
  void keep(const std::vector<store::LearnedState>& states);
  void begin_mode(Time now);
  void apply_mode(Time now);
  void publish_info();
  void set_clock();
  std::string answer_at_the_door(const std::string& question);
  std::vector<std::string> alert_documents(bool closed, std::size_t at_most);
  AgentStatus status();
  BrokerStatus broker_status();
  AlertCounts count_alerts();
  boost::json::object diagnosis();
  Vitals vitals();

  static bool has_terminal();
  Desk desk();
  void rotate();
  void follow_telemetry();
  void reconfigure(SitePatches patches);
  void note_patches(SitePatches patches);
  void keep_patches(const SitePatches& patches);
  void release_held(Time now);
  void reload();
  void refuse_site_file(const settings::Mistakes& mistakes);
  void follow(Installation installation, bool former_on_trial);
  void begin_trial(SitePatches patches);
  void try_out();
  void roll_back();

  RecentErrors errors_;  ///< first, for it listens to all the others
  DomainClock clock_;
  Time since_ = clock_.now();
  std::unique_ptr<Ledger> ledger_;
  JournalOutbox outbox_{*ledger_};
  std::unique_ptr<Works> works_;
  delivery::BrokerSettings broker_;
  delivery::GatewayFacts gateway_;
  Commissioning commissioning_;
  std::optional<bool> test_;  ///< as the alerts were last told; nothing: they were not
  Publisher publisher_;
  SitePatches patches_;
  HostRequests host_requests_;
  std::chrono::steady_clock::time_point trial_ends_{};  ///< real: a clock that is set ends no trial
  std::string refused_settings_;  ///< why the site file as it is now is not followed; empty: it is
  std::unique_ptr<store::History> history_;
  DiskWear wear_;
  Redating redating_;
  ClockStep clock_step_;
  Tidying tidying_;
  bool time_known_ = false;
  Time kept_{};  ///< when the learned state was last saved
  KeepPlan keep_plan_;

  boost::asio::io_context home_{1};
  boost::asio::signal_set signals_{home_};
  boost::asio::signal_set hangup_{home_, SIGHUP};
  const bool on_terminal_ = has_terminal();
  boost::asio::steady_timer ticker_{home_};
  ServiceManager service_manager_;
  std::string stuck_bus_;  ///< as last logged
  std::string rotation_;   ///< how the latest change of the certificate ended
  Ending ending_ = Ending::stopped;
  bool stopping_ = false;
  std::unique_ptr<LocalDoor> door_;
  std::unique_ptr<CommandDesk> command_desk_;
  std::unique_ptr<TelemetryFile> telemetry_file_;
  std::unique_ptr<delivery::Telemetry> telemetry_, former_telemetry_;  ///< the former one while its delivery ends
  std::unique_ptr<delivery::Delivery> delivery_;
  std::unique_ptr<delivery::Sparkplug> sparkplug_;  ///< null: not wanted
  Buses buses_;                                     ///< last: they go first
};

/// The info document's content: who this gateway is and what it watches.
delivery::InfoFacts info_facts(const Installation& installation, const Pipeline& pipeline,
                               const delivery::GatewayFacts& gateway, const SitePatches& patches,
                               const HostRequests& host);

/// Checked when the installation was loaded.
delivery::BrokerSettings broker_settings(const Installation& installation);

/// What every document says about this gateway.
delivery::GatewayFacts gateway_facts(const Installation& installation, const delivery::BrokerSettings& broker);

}  // namespace fettle
