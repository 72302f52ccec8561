#include "point_names.hpp"

namespace fettle {

std::vector<NamedPoint> named_points(const Installation& installation) {
  std::vector<NamedPoint> points(installation.points.size());
  for (const auto& device : installation.devices) {
    for (const auto& wire : device.wiring) {
      auto& named = points.at(wire.point.index);
      named.point = wire.point;
      named.origin = device.settings.key + "/" + device.profile->points.at(wire.profile_point).name;
      named.name = named.origin;
      named.quantity = installation.point(wire.point).quantity;
    }
  }
  for (const auto& installed : installation.assets) {
    for (const auto& [role, point] : installed.roles) {
      auto& named = points.at(point.index);
      named.asset = installed.asset.key;
      named.name = installed.asset.key + "/" + role;
    }
  }
  return points;
}

}  // namespace fettle
