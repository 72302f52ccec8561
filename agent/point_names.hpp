#pragma once

#include "installation.hpp"

#include <string>
#include <vector>

namespace fettle {

/// What people and the back office call a point.
struct NamedPoint {
  PointId point;
  std::string name;    ///< "AHU-01/filter_dp", or the origin for a point that no asset uses
  std::string origin;  ///< "ahu_1_io/filter_dp": device and profile point
  std::string asset;   ///< Asset::key; empty for none
  Quantity quantity = Quantity::ratio;
};

/// By PointId.
std::vector<NamedPoint> named_points(const Installation& installation);

}  // namespace fettle
