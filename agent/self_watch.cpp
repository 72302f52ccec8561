#include "self_watch.hpp"

#include <fmt/format.h>

namespace fettle {
namespace {

/// A bus is given this long before its silence is an alert: a gateway that restarts is none.
constexpr Duration patience = std::chrono::minutes{15};

advisory::SlotFacts system_slot(const Installation& installation, const std::string& asset, const char* mode,
                                const char* part) {
  advisory::SlotFacts facts;
  facts.asset = asset;
  facts.mode = mode;
  facts.part = part;
  facts.iso14224 = "OTH";
  facts.severity = Severity::major;
  facts.identity = installation.site.gateway.id;
  facts.test = installation.site.gateway.commissioning;
  return facts;
}

std::string describe(const settings::Mistakes& mistakes) {
  std::string text;
  for (const auto& mistake : mistakes.all()) text += (text.empty() ? "" : "\n") + settings::to_text(mistake);
  return text;
}

}  // namespace

SelfWatch::SelfWatch(const Installation& installation)
    : left_out_{describe(installation.confined)},
      settings_{system_slot(installation, installation.site.gateway.id, "config-invalid", "settings")} {
  for (const auto& bus : installation.site.buses) {
    buses_.emplace_back(system_slot(installation, bus.key, "bus-loss", "bus"));
  }
}

std::vector<Alert> SelfWatch::look(Time now, const std::vector<BusWatch>& buses) {
  std::vector<Alert> alerts;
  const auto keep = [&alerts](std::optional<Alert> alert) {
    if (alert) alerts.push_back(std::move(*alert));
  };
  keep(settings_.report(now, !left_out_.empty(), "Part of the settings cannot be used and was left out",
                        "Run `fettle check` on the gateway. " + left_out_));
  for (std::size_t place = 0; place < buses.size() && place < buses_.size(); ++place) {
    const auto& bus = buses[place];
    const bool lost = bus.silent_since && now - *bus.silent_since >= patience;
    // After a restart nothing is known yet: neither lost nor found again.
    if (!lost && buses_[place].episode().is_active() && !bus.is_answering()) continue;
    keep(
        buses_[place].report(now, lost, fmt::format("No device on bus {} answers", bus.bus), lost ? silence(bus) : ""));
  }
  return alerts;
}

std::string SelfWatch::silence(const BusWatch& bus) const {
  std::string text =
      fmt::format("Nothing was read since {}; check power, cable and address.", to_rfc3339(*bus.silent_since));
  for (const auto& state : bus.states) {
    if (!state.detail.empty()) text += " " + state.detail + ".";
  }
  return text;
}

bool SelfWatch::restore(const Alert& alert) {
  const auto takes = [&alert](advisory::SystemCase& each) {
    const auto& facts = each.episode().facts();
    if (facts.asset != alert.asset || facts.mode != alert.mode) return false;
    each.restore(alert);
    return true;
  };
  if (takes(settings_)) return true;
  for (auto& bus : buses_) {
    if (takes(bus)) return true;
  }
  return false;
}

}  // namespace fettle
