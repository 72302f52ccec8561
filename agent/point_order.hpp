#pragma once

#include "installation.hpp"

namespace fettle {

/// Numbers the points along the devices and their profiles, whatever the assets' order. So the readings of a poll are of consecutive
/// points, which is what the history remembers at little cost.
void order_points(Installation& installation);

}  // namespace fettle
