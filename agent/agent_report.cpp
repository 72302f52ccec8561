#include "agent.hpp"
#include "agent_status.hpp"
#include "line_hints.hpp"
#include "live_readings.hpp"
#include "scale_hints.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <boost/json.hpp>
#include <chrono>
#include <utility>

// What the running agent says about itself.

namespace fettle {

void Agent::recall_wear() {
  for (std::size_t place = 0; place < DiskWear::hours; ++place) {
    const auto name = DiskWear::name(place);
    wear_.recall(place, ledger_->read([&name](store::Journal& journal) { return journal.fact(name); }));
  }
}

void Agent::watch_wear(Time now) {
  const auto total = bytes_written();
  if (!total) return;
  const auto hour = wear_.sample(now, *total);
  if (hour) ledger_->write([&hour](store::Journal& journal) { return journal.set_fact(hour->name, hour->value); });
}

namespace {

void watch_certificate(const std::string& file, Vitals& vitals) {
  if (file.empty()) return;
  const auto certificate = delivery::read_certificate(file);
  if (vitals.certificate_expiry && (!certificate || certificate->expires >= *vitals.certificate_expiry)) return;
  vitals.certificate_file = file;
  if (!certificate) return;
  vitals.certificate_subject = certificate->name;
  vitals.certificate_expiry = certificate->expires;
}

}  // namespace

Vitals Agent::vitals() {
  const auto& site = works_->installation.site;
  auto vitals = take_vitals(site.store);
  vitals.clock = gateway_.clock;
  vitals.refused_settings = refused_settings_;
  vitals.store_trouble = ledger_->trouble();
  vitals.written_per_day = wear_.per_day();
  vitals.written_today = wear_.today();
  vitals.writes_budget = site.writes_per_day;
  if (delivery_) {
    vitals.broker_connected = delivery_->is_connected();
    auto refusal = delivery_->refusal();
    if (!refusal && sparkplug_) refusal = sparkplug_->refusal();
    if (refusal) {
      vitals.broker_refusal = std::move(refusal->what);
      vitals.broker_refuses_since = refusal->since;
    }
  }
  watch_certificate(broker_.tls.certificate, vitals);
  if (broker_.sparkplug && broker_.sparkplug->is_elsewhere)
    watch_certificate(broker_.sparkplug->broker.tls.certificate, vitals);
  return vitals;
}

/// In a sentence.
std::string Agent::work() const {
  return fmt::format("reading {} devices on {} buses, following {} failure modes of {} assets",
                     works_->installation.devices.size(), buses_.size(), works_->pipeline.modes().size(),
                     works_->installation.assets.size());
}

/// A wire that is dead is no reason to start again; a bus that does not come back from it is one, and so is home.
void Agent::feed_watchdog() {
  const auto stuck = buses_.stuck(std::chrono::steady_clock::now());
  if (stuck.empty()) service_manager_.feed_watchdog();
  if (std::exchange(stuck_bus_, stuck) != stuck && !stuck.empty())
    spdlog::critical("bus {} has not come back from its wire for minutes: left to the service manager's watchdog",
                     stuck);
}

std::string Agent::answer_at_the_door(const std::string& question) {
  Answers answers;
  answers.readings = [this] { return live_readings(works_->installation, works_->latest, works_->bus_watches); };
  answers.status = [this] { return status(); };
  answers.alerts = [this](bool closed, std::size_t at_most) { return alert_documents(closed, at_most); };
  return answer(question, answers);
}

std::vector<std::string> Agent::alert_documents(bool closed, std::size_t at_most) {
  std::vector<std::string> documents;
  if (closed) {
    for (auto& each : ledger_->read([at_most](store::Journal& journal) { return journal.outcomes(at_most); })) {
      documents.push_back(std::move(each.document));
    }
    return documents;
  }
  for (auto& each : ledger_->read(&store::Journal::open_documents)) documents.push_back(std::move(each.document));
  return documents;
}

BrokerStatus Agent::broker_status() {
  BrokerStatus broker;
  if (!delivery_) return broker;
  broker.url = delivery_->broker();
  broker.connected = delivery_->is_connected();
  if (delivery_->connected_since() != Time{}) broker.since = Stamp{delivery_->connected_since()};
  broker.session = delivery_->session();
  broker.queued = ledger_->read(&store::Journal::count_dirty);
  broker.dropped = publisher_.dropped();
  return broker;
}

AlertCounts Agent::count_alerts() {
  AlertCounts counts;
  for (const auto* episode : works_->episodes()) {
    if (!episode->is_open() || works_->is_held(episode->alert()->id)) continue;
    switch (episode->alert()->severity) {
      case Severity::critical: ++counts.critical; break;
      case Severity::major: ++counts.major; break;
      case Severity::minor: ++counts.minor; break;
      case Severity::warning: ++counts.warning; break;
    }
  }
  return counts;
}

AgentStatus Agent::status() {
  AgentStatus status;
  status.version = gateway_.software;
  status.gateway = gateway_.id;
  status.site = works_->installation.site.location.site;
  status.now = {clock_.now()};
  status.since = {since_};
  status.commissioning = test_.value_or(false);
  if (status.commissioning) status.commissioning_until = Stamp{commissioning_.until()};
  status.broker = broker_status();
  status.clock = clock_status(gateway_.clock);
  status.buses = bus_status(works_->installation, works_->bus_watches);
  const std::chrono::duration<double, std::milli> running = clock_.real(clock_.now() - since_);
  mark_loads(status.buses, running.count());
  add_hints(works_->installation, status.buses);
  add_scale_hints(works_->installation, live_readings(works_->installation, works_->latest, works_->bus_watches),
                  status.buses);
  const auto learning = works_->pipeline.learning();
  for (std::size_t place = 0; place < learning.size(); ++place) {
    const auto& mode = works_->pipeline.modes().at(place);
    status.modes.push_back({works_->installation.assets.at(mode.asset.index).asset.key, mode.mode, learning[place]});
  }
  status.alerts = count_alerts();
  status.store = store_status(vitals());
  status.store.bytes_per_alert = publisher_.bytes_per_alert();
  status.resident_memory = resident_memory().value_or(0);
  if (telemetry_) status.telemetry = {true, telemetry_->state().waiting, telemetry_->state().dropped};
  status.recent_errors = errors_.latest();
  return status;
}

/// The status, and what a back office may ask beyond it.
boost::json::object Agent::diagnosis() {
  auto diagnosis = boost::json::value_from(status()).as_object();
  boost::json::object commands, delivery;
  for (const auto& [end, count] : command_desk_->counts()) commands[end] = count;
  const auto& counts = delivery_->counts();
  delivery = {{"connections", counts.connections},
              {"refusedDocuments", counts.refused_documents},
              {"refusedSubscriptions", counts.refused_subscriptions},
              {"missedCommands", counts.missed_commands},
              {"droppedAnswers", counts.dropped_answers},
              {"droppedParcels", counts.dropped_parcels}};
  diagnosis["commands"] = std::move(commands);
  diagnosis["delivery"] = std::move(delivery);
  const auto known = vitals();
  if (known.certificate_expiry) diagnosis["certificateExpires"] = to_rfc3339(*known.certificate_expiry);
  if (!rotation_.empty()) diagnosis["rotation"] = rotation_;
  return diagnosis;
}

}  // namespace fettle
