#pragma once

#include "core/quantity.hpp"
#include "core/reading.hpp"
#include "delivery/documents.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace fettle::delivery {

/// A point of a kind of device whose readings are published.
struct TelemetryPoint {
  std::string id;  ///< its name in the device's profile
  Quantity quantity = Quantity::ratio;
};

struct TelemetryDevice {
  std::string key;                                            ///< topic level
  std::shared_ptr<const std::vector<TelemetryPoint>> points;  ///< one list for all devices of a kind
  std::vector<PointId> sources;                               ///< under which their readings come, in the same order
};

/// A reading and what it is of.
struct TelemetryValue {
  const TelemetryPoint* point = nullptr;
  Reading reading;
};

/// What a batch says beside its values.
struct TelemetryFacts {
  std::uint64_t seq = 0, dropped = 0;
  Time time{};
  bool after_crash = false;
};

/// "fettle/v1/gw-0042/data/ahu_1_io"
std::string telemetry_topic(const GatewayFacts& gateway, std::string_view device);

std::string telemetry_document(const GatewayFacts& gateway, std::string_view device, const TelemetryFacts& facts,
                               std::span<const TelemetryValue> values);

/// The same document with the mark of one that did not leave as soon as it was made.
std::string marked_replayed(std::string document);

/// Seven significant digits, as many as a meter's 32-bit float holds, but never less than two decimals: counters have more.
double telemetry_number(double value);

}  // namespace fettle::delivery
