#pragma once

#include "core/quantity.hpp"
#include "core/reading.hpp"

#include <array>
#include <compare>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace fettle {

/// An asset's place in the installation's table of assets.
struct AssetId {
  std::uint32_t index = std::numeric_limits<std::uint32_t>::max();
  friend auto operator<=>(AssetId, AssetId) = default;
};

/// A failure mode's place among the modes of its asset.
struct ModeId {
  std::uint32_t index = std::numeric_limits<std::uint32_t>::max();
  friend auto operator<=>(ModeId, ModeId) = default;
};

/// What a point means to its machine; a name from the equipment model, such as "filter_dp".
using Role = std::string;

/// A quantity of an asset that is read from a device, or derived from others by a formula of the equipment model.
struct Point {
  PointId id;
  AssetId asset;
  Role role;
  Quantity quantity = Quantity::ratio;
  Duration every{};  ///< how often a reading is due
};

/// Where a technician finds an asset.
struct Location {
  std::string site, building, floor, space, tz, access;
  std::optional<std::array<double, 2>> geo;  ///< latitude, longitude in degrees
};

/// A machine that can fail, as the back office knows it.
struct Asset {
  AssetId id;
  std::string key;          ///< topic level, "AHU-07": [A-Za-z0-9_-]{1,64}
  std::string ref;          ///< the back office's key
  std::string name;         ///< for people: "AHU 7, level 3 east"
  std::string brick;        ///< "brick:AHU"
  std::string model_class;  ///< the equipment model: "air_handler"; empty for gateway and buses
  std::string maker, model, serial;
  std::string serves;  ///< the area it serves, for the customer's note: "level 3 east"
  Location location;
  std::vector<PointId> points;
};

}  // namespace fettle
