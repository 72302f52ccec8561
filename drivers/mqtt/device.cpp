#include "mqtt/device.hpp"

#include "mqtt/payload.hpp"
#include "mqtt/topic.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <set>
#include <utility>

namespace fettle::mqtt_input {
namespace {

using std::chrono::steady_clock;

Reading reading_of(const acquisition::Decoded& decoded, Time time) {
  if (decoded.reason == Reason::none) return good({}, time, decoded.value);
  return bad({}, time, decoded.reason);
}

Reason reason_of(const std::optional<Error>& trouble) {
  return trouble ? fettle::reason_of(trouble->fault) : Reason::none;
}

}  // namespace

Device::Device(DeviceSettings settings, acquisition::SharedProfile profile, Line& line)
    : settings_{std::move(settings)}, profile_{std::move(profile)}, line_{line}, heard_(profile_->points.size()) {
  line_.add(*this);
}

Device::~Device() { line_.remove(*this); }

std::vector<std::string> Device::filters() const {
  std::set<std::string> filters;
  for (const auto& point : settings_.messages.points) filters.insert(point.topic);
  filters.insert(settings_.messages.availability);
  filters.erase(std::string{});
  return {filters.begin(), filters.end()};
}

void Device::hear(const Arrival& arrival) {
  const auto& availability = settings_.messages.availability;
  if (!availability.empty() && matches(availability, arrival.topic)) {
    const auto there = Payload{arrival.payload}.availability();
    if (there) away_ = !*there;
  }
  if (arrival.retained) return;
  if (!hear_values(arrival)) return;
  fresh_ = true;
  last_heard_ = arrival.at;
  away_ = false;  // whoever speaks is there, whatever was said about it before
}

bool Device::hear_values(const Arrival& arrival) {
  Payload payload{arrival.payload};
  bool any = false;
  for (std::size_t place = 0; place < heard_.size(); ++place) {
    const auto& source = settings_.messages.points[place];
    if (!matches(source.topic, arrival.topic)) continue;
    auto member = payload.at(source.pointer, source.states);
    if (!member) continue;
    auto decoded = member->number;
    if (decoded.reason == Reason::none) decoded = decode(decoded.value, profile_->points[place].scaling);
    heard_[place] = {std::move(member->raw), decoded, arrival.at};
    any = true;
  }
  return any;
}

/// What keeps the device from saying anything.
std::optional<Error> Device::trouble() const {
  if (line_.cancelled()) return failure(Fault::offline, "the bus is being closed");
  if (line_.trouble()) return line_.trouble();
  for (const auto& filter : filters()) {
    if (const auto why = line_.refusal(filter); !why.empty()) {
      return failure(Fault::refused,
                     fmt::format("{}: the broker does not let us listen to {} ({})", settings_.key, filter, why));
    }
  }
  if (away_) {
    return failure(Fault::timeout,
                   fmt::format("{}: says that it is away ({})", settings_.key, settings_.messages.availability));
  }
  if (!line_.up_since()) return std::nullopt;
  const auto since = std::max(last_heard_.value_or(*line_.up_since()), *line_.up_since());
  if (steady_clock::now() - since < settings_.timeout) return std::nullopt;
  return failure(Fault::timeout, fmt::format("{}: no message with any of its points within {} on {}", settings_.key,
                                             to_text(settings_.timeout), settings_.messages.points.front().topic));
}

Result<std::size_t> Device::read(std::span<Reading> into) {
  line_.pump();
  std::fill(into.begin(), into.end(), Reading{});
  last_read_ = steady_clock::now();
  const auto trouble = this->trouble();
  if (std::exchange(fresh_, false)) return take(into);
  told_trouble_ = reason_of(trouble);
  if (!trouble) return std::size_t{0};
  std::fill(into.begin(), into.end(), bad({}, {}, reason_of(trouble)));
  for (auto& heard : heard_) heard.raw.clear();
  return *trouble;
}

std::size_t Device::take(std::span<Reading> into) {
  std::size_t good = 0;
  for (std::size_t place = 0; place < heard_.size(); ++place) {
    auto& heard = heard_[place];
    if (!heard.at) continue;
    into[place] = reading_of(heard.decoded, line_.clock().at(*std::exchange(heard.at, std::nullopt)));
    if (into[place].is_good()) ++good;
  }
  return good;
}

/// A device that chatters is read twice in its period at most.
bool Device::has_news() {
  line_.pump();
  const auto trouble = this->trouble();
  const bool early = told_trouble_ == Reason::none && last_read_ &&
                     steady_clock::now() - *last_read_ < line_.clock().real(settings_.every) / 2;
  if (fresh_) return !early;
  return last_read_.has_value() && reason_of(trouble) != told_trouble_;
}

bool Device::await(Line::Moment deadline) {
  while (!fresh_ && !trouble() && steady_clock::now() < deadline) line_.pump_until(deadline);
  return fresh_ || trouble().has_value();
}

std::string Device::source(std::size_t point) const {
  const auto& source = settings_.messages.points.at(point);
  return source.pointer.empty() ? fmt::format("mqtt:{}", source.topic)
                                : fmt::format("mqtt:{}#{}", source.topic, source.pointer);
}

}  // namespace fettle::mqtt_input
