#include "pipeline.hpp"

#include <algorithm>
#include <utility>

namespace fettle {
namespace {

/// Drives, controllers and valves come back one after the other.
constexpr Duration after_supply_is_back = std::chrono::minutes{10};

/// What is told of a point, or null.
template <class T>
const T* entry(const std::vector<std::optional<T>>& all, std::size_t point) {
  return point < all.size() && all[point] ? &*all[point] : nullptr;
}

}  // namespace

Pipeline::Pipeline(const Installation& installation) : parts_{wire_up(installation)} {
  std::vector<Point>{}.swap(parts_.points);  // thousands of names that no reading needs
}

std::vector<Alert> Pipeline::accept(const Reading& reading) {
  std::vector<Alert> alerts;
  // What came late would take the place of what is newer.
  if (reading.reason == Reason::out_of_order) return alerts;
  const auto why = silenced(reading);
  follow(why == Reason::none ? reading : bad(reading.point, reading.time, why), alerts);
  return alerts;
}

/// While somebody works on a machine, or it has no supply, its readings say nothing about it.
Reason Pipeline::silenced(const Reading& reading) {
  const auto* const place = entry(parts_.concerned, reading.point.index);
  if (place == nullptr) return Reason::none;
  auto& its = parts_.circumstances[*place];
  if (its.maintenance == reading.point) {
    if (reading.is_good()) its.is_maintained = reading.value > 0.5;
    return Reason::none;  // what says so is no reading of the machine's
  }
  if (its.is_maintained) return Reason::not_running;
  const bool lacks_supply = std::any_of(its.supplies.begin(), its.supplies.end(), [&](std::size_t each) {
    const auto& missed_at = parts_.supplies[each].missed_at;
    // A clock that was set back makes no supply be lost until it is that late again.
    return missed_at && std::chrono::abs(reading.time - *missed_at) < after_supply_is_back;
  });
  return lacks_supply ? Reason::no_supply : Reason::none;
}

void Pipeline::follow(const Reading& reading, std::vector<Alert>& alerts) {
  const auto at = reading.point.index;
  if (const auto* const supply = entry(parts_.supplying, at);
      supply != nullptr && reading.is_good() && reading.value == 0)
    parts_.supplies[*supply].missed_at = reading.time;
  if (const auto* const channel = entry(parts_.sensed, at)) watch_sensor(*channel, reading, alerts);
  if (const auto* const meter = entry(parts_.metered, at)) parts_.meters[*meter].account->draw(reading);
  if (const auto* const channel = entry(parts_.watched, at)) watch(*channel, reading, alerts);
  if (const auto* const indicator = entry(parts_.judged, at)) judge(parts_.indicators[*indicator], reading, alerts);
  if (at >= parts_.listeners.size()) return;
  for (const auto feature : parts_.listeners[at]) {
    if (const auto derived = parts_.features[feature]->derive(reading)) follow(*derived, alerts);
  }
}

void Pipeline::judge(PipelineParts::Indicator& indicator, const Reading& median, std::vector<Alert>& alerts) {
  const auto finding = indicator.detector->observe(median);
  if (!finding) {
    if (watcher_) watcher_({indicator.mode_case, indicator.name, median, indicator.quantity});
    return;
  }
  const auto health = indicator.assessor.assess(*finding);
  const auto prognosis = indicator.forecaster->follow(health);
  if (watcher_) {
    watcher_({indicator.mode_case, indicator.name, median, indicator.quantity, &*finding, &health,
              prognosis ? &*prognosis : nullptr});
  }
  if (indicator.meter) parts_.meters[*indicator.meter].account->judge(health);
  note_waste();
  auto& mode_case = *parts_.cases[indicator.mode_case];
  auto alert = mode_case.consider(indicator.place, health, prognosis, standing_of(mode_case, health.time));
  if (alert) alerts.push_back(std::move(*alert));
}

void Pipeline::watch(const PipelineParts::Channel& channel, const Reading& reading, std::vector<Alert>& alerts) {
  auto& watch = parts_.watches[channel.watch];
  const auto finding = watch.watch->observe(channel.place, reading);
  if (watcher_) show(channel, reading);
  if (!finding) return;
  const auto health = watch.assessor.assess(*finding);
  if (watcher_) {
    const auto period = good(finding->point, finding->time, finding->value);
    watcher_({watch.mode_case, PipelineParts::Watch::indicator, period, Quantity::count, &*finding, &health});
  }
  auto& mode_case = *parts_.cases[watch.mode_case];
  auto alert = mode_case.consider(0, health, std::nullopt, standing_of(mode_case, health.time));
  if (alert) alerts.push_back(std::move(*alert));
}

void Pipeline::watch_sensor(const PipelineParts::SensorChannel& channel, const Reading& reading,
                            std::vector<Alert>& alerts) {
  auto& watch = parts_.sensor_watches[channel.watch];
  if (channel.standstill) return watch.watch->note_standstill(channel.place, reading);
  const auto finding = watch.watch->observe(channel.place, reading);
  if (!finding) return;
  const auto health = watch.assessor.assess(*finding);
  auto& mode_case = *parts_.cases[watch.mode_case];
  auto alert = mode_case.consider(0, health, std::nullopt, standing_of(mode_case, health.time));
  if (alert) alerts.push_back(std::move(*alert));
}

/// While it is learned what is usual, there is no finding.
void Pipeline::show(const PipelineParts::Channel& channel, const Reading& reading) const {
  const auto& [watch, assessor, mode_case] = parts_.watches[channel.watch];
  Finding finding{reading.point, reading.time, {}, watch->strangeness(channel.place), reading.value, 0};
  const bool knows = watch->learned() == 1;
  watcher_({mode_case, watch->name(channel.place), reading, channel.quantity, knows ? &finding : nullptr});
}

advisory::Standing Pipeline::standing_of(const advisory::ModeCase& mode_case, Time now) const {
  const auto& slot = mode_case.episode().facts();
  return trust_.standing(now, slot.asset, slot.asset_class, slot.mode);
}

/// What `act` makes of each slot's episode.
template <class Act>
std::vector<Alert> Pipeline::for_every_case(const Act& act) {
  std::vector<Alert> alerts;
  for (auto& mode_case : parts_.cases) {
    if (auto alert = act(mode_case->episode())) alerts.push_back(std::move(*alert));
  }
  return alerts;
}

std::vector<Alert> Pipeline::tick(Time now) {
  note_waste();
  return for_every_case([now](advisory::Episode& episode) { return episode.tick(now); });
}

/// Every revision shows what was wasted up to it.
void Pipeline::note_waste() {
  for (const auto& meter : parts_.meters) {
    if (const auto waste = meter.account->waste()) parts_.cases[meter.mode_case]->note_waste(*waste);
  }
}

bool Pipeline::restore(const Alert& alert) {
  const auto found = std::find_if(parts_.cases.begin(), parts_.cases.end(), [&alert](const auto& each) {
    return each->episode().facts().asset == alert.asset && each->episode().facts().mode == alert.mode;
  });
  if (found == parts_.cases.end()) return false;
  (*found)->restore(alert);
  if (!alert.energy || alert.state != AlertState::active) return true;
  for (auto& meter : parts_.meters) {
    if (parts_.cases[meter.mode_case] == *found) meter.account->recall(*alert.energy);
  }
  return true;
}

advisory::ModeCase* Pipeline::case_with(std::string_view id) {
  const auto is_meant = [id](const auto& each) {
    const auto* alert = each->episode().alert();
    return alert != nullptr && alert->id == id;
  };
  const auto found = std::find_if(parts_.cases.begin(), parts_.cases.end(), is_meant);
  return found == parts_.cases.end() ? nullptr : found->get();
}

advisory::Episode* Pipeline::episode(std::string_view id) {
  note_waste();
  auto* const mode_case = case_with(id);
  return mode_case == nullptr ? nullptr : &mode_case->episode();
}

std::vector<const advisory::Episode*> Pipeline::episodes() const {
  std::vector<const advisory::Episode*> all;
  for (const auto& mode_case : parts_.cases) all.push_back(&std::as_const(*mode_case).episode());
  return all;
}

std::vector<Alert> Pipeline::close(Time now, std::string_view id, const Outcome& outcome) {
  note_waste();
  auto* const mode_case = case_with(id);
  if (mode_case == nullptr) return {};
  auto alert = mode_case->episode().close(now, outcome);
  if (!alert) return {};
  const auto& slot = mode_case->episode().facts();
  trust_.learn(slot.asset, slot.asset_class, slot.mode, outcome.verdict, outcome.at);
  if (outcome.fixed.value_or(false)) {
    mode_case->start_anew();
    start_anew(*mode_case);
  }
  return {std::move(*alert)};
}

/// A new filter, a new bearing: its healthy is another one.
void Pipeline::start_anew(const advisory::ModeCase& mode_case) {
  for (auto& meter : parts_.meters) {
    if (parts_.cases[meter.mode_case].get() == &mode_case) meter.account->start_anew();
  }
  for (auto& watch : parts_.watches) {
    if (parts_.cases[watch.mode_case].get() == &mode_case) watch.watch->start_anew();
  }
  for (auto& watch : parts_.sensor_watches) {
    if (parts_.cases[watch.mode_case].get() == &mode_case) watch.watch->start_anew();
  }
  for (auto& indicator : parts_.indicators) {
    if (parts_.cases[indicator.mode_case].get() != &mode_case) continue;
    indicator.detector->start_anew();
    indicator.forecaster->start_anew();
    for (const auto learner : indicator.learners) parts_.features[learner]->start_anew();
  }
}

void Pipeline::recall_outcome(const std::string& slot, const Outcome& outcome) {
  for (const auto& mode_case : parts_.cases) {
    const auto& facts = mode_case->episode().facts();
    if (facts.asset + "/" + facts.mode != slot) continue;
    trust_.learn(facts.asset, facts.asset_class, facts.mode, outcome.verdict, outcome.at);
  }
}

std::vector<Alert> Pipeline::explain(Time now, const std::map<std::string, std::string>& parents) {
  static const std::string none;
  std::vector<Alert> alerts;
  for (auto& mode_case : parts_.cases) {
    const auto parent = parents.find(std::as_const(*mode_case).episode().facts().asset);
    if (auto alert = mode_case->explain(now, parent == parents.end() ? none : parent->second))
      alerts.push_back(std::move(*alert));
  }
  return alerts;
}

std::vector<Alert> Pipeline::set_test(Time now, bool test) {
  return for_every_case([now, test](advisory::Episode& episode) { return episode.mark_test(now, test); });
}

std::vector<Stateful*> Pipeline::learned() {
  std::vector<Stateful*> parts;
  for (auto& feature : parts_.features) {
    if (auto* const memory = feature->memory()) parts.push_back(memory);
  }
  for (auto& indicator : parts_.indicators) {
    parts.push_back(indicator.detector.get());
    parts.push_back(indicator.forecaster.get());
  }
  for (auto& watch : parts_.watches) {
    for (auto* const part : watch.watch->parts()) parts.push_back(part);
  }
  for (auto& watch : parts_.sensor_watches) {
    parts.push_back(watch.watch.get());
  }
  for (auto& meter : parts_.meters) parts.push_back(meter.account.get());
  for (auto& mode_case : parts_.cases) parts.push_back(mode_case.get());
  return parts;
}

std::vector<double> Pipeline::learning() const {
  std::vector<double> shares(parts_.cases.size(), 1);
  for (const auto& indicator : parts_.indicators) {
    shares.at(indicator.mode_case) = std::min(shares.at(indicator.mode_case), indicator.detector->learned());
  }
  for (const auto& watch : parts_.watches) shares.at(watch.mode_case) = watch.watch->learned();
  return shares;
}

}  // namespace fettle
