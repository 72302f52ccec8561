#include "self_watch.hpp"

#include "core/since.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace fettle {
namespace {

using advisory::SystemCase;
using advisory::Trouble;

/// A bus or a device is given this long before its silence is an alert: a gateway that restarts is none, nor a device that does.
constexpr Duration patience = std::chrono::minutes{15};

constexpr std::size_t longest_title = 100, longest_list = 700;

SystemCase make_case(const Installation& installation, const std::string& asset, const char* mode, const char* part) {
  advisory::SlotFacts facts;
  facts.asset = asset;
  facts.mode = mode;
  facts.part = part;
  facts.iso14224 = "OTH";
  facts.severity = Severity::major;
  facts.identity = installation.site.gateway.id;
  return SystemCase{std::move(facts)};
}

std::string describe(const settings::Mistakes& mistakes) {
  std::string text;
  for (const auto& mistake : mistakes.all()) text += (text.empty() ? "" : "\n") + settings::to_text(mistake);
  return text;
}

/// "a, b and 3 more": as many as there is room for, at least one.
std::string enumerate(const std::vector<std::string>& items, std::size_t room) {
  std::string text;
  for (std::size_t done = 0; done < items.size(); ++done) {
    const auto rest = done + 1 < items.size() ? fmt::format(" and {} more", items.size() - done - 1) : std::string{};
    if (done > 0 && text.size() + 2 + items[done].size() + rest.size() > room)
      return text + fmt::format(" and {} more", items.size() - done);
    text += (done == 0 ? "" : ", ") + items[done];
  }
  return text;
}

constexpr std::string_view since = " since ";

/// What a text of ours says about the device's silence; nothing if it does not name it.
std::optional<Time> silence_told(const std::string& text, const std::string& device) {
  const auto wanted = ' ' + device + std::string{since};
  const auto found = text.find(wanted);
  if (found == std::string::npos) return std::nullopt;
  const auto begin = found + wanted.size();
  return parse_rfc3339(text.substr(begin, text.find('Z', begin) + 1 - begin));
}

Trouble silence_of_bus(const BusWatch& watch) {
  auto text =
      fmt::format("Nothing was read since {}; check power, cable and address.", to_rfc3339(*watch.silent_since));
  for (const auto& state : watch.states) {
    if (!state.detail.empty()) text += " " + state.detail + ".";
  }
  return {Severity::major, fmt::format("No device on bus {} answers", watch.bus), std::move(text)};
}

Trouble silence_of_devices(const BusWatch& watch, const std::vector<std::string>& names,
                           const std::vector<std::optional<Time>>& lost_since) {
  std::vector<std::string> lost, sentences;
  for (std::size_t place = 0; place < names.size(); ++place) {
    if (!lost_since[place]) continue;
    const auto& detail = watch.states[place].detail;
    lost.push_back(names[place]);
    sentences.push_back(fmt::format("{}{}{}{}", names[place], since, to_rfc3339(*lost_since[place]),
                                    detail.empty() ? "" : " (" + detail + ")"));
  }
  auto title = fmt::format("{} device{} on bus {} not answer: ", lost.size(), lost.size() == 1 ? "" : "s",
                           watch.bus + (lost.size() == 1 ? " does" : " do"));
  const auto room = longest_title - std::min(longest_title, title.size());
  title += enumerate(lost, room);
  return {Severity::major, std::move(title),
          fmt::format("Silent: {}. Others on the bus answer, so the line works: check power, wiring and address of "
                      "what is silent.",
                      enumerate(sentences, longest_list))};
}

bool is_required(const Installation& installation, const InstalledAsset& asset, const Role& role) {
  if (!asset.model) return true;
  const auto* known = installation.models.at(*asset.model).role(role);
  return known != nullptr && known->required;
}

/// The devices that an asset cannot be judged without, in Installation::devices.
std::vector<std::size_t> needed_devices(const Installation& installation, const InstalledAsset& asset) {
  std::vector<std::size_t> needed;
  for (std::size_t device = 0; device < installation.devices.size(); ++device) {
    const auto feeds = [&installation, &asset](const Wiring& wire) {
      const auto& point = installation.point(wire.point);
      return point.asset == asset.asset.id && is_required(installation, asset, point.role);
    };
    const auto& wiring = installation.devices[device].wiring;
    if (std::any_of(wiring.begin(), wiring.end(), feeds)) needed.push_back(device);
  }
  return needed;
}

}  // namespace

SelfWatch::SelfWatch(const Installation& installation) : left_out_{describe(installation.confined)} {
  for (const auto& mode : gateway_modes())
    gateway_.push_back(make_case(installation, installation.site.gateway.id, mode.mode, mode.part));
  for (const auto& watch : watches(installation)) {
    BusCases cases{make_case(installation, watch.bus, "bus-loss", "bus"),
                   make_case(installation, watch.bus, "device-loss", "devices"),
                   {},
                   watch.devices,
                   false,
                   {},
                   {}};
    for (const auto device : watch.devices) cases.names.push_back(installation.devices[device].settings.key);
    cases.lost_since.resize(cases.names.size());
    buses_.push_back(std::move(cases));
  }
}

std::vector<Alert> SelfWatch::look(Time now, const std::vector<BusWatch>& buses, const Vitals& vitals) {
  std::vector<Alert> alerts;
  judge_gateway(now, vitals, alerts);
  for (std::size_t place = 0; place < buses.size() && place < buses_.size(); ++place)
    judge_bus(now, buses[place], buses_[place], alerts);
  return alerts;
}

void SelfWatch::judge_gateway(Time now, const Vitals& vitals, std::vector<Alert>& alerts) {
  keep_since(unsynced_since_, vitals.clock.sync == delivery::ClockSync::none, now);
  for (std::size_t mode = 0; mode < gateway_.size(); ++mode) {
    auto& each = gateway_[mode];
    const GatewayScene scene{now, vitals, left_out_, unsynced_since_, each.episode().is_active()};
    const auto opinion = gateway_modes()[mode].judge(scene);
    auto alert = opinion.known ? each.report(now, opinion.trouble) : each.tick(now);
    if (alert) alerts.push_back(std::move(*alert));
  }
}

void SelfWatch::judge_bus(Time now, const BusWatch& watch, BusCases& cases, std::vector<Alert>& alerts) {
  const bool answering = watch.is_answering();
  if (answering) {
    cases.lost = false;
  } else if (watch.silent_since && now - *watch.silent_since >= patience) {
    cases.lost = true;
  }
  follow_devices(now, watch, cases);
  const auto keep = [&alerts](std::optional<Alert> alert) {
    if (alert) alerts.push_back(std::move(*alert));
  };
  // After a restart it may be known to be lost, and not yet how it fares.
  if (cases.lost && !watch.silent_since) {
    keep(cases.bus.tick(now));
  } else {
    keep(cases.bus.report(now, cases.lost ? std::optional{silence_of_bus(watch)} : std::nullopt));
  }
  const auto is_lost = [](const std::optional<Time>& lost) { return lost.has_value(); };
  const bool any_lost = std::any_of(cases.lost_since.begin(), cases.lost_since.end(), is_lost);
  // While nothing answers, nothing is learned about single devices.
  if (!answering) {
    keep(cases.devices.tick(now));
  } else {
    keep(cases.devices.report(
        now, any_lost ? std::optional{silence_of_devices(watch, cases.names, cases.lost_since)} : std::nullopt));
  }
}

/// Devices of a bus that comes back do not all answer at once, so their patience begins with the bus.
void SelfWatch::follow_devices(Time now, const BusWatch& watch, BusCases& cases) {
  if (!watch.is_answering()) {
    cases.answering_since.reset();
    return;
  }
  if (!cases.answering_since) cases.answering_since = now;
  for (std::size_t place = 0; place < cases.names.size(); ++place) {
    auto& lost = cases.lost_since[place];
    const auto& silence = watch.silences[place];
    if (watch.states[place].answering) {
      lost.reset();
    } else if (!lost && silence && now - std::max(*silence, *cases.answering_since) >= patience) {
      lost = silence;
    }
  }
}

std::map<std::string, std::string> SelfWatch::parents(const Installation& installation) const {
  std::map<std::string, std::string> result;
  for (const auto& asset : installation.assets) {
    if (asset.roles.empty()) continue;
    if (auto id = explanation(needed_devices(installation, asset)); !id.empty())
      result.emplace(asset.asset.key, std::move(id));
  }
  return result;
}

/// A bus explains more than a device on another one.
std::string SelfWatch::explanation(const std::vector<std::size_t>& devices) const {
  const SystemCase* culprit = nullptr;
  for (const auto& cases : buses_) {
    for (std::size_t place = 0; place < cases.places.size(); ++place) {
      if (std::find(devices.begin(), devices.end(), cases.places[place]) == devices.end()) continue;
      if (cases.lost && cases.bus.episode().is_active()) return cases.bus.episode().alert()->id;
      const bool lost = cases.lost_since[place] && cases.devices.episode().is_active();
      if (lost && culprit == nullptr) culprit = &cases.devices;
    }
  }
  return culprit == nullptr ? std::string{} : culprit->episode().alert()->id;
}

std::vector<SystemCase*> SelfWatch::cases() {
  std::vector<SystemCase*> all;
  for (auto& each : gateway_) all.push_back(&each);
  for (auto& each : buses_) {
    all.push_back(&each.bus);
    all.push_back(&each.devices);
  }
  return all;
}

bool SelfWatch::restore(const Alert& alert) {
  for (auto* each : cases()) {
    const auto& facts = each->episode().facts();
    if (facts.asset != alert.asset || facts.mode != alert.mode) continue;
    each->restore(alert);
    recall_losses(alert);
    return true;
  }
  return false;
}

/// What was lost before a restart is lost until it answers.
void SelfWatch::recall_losses(const Alert& alert) {
  if (alert.state != AlertState::active) return;
  for (auto& each : buses_) {
    if (each.bus.episode().facts().asset != alert.asset) continue;
    if (alert.mode == each.bus.episode().facts().mode) {
      each.lost = true;
      continue;
    }
    for (std::size_t place = 0; place < each.names.size(); ++place)
      each.lost_since[place] = silence_told(alert.text, each.names[place]);
  }
}

advisory::Episode* SelfWatch::episode(std::string_view id) {
  for (auto* each : cases()) {
    const auto* alert = each->episode().alert();
    if (alert != nullptr && alert->id == id) return &each->episode();
  }
  return nullptr;
}

std::vector<const advisory::Episode*> SelfWatch::episodes() const {
  std::vector<const advisory::Episode*> all;
  for (const auto& each : gateway_) all.push_back(&each.episode());
  for (const auto& bus : buses_) {
    all.push_back(&bus.bus.episode());
    all.push_back(&bus.devices.episode());
  }
  return all;
}

std::vector<Alert> SelfWatch::set_test(Time now, bool test) {
  std::vector<Alert> alerts;
  for (auto* each : cases()) {
    if (auto alert = each->episode().mark_test(now, test)) alerts.push_back(std::move(*alert));
  }
  return alerts;
}

void SelfWatch::shift(Duration step) {
  if (unsynced_since_) *unsynced_since_ += step;
  for (auto& cases : buses_) {
    if (cases.answering_since) *cases.answering_since += step;
    for (auto& lost : cases.lost_since) {
      if (lost) *lost += step;
    }
  }
}

}  // namespace fettle
