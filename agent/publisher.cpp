#include "publisher.hpp"

#include "delivery/alert_document.hpp"
#include "vitals.hpp"

#include <spdlog/spdlog.h>
#include <algorithm>

namespace fettle {

Publisher::Publisher(Ledger& ledger, Works& works, delivery::GatewayFacts gateway)
    : ledger_{ledger}, works_{&works}, gateway_{std::move(gateway)} {}

void Publisher::publish(Time now, std::vector<Alert> alerts) {
  if (alerts.empty()) return;
  const auto fit = sound(works_->flood.admit(now, std::move(alerts)));
  if (!fit.empty()) write(fit, nullptr);
}

void Publisher::tick(Time now) {
  const auto fit = sound(works_->flood.tick(now));
  if (!fit.empty()) write(fit, nullptr);
}

void Publisher::publish(std::vector<Alert> alerts, const store::AnsweredCommand& answered) {
  write(sound(std::move(alerts)), &answered);
}

std::vector<Alert> Publisher::sound(std::vector<Alert> alerts) {
  std::vector<Alert> fit;
  for (auto& alert : alerts) {
    const auto* asset = asset_of(alert);
    const auto checked =
        asset == nullptr ? failure(Fault::malformed, "no such asset") : delivery::check_alert(alert, *asset, gateway_);
    if (!checked) {
      spdlog::error("{}: the alert is not fit to be published: {}", alert.slot(), checked.error().detail);
      ++dropped_;
      continue;
    }
    spdlog::info("{} {}: {} ({}, priority {}, revision {})", alert.slot(), name_of(alert.state), alert.title,
                 name_of(alert.severity), alert.priority, alert.rev);
    fit.push_back(std::move(alert));
  }
  return fit;
}

void Publisher::write(const std::vector<Alert>& alerts, const store::AnsweredCommand* answered) {
  const auto render = [this](const Alert& alert, std::uint64_t sequence) {
    return delivery::alert_document(alert, *asset_of(alert), gateway_, sequence);
  };
  const auto before = bytes_written();
  const auto written = ledger_.write([&](store::Journal& journal) {
    return answered == nullptr ? journal.record(alerts, render) : journal.record(alerts, render, *answered);
  });
  if (!written) spdlog::critical("{} revisions could not be kept: {}", alerts.size(), written.error().detail);
  const auto after = bytes_written();
  if (before && after) {
    written_bytes_ += *after - *before;
    written_alerts_ += alerts.size();
  }
  if (!alerts.empty()) changed_(alerts);
}

void Publisher::close_orphan(Alert alert, Time now) {
  spdlog::warn("{}: nothing in the settings follows this alert any more; it is closed", alert.slot());
  ++alert.rev;
  alert.state = AlertState::closed;
  alert.changed_at = now;
  alert.closed_at = now;
  alert.customer_note.clear();
  alert.outcome = Outcome{Conclusion::expired, gateway_.id, now, "no longer in the settings"};
  alert.log.push_back({alert.rev, now, AlertEvent::closed, "", "no longer in the settings"});
  if (asset_of(alert) == nullptr) {
    Asset former;
    former.key = former.name = alert.asset;
    former.ref = gateway_.id + "_" + alert.asset;
    former.location = works_->installation.site.location;
    former_assets_.push_back(std::move(former));
  }
  publish(now, {std::move(alert)});
}

std::optional<std::uint64_t> Publisher::bytes_per_alert() const {
  return written_alerts_ == 0 ? std::nullopt : std::optional{written_bytes_ / written_alerts_};
}

const Asset* Publisher::asset_of(const Alert& alert) const {
  if (const auto* asset = works_->asset(alert.asset)) return asset;
  const auto former = std::find_if(former_assets_.begin(), former_assets_.end(),
                                   [&alert](const Asset& each) { return each.key == alert.asset; });
  return former == former_assets_.end() ? nullptr : &*former;
}

}  // namespace fettle
