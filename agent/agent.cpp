#include "agent.hpp"

#include "delivery/clock_sync.hpp"
#include "point_names.hpp"

#include <spdlog/spdlog.h>
#include <algorithm>
#include <csignal>
#include <utility>

namespace fettle {
namespace {

constexpr Duration tick_period = std::chrono::seconds{5};  ///< of domain time
constexpr std::chrono::milliseconds shortest_tick{100};    ///< of real time, however fast the clock is

std::vector<std::string> history_names(const Installation& installation) {
  std::vector<std::string> names;
  names.reserve(installation.points.size());
  for (auto& each : named_points(installation)) names.push_back(std::move(each.name));
  return names;
}

/// A moment that is over: sequence numbers begin at the time, in microseconds, when a journal is begun.
Time known_past(Ledger& ledger) {
  const std::chrono::microseconds since{ledger.read(&store::Journal::sequence)};
  return Time{std::chrono::floor<Duration>(since)};
}

}  // namespace

Agent::Agent(Installation installation, const DomainClock& clock, std::unique_ptr<Ledger> ledger)
    : clock_{clock},
      ledger_{std::move(ledger)},
      works_{std::make_unique<Works>(std::move(installation))},
      broker_{broker_settings(works_->installation)},
      gateway_{gateway_facts(works_->installation, broker_)},
      commissioning_{*ledger_},
      publisher_{*ledger_, *works_, gateway_},
      host_requests_{works_->installation.site.store},
      redating_{known_past(*ledger_), ledger_->journal().is_awaiting_clock()},
      buses_{home_, clock_, [this](const std::vector<Reading>& readings) { take(readings); },
             [this](std::size_t bus, acquisition::DeviceState state) {
               works_->bus_watches.at(bus).note(std::move(state));
             }} {
  if (auto patches = load_patches(works_->installation.site.store)) begin_trial(std::move(*patches));
}

Agent::~Agent() = default;

Ending Agent::run() {
  set_clock();
  recall();
  start_history();
  start_telemetry();
  start_delivery();
  buses_.follow(works_->installation);
  recall_quality();
  works_->installation.forget_files();
  door_ = std::make_unique<LocalDoor>(home_, works_->installation.site.store,
                                      [this](const std::string& question) { return answer_at_the_door(question); });
  await_signal();
  await_hangup();
  tick();
  const auto at_work = work();
  spdlog::info("{}", at_work);
  service_manager_.ready(at_work);
  tidying_.expect();
  home_.run();
  if (!ledger_->came_late()) keep_learned();
  const auto hour = wear_.present();
  ledger_->write([&hour](store::Journal& journal) { return journal.set_fact(hour.name, hour.value); });
  if (history_) history_->flush(clock_.now());
  ledger_->close();
  spdlog::info("stopped");
  return ending_;
}

void Agent::start_history() {
  const auto& site = works_->installation.site;
  settings::Mistakes checked_at_load;
  auto history = store::History::open(site.store, store::read_history(site.history, checked_at_load),
                                      history_names(works_->installation));
  if (!history) return spdlog::error("no history is kept: {}", history.error().detail);
  history_ = std::move(*history);
}

void Agent::start_telemetry() {
  const auto& installation = works_->installation;
  if (!installation.telemetry || !installation.site.broker) return;
  const auto& settings = *installation.telemetry;
  if (!telemetry_file_) {
    telemetry_file_ = std::make_unique<TelemetryFile>(installation.site.store, settings.buffer, clock_.now());
  }
  telemetry_ = std::make_unique<delivery::Telemetry>(
      home_, [this] { return clock_.now(); }, gateway_, settings, telemetry_devices(installation, settings),
      *telemetry_file_,
      [this] {
        if (delivery_) delivery_->freight_changed();
      });
  telemetry_->set_clock(gateway_.clock);
}

void Agent::start_delivery() {
  const auto& installation = works_->installation;
  if (!installation.site.broker) return spdlog::warn("no broker in the settings: alerts are kept in the journal only");
  delivery_ = std::make_unique<delivery::Delivery>(home_, clock_, gateway_, broker_, outbox_, connection());
  former_telemetry_.reset();
  publisher_.on_change([this](const std::vector<Alert>& alerts) { tell(alerts); });
  settings::Mistakes checked_at_load;
  command_desk_ = std::make_unique<CommandDesk>(
      gateway_, delivery::read_commands(installation.site.commands, checked_at_load), *ledger_, publisher_,
      [this] { return desk(); },
      [this](const delivery::ReplyTo& to, std::string document) { reply(to, std::move(document)); });
  delivery_->set_command_ear([this](const delivery::Incoming& message) { hear(message); });
  if (telemetry_) delivery_->set_freight(telemetry_.get());
  start_sparkplug();
  publish_info();
  delivery_->start();
}

void Agent::publish_info() {
  if (!delivery_) return;
  const auto facts = info_facts(works_->installation, works_->pipeline, gateway_, patches_, host_requests_);
  if (sparkplug_) sparkplug_->set_devices(sparkplug_devices());
  const auto hash = delivery::info_hash(facts);
  const auto rev = ledger_->write([hash](store::Journal& journal) { return journal.info_rev(hash); });
  if (rev) delivery_->set_info(*rev, delivery::info_document(facts, *rev, clock_.now()));
}

void Agent::await_signal() {
  signals_.add(SIGINT);
  signals_.add(SIGTERM);
  signals_.async_wait([this](const boost::system::error_code& error, int) {
    if (!error) stop(Ending::stopped);
  });
}

void Agent::await_tick() {
  ticker_.expires_after(std::max<std::chrono::nanoseconds>(shortest_tick, clock_.real(tick_period)));
  ticker_.async_wait([this](const boost::system::error_code& error) {
    if (!error) tick();
  });
}

void Agent::tick() {
  const auto now = clock_.now();
  feed_watchdog();
  set_clock();
  if (!know_the_time(now)) return await_tick();
  if (ledger_->retry() && delivery_) delivery_->alerts_changed();
  if (ledger_->came_late() && ledger_->trouble().empty()) return stop(Ending::restart);
  if (sparkplug_ && !ledger_->journal().is_awaiting_clock()) sparkplug_->start();
  apply_mode(now);
  watch_wear(now);
  publisher_.publish(now, works_->self_watch.look(now, works_->bus_watches, vitals()));
  publisher_.publish(now, works_->pipeline.explain(now, works_->self_watch.parents(works_->installation)));
  publisher_.publish(now, works_->pipeline.tick(now));
  publisher_.tick(now);
  if (history_) history_->tick(now);
  if (patches_.on_trial) try_out();
  if (patches_.held && !patches_.on_trial) release_held(now);
  if (host_requests_.look()) publish_info();
  keep_learned_in_time(now);
  tidying_.look();
  await_tick();
}

void Agent::set_clock() {
  const bool vouched = clock_.simulated() || works_->installation.site.gateway.clock == settings::ClockSource::trust;
  gateway_.clock = vouched ? delivery::vouched_clock() : delivery::clock_by_files();
  publisher_.set_clock(gateway_.clock);
  if (telemetry_) telemetry_->set_clock(gateway_.clock);
  if (delivery_) delivery_->set_clock(gateway_.clock);
}

/// The time is known, or the settings are others: what the site file says of the mode counts from here.
void Agent::begin_mode(Time now) {
  commissioning_.follow(works_->installation.site.gateway.commissioning, now);
  test_.reset();
  apply_mode(now);
}

/// Commissioning has begun or ended: everything that is open says so.
void Agent::apply_mode(Time now) {
  const bool test = commissioning_.is_on(now);
  const auto told = std::exchange(test_, test);
  if (told == test) return;
  if (told || test)
    spdlog::info("{}", test ? "commissioning: every alert is a test until " + to_rfc3339(commissioning_.until())
                            : std::string{"operational: alerts are meant"});
  gateway_.mode = test ? delivery::GatewayMode::commissioning : delivery::GatewayMode::operational;
  publisher_.set_gateway(gateway_);
  publisher_.publish(now, works_->set_test(now, test));
  if (delivery_) delivery_->set_mode(gateway_.mode);
}

void Agent::stop(Ending ending) {
  if (std::exchange(stopping_, true)) return;
  ending_ = ending;
  spdlog::info(ending == Ending::restart ? "restarting" : "stopping");
  if (ending == Ending::restart) {
    service_manager_.reloading();
  } else {
    service_manager_.stopping();
  }
  signals_.cancel();
  hangup_.cancel();
  ticker_.cancel();
  door_.reset();
  if (telemetry_) telemetry_->stop();
  if (delivery_) {
    stop_delivery([this] { home_.stop(); });
  } else {
    home_.stop();
  }
}

/// False on a gateway that has just booted and does not know yet what time it is. What is read until then is dated afterwards.
bool Agent::know_the_time(Time now) {
  const auto steady = std::chrono::steady_clock::now();
  const bool synchronised = gateway_.clock.sync != delivery::ClockSync::none;
  if (!redating_.is_settled(now, steady, synchronised)) return false;
  if (!std::exchange(time_known_, true)) begin_mode(now);
  if (redating_.held() > 0) {
    follow(redating_.release(now, steady));
    publish_info();  // now with its date
    if (delivery_) delivery_->resend_info();
  }
  const auto step = clock_.simulated() ? Duration{0} : clock_step_.look(now, steady);
  if (step == Duration{0}) return true;
  spdlog::warn("the clock was set by {} s", std::chrono::duration_cast<std::chrono::seconds>(step).count());
  works_->self_watch.shift(step);
  commissioning_.shift(step);
  for (auto& watch : works_->bus_watches) watch.shift(step);
  return true;
}

void Agent::take(const std::vector<Reading>& readings) {
  if (telemetry_) telemetry_->take(readings);
  for (const auto& reading : readings) works_->latest.at(reading.point.index) = reading;
  if (know_the_time(clock_.now())) return follow(readings);
  if (redating_.held() == 0) spdlog::warn("the time is not known yet: readings wait until the clock is right");
  redating_.hold(readings, std::chrono::steady_clock::now());
}

void Agent::follow(const std::vector<Reading>& readings) {
  for (const auto& reading : readings) {
    if (history_) history_->add(reading);
    publisher_.publish(reading.time, works_->pipeline.accept(reading));
  }
}

void Agent::keep_learned_in_time(Time now) {
  if (now - kept_ < keep_plan_.period() && now >= kept_) return;
  keep(keep_plan_.due(learned(), now - kept_));
}

void Agent::keep_learned() { keep(keep_plan_.all(learned())); }

std::vector<Stateful*> Agent::learned() {
  auto parts = works_->pipeline.learned();
  for (auto* const part : buses_.learned()) parts.push_back(part);
  return parts;
}

void Agent::keep(const std::vector<store::LearnedState>& states) {
  if (ledger_->write([&states](store::Journal& journal) { return journal.save_states(states); })) kept_ = clock_.now();
}

}  // namespace fettle
