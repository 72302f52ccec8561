#include "delivery/sparkplug_node.hpp"

#include "delivery/sparkplug_slot.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <iterator>
#include <utility>

namespace fettle::delivery {
namespace {

using sparkplug::DataType;
using sparkplug::Metric;

/// Of up to 16 kB each.
constexpr std::size_t most_missed = 200;

Metric session_metric(std::uint8_t session, Time now) { return {"bdSeq", now, DataType::int64, std::int64_t{session}}; }

/// "AHU-07/filter-clog"
std::pair<std::string, std::string> device_and_mode(const std::string& slot) {
  const auto slash = slot.find('/');
  return {slot.substr(0, slash), slot.substr(slash + 1)};
}

/// Both are all metrics of the same slot.
std::vector<Metric> changes(const std::vector<Metric>& before, std::vector<Metric> after) {
  std::vector<Metric> changed;
  for (std::size_t place = 0; place < after.size(); ++place) {
    if (after[place].value != before[place].value) changed.push_back(std::move(after[place]));
  }
  return changed;
}

}  // namespace

SparkplugNode::SparkplugNode(SparkplugName name, std::string software)
    : name_{std::move(name)}, software_{std::move(software)} {}

std::string SparkplugNode::topic(std::string_view verb, std::string_view device) const {
  return fmt::format("spBv1.0/{}/{}/{}{}{}", name_.group, verb, name_.node, device.empty() ? "" : "/", device);
}

Message SparkplugNode::death(std::uint8_t session, Time now) const {
  Message death{topic("NDEATH"), encode(sparkplug::Payload{now, {}, {session_metric(session, now)}})};
  death.retain = false;
  return death;
}

Message SparkplugNode::message(std::string topic, Time now, std::vector<Metric> metrics) {
  Message message{std::move(topic), encode(sparkplug::Payload{now, next_++, std::move(metrics)})};
  message.retain = false;
  message.quality_of_service = 0;
  return message;
}

SparkplugNode::Outgoing SparkplugNode::birth(std::uint8_t session, Time now) {
  born_ = true;
  session_ = session;
  next_ = 0;
  Outgoing outgoing;
  outgoing.push_back(message(topic("NBIRTH"), now,
                             {session_metric(session, now),
                              {"Node Control/Rebirth", now, DataType::boolean, false},
                              {"Properties/Software", now, DataType::string, "fettle " + software_}}));
  for (const auto& [device, modes] : slots_) outgoing.push_back(device_birth(device, now));
  tell_missed(outgoing, now);
  return outgoing;
}

/// In the order of time, as the specification wants metrics to be.
Message SparkplugNode::device_birth(const std::string& device, Time now) {
  std::vector<Metric> metrics;
  for (const auto& [mode, document] : slots_.at(device)) {
    auto slot = sparkplug::slot_metrics(mode, document, now);
    std::move(slot.begin(), slot.end(), std::back_inserter(metrics));
  }
  std::stable_sort(metrics.begin(), metrics.end(),
                   [](const Metric& left, const Metric& right) { return left.time < right.time; });
  return message(topic("DBIRTH", device), now, std::move(metrics));
}

/// But for the latest revision of a slot, which its birth has told.
void SparkplugNode::tell_missed(Outgoing& outgoing, Time now) {
  for (const auto& [device, mode, document] : std::exchange(missed_, {})) {
    const auto* const latest = this->document(device, mode);
    if (latest == nullptr || document == *latest) continue;
    auto metrics = sparkplug::slot_metrics(mode, document, now);
    for (auto& metric : metrics) metric.is_historical = true;
    outgoing.push_back(message(topic("DDATA", device), now, std::move(metrics)));
  }
}

void SparkplugNode::miss(Missed revision) {
  missed_.push_back(std::move(revision));
  if (missed_.size() <= most_missed) return;
  missed_.pop_front();
  ++forgotten_;
}

SparkplugNode::Outgoing SparkplugNode::set_devices(const Devices& devices, Time now) {
  Outgoing outgoing;
  std::erase_if(slots_, [&](const auto& each) {
    const bool is_gone = !devices.contains(each.first);
    if (is_gone && born_) outgoing.push_back(message(topic("DDEATH", each.first), now, {}));
    return is_gone;
  });
  bool changed = false;
  for (const auto& [device, modes] : devices) {
    const auto [its, is_new] = slots_.try_emplace(device);
    auto& slots = its->second;
    changed = changed || is_new;
    const auto stale = [&modes = modes](const auto& each) {
      return each.second.empty() && !modes.contains(each.first);
    };
    if (std::erase_if(slots, stale) > 0) changed = true;
    for (const auto& mode : modes) {
      if (slots.try_emplace(mode).second) changed = true;
    }
  }
  if (!born_ || !changed) return outgoing;
  auto births = birth(session_, now);
  std::move(births.begin(), births.end(), std::back_inserter(outgoing));
  return outgoing;
}

void SparkplugNode::recall(const std::string& slot, std::string document) {
  const auto [device, mode] = device_and_mode(slot);
  slots_[device][mode] = std::move(document);
}

SparkplugNode::Outgoing SparkplugNode::revise(const std::string& slot, std::string document, Time now) {
  const auto [device, mode] = device_and_mode(slot);
  const bool is_new = this->document(device, mode) == nullptr;
  const auto former = std::exchange(slots_[device][mode], document);
  if (!born_) {
    miss({device, mode, std::move(document)});
    return {};
  }
  if (is_new) return birth(session_, now);
  auto changed = changes(sparkplug::slot_metrics(mode, former, now), sparkplug::slot_metrics(mode, document, now));
  if (changed.empty()) return {};
  return {message(topic("DDATA", device), now, std::move(changed))};
}

const std::string* SparkplugNode::document(const std::string& device, const std::string& mode) const {
  const auto modes = slots_.find(device);
  if (modes == slots_.end()) return nullptr;
  const auto found = modes->second.find(mode);
  return found == modes->second.end() ? nullptr : &found->second;
}

}  // namespace fettle::delivery
