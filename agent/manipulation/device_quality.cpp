#include "manipulation/device_quality.hpp"

#include <utility>

namespace fettle::manipulation {

DeviceQuality::DeviceQuality(std::string device, std::uint64_t fingerprint, DeviceFacts facts)
    : device_{std::move(device)}, fingerprint_{fingerprint}, facts_{std::move(facts)} {
  points_.reserve(facts_->size());
  for (const auto& each : *facts_) points_.emplace_back(each);
}

void DeviceQuality::look_at(std::span<const Reading> poll) {
  blank_ = {};
  for (const auto& reading : poll) {
    const auto place = reading.point.index;
    if (reading.is_good() && is_thermometer(place)) blank_.see(reading.value, points_.at(place).last());
  }
}

std::optional<Reading> DeviceQuality::judged(const Reading& reading) {
  const auto place = reading.point.index;
  if (reading.is_good() && is_thermometer(place) && blank_.covers(reading.value))
    return bad(reading.point, reading.time, Reason::no_value);
  return points_.at(place).judged(facts_->at(place), reading);
}

void DeviceQuality::save(StateWriter& writer) const {
  writer.put(static_cast<std::uint32_t>(points_.size()));
  for (const auto& point : points_) point.save(writer);
}

bool DeviceQuality::restore(StateReader& reader) {
  std::uint32_t count = 0;
  reader.get(count);
  bool fits = reader.ok() && count == points_.size();
  for (auto point = points_.begin(); fits && point != points_.end(); ++point) fits = point->restore(reader);
  if (fits && reader.complete()) return true;
  points_.clear();
  for (const auto& each : *facts_) points_.emplace_back(each);
  return false;
}

}  // namespace fettle::manipulation
