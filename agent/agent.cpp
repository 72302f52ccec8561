#include "agent.hpp"

#include "delivery/alert_document.hpp"
#include "delivery/clock_sync.hpp"
#include "delivery/paho_broker.hpp"
#include "live_readings.hpp"

#include <spdlog/spdlog.h>
#include <algorithm>
#include <boost/asio/post.hpp>
#include <csignal>

namespace fettle {
namespace {

constexpr Duration tick_period = std::chrono::minutes{1};  ///< of domain time
constexpr std::chrono::milliseconds shortest_tick{100};    ///< of real time, however fast the clock is
constexpr Duration keep_period = std::chrono::hours{24};

delivery::BrokerSettings broker_settings(const Installation& installation) {
  settings::Mistakes checked_at_load;
  return installation.site.broker ? delivery::read_broker(installation.site.broker, checked_at_load)
                                  : delivery::BrokerSettings{};
}

}  // namespace

Agent::Agent(Installation installation, const DomainClock& clock, store::Journal journal)
    : installation_{std::move(installation)},
      clock_{clock},
      journal_{std::move(journal)},
      pipeline_{installation_},
      self_watch_{installation_},
      bus_watches_{watches(installation_)},
      latest_(installation_.points.size()) {}

Agent::~Agent() = default;

void Agent::run() {
  recall();
  start_delivery();
  start_buses();
  door_ = std::make_unique<LocalDoor>(home_, installation_.site.store, [this](const std::string& question) {
    return answer(question, live_readings(installation_, latest_, bus_watches_));
  });
  await_signal();
  tick();
  spdlog::info("reading {} devices on {} buses, following {} failure modes of {} assets", installation_.devices.size(),
               buses_.size(), pipeline_.modes().size(), installation_.assets.size());
  home_.run();
  buses_.clear();
  keep_learned();
  spdlog::info("stopped");
}

void Agent::recall() {
  std::size_t recalled = 0;
  for (auto* part : pipeline_.learned()) {
    const auto bytes = journal_.load_state(part->state_id(), part->state_version(), part->settings_hash());
    if (!bytes) continue;
    StateReader reader{*bytes};
    if (part->restore(reader)) {
      ++recalled;
    } else {
      spdlog::warn("{}: what it had learned does not fit any more; it learns anew", part->state_id());
    }
  }
  recall_alerts();
  kept_ = clock_.now();
  if (recalled > 0) spdlog::info("recalled what {} parts had learned", recalled);
}

void Agent::recall_alerts() {
  for (const auto& closed : outbox_.value_or_default(journal_.last_closed())) {
    Alert alert;
    const auto slash = closed.slot.find('/');
    alert.asset = closed.slot.substr(0, slash);
    alert.mode = closed.slot.substr(slash + 1);
    alert.id = closed.id;
    alert.state = AlertState::closed;
    alert.closed_at = closed.closed_at;
    if (!pipeline_.restore(alert)) self_watch_.restore(alert);
  }
  for (const auto& stored : outbox_.value_or_default(journal_.open_documents())) {
    auto alert = delivery::parse_alert_document(stored.document);
    if (!alert) {
      spdlog::error("journal: the document of {} cannot be read: {}", stored.slot, alert.error().detail);
    } else if (!pipeline_.restore(*alert) && !self_watch_.restore(*alert)) {
      close_orphan(std::move(*alert));
    }
  }
}

/// An alert whose machine or failure mode has left the settings; nothing would ever close it.
void Agent::close_orphan(Alert alert) {
  // Where a mistake has disabled something, that may be its machine: it comes back when the mistake is mended.
  if (!installation_.confined.empty()) return;
  const auto now = clock_.now();
  spdlog::warn("{}: nothing in the settings follows this alert any more; it is closed", alert.slot());
  ++alert.rev;
  alert.state = AlertState::closed;
  alert.changed_at = now;
  alert.closed_at = now;
  alert.customer_note.clear();
  alert.outcome = Outcome{Conclusion::expired, installation_.site.gateway.id, now, "no longer in the settings"};
  alert.log.push_back({alert.rev, now, AlertEvent::closed, "", "no longer in the settings"});
  if (asset_of(alert) == nullptr) {
    Asset former;
    former.key = former.name = alert.asset;
    former.ref = installation_.site.gateway.id + "_" + alert.asset;
    former.location = installation_.site.location;
    installation_.assets.push_back({std::move(former), std::nullopt, {}, {}, {}});
  }
  publish({std::move(alert)});
}

void Agent::start_delivery() {
  if (!installation_.site.broker) {
    spdlog::warn("no broker in the settings: alerts are kept in the journal only");
    return;
  }
  const auto settings = broker_settings(installation_);
  auto gateway = gateway_facts(installation_, settings);
  gateway.clock = clock_state();
  const auto make = [this, settings, id = gateway.id](delivery::BrokerListener& listener) {
    return std::make_unique<delivery::PahoBroker>(settings, id, home_.get_executor(), listener);
  };
  delivery_ = std::make_unique<delivery::Delivery>(home_, clock_, gateway, settings, outbox_, make);
  const auto facts = info_facts(installation_, pipeline_, gateway);
  const auto rev = outbox_.value_or_default(journal_.info_rev(delivery::info_hash(facts)));
  delivery_->set_info(rev, delivery::info_document(facts, rev, clock_.now()));
  delivery_->start();
}

void Agent::start_buses() {
  buses_ = fettle::start_buses(installation_, clock_, [this](std::size_t bus) {
    acquisition::BusSinks sinks;
    sinks.readings = [this](std::vector<Reading> readings) {
      boost::asio::post(home_, [this, readings = std::move(readings)] { take(readings); });
    };
    sinks.states = [this, bus](acquisition::DeviceState state) {
      boost::asio::post(home_, [this, bus, state = std::move(state)]() mutable { note(bus, std::move(state)); });
    };
    return sinks;
  });
}

void Agent::await_signal() {
  signals_.add(SIGINT);
  signals_.add(SIGTERM);
  signals_.async_wait([this](const boost::system::error_code& error, int) {
    if (!error) stop();
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
  auto vitals = take_vitals(installation_.site.store);
  vitals.clock = clock_state();
  publish(self_watch_.look(now, bus_watches_, vitals));
  publish(pipeline_.tick(now));
  if (delivery_) delivery_->set_clock(clock_state());
  keep_learned_daily(now);
  await_tick();
}

void Agent::stop() {
  if (std::exchange(stopping_, true)) return;
  spdlog::info("stopping");
  signals_.cancel();
  ticker_.cancel();
  door_.reset();
  if (delivery_) {
    delivery_->stop([this] { home_.stop(); });
  } else {
    home_.stop();
  }
}

void Agent::take(const std::vector<Reading>& readings) {
  for (const auto& reading : readings) {
    if (reading.point.index < latest_.size()) latest_[reading.point.index] = reading;
    publish(pipeline_.accept(reading));
  }
}

void Agent::note(std::size_t bus, acquisition::DeviceState state) { bus_watches_.at(bus).note(std::move(state)); }

void Agent::publish(std::vector<Alert> alerts) {
  if (alerts.empty()) return;
  for (auto& alert : alerts) {
    const auto* asset = asset_of(alert);
    const auto sound =
        asset == nullptr ? failure(Fault::malformed, "no such asset") : delivery::check_alert(alert, *asset, gateway());
    if (!sound) {
      spdlog::error("{}: the alert is not fit to be published: {}", alert.slot(), sound.error().detail);
      if (delivery_) delivery_->count_dropped();
      continue;
    }
    spdlog::info("{} {}: {} ({}, priority {}, revision {})", alert.slot(), name_of(alert.state), alert.title,
                 name_of(alert.severity), alert.priority, alert.rev);
    pending_.push_back(std::move(alert));
  }
  record_pending();
}

void Agent::record_pending() {
  if (pending_.empty()) return;
  const auto render = [this](const Alert& alert, std::uint64_t sequence) {
    return delivery::alert_document(alert, *asset_of(alert), gateway(), sequence);
  };
  if (!outbox_.worked(journal_.record(pending_, render))) return;
  pending_.clear();
  if (delivery_) delivery_->alerts_changed();
}

void Agent::keep_learned_daily(Time now) {
  record_pending();
  if (now - kept_ >= keep_period || now < kept_) keep_learned();
}

void Agent::keep_learned() {
  std::vector<store::LearnedState> states;
  for (const auto* part : pipeline_.learned()) {
    StateWriter writer;
    part->save(writer);
    states.push_back({part->state_id(), part->state_version(), part->settings_hash(), writer.take()});
  }
  if (outbox_.worked(journal_.save_states(states))) kept_ = clock_.now();
}

delivery::GatewayFacts Agent::gateway() const {
  return delivery_ ? delivery_->gateway() : gateway_facts(installation_, broker_settings(installation_));
}

const Asset* Agent::asset_of(const Alert& alert) const {
  const auto& all = installation_.assets;
  const auto found =
      std::find_if(all.begin(), all.end(), [&alert](const auto& each) { return each.asset.key == alert.asset; });
  return found == all.end() ? nullptr : &found->asset;
}

delivery::ClockState Agent::clock_state() const {
  const bool vouched = clock_.simulated() || installation_.site.gateway.clock == settings::ClockSource::trust;
  return vouched ? delivery::vouched_clock() : delivery::clock_by_files();
}

}  // namespace fettle
