#include "agent.hpp"
#include "live_readings.hpp"

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

Vitals Agent::vitals() {
  const auto& site = works_->installation.site;
  auto vitals = take_vitals(site.store);
  vitals.clock = gateway_.clock;
  vitals.store_trouble = ledger_->trouble();
  vitals.written_per_day = wear_.per_day();
  vitals.written_today = wear_.today();
  vitals.writes_budget = site.writes_per_day;
  const auto tls = broker_settings(works_->installation).tls;
  if (tls.certificate.empty()) return vitals;
  vitals.certificate_file = tls.certificate;
  if (const auto certificate = delivery::read_certificate(tls.certificate)) {
    vitals.certificate_subject = certificate->name;
    vitals.certificate_expiry = certificate->expires;
  }
  return vitals;
}

std::string Agent::answer_at_the_door(const std::string& question) {
  return answer(question, live_readings(works_->installation, works_->latest, works_->bus_watches));
}

}  // namespace fettle
