#pragma once

#include "core/reading.hpp"
#include "core/state.hpp"
#include "manipulation/blank.hpp"
#include "manipulation/point_facts.hpp"
#include "manipulation/point_quality.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace fettle::manipulation {

/// What is known of a device's points, in their order; the same for all devices of a kind, which share it. Never changes.
using DeviceFacts = std::shared_ptr<const std::vector<PointFacts>>;

/// The quality of the readings of one device: each point's own, and what the device's points tell together. What it learns is one blob.
class DeviceQuality final : public Stateful {
 public:
  /// `fingerprint` is of all that gives the points their meaning.
  DeviceQuality(std::string device, std::uint64_t fingerprint, DeviceFacts facts);

  /// Looks at all that one poll has brought; a reading's point is its place among the device's.
  void look_at(std::span<const Reading> poll);
  /// Then at each of them in turn: with its quality, or nothing, as of PointQuality.
  std::optional<Reading> judged(const Reading& reading);

  const PointQuality& point(std::size_t place) const { return points_.at(place); }
  std::size_t size() const { return points_.size(); }

  std::string state_id() const override { return "quality/" + device_; }
  std::uint32_t state_version() const override { return 1; }
  std::uint64_t settings_hash() const override { return fingerprint_; }
  void save(StateWriter& writer) const override;
  bool restore(StateReader& reader) override;

 private:
  bool is_thermometer(std::size_t place) const { return facts_->at(place).quantity == Quantity::temperature; }

  std::string device_;
  std::uint64_t fingerprint_;
  DeviceFacts facts_;
  std::vector<PointQuality> points_;
  Blank blank_;
};

}  // namespace fettle::manipulation
