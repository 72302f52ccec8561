#include "point_order.hpp"

#include <algorithm>
#include <utility>

namespace fettle {

void order_points(Installation& installation) {
  std::vector<PointId> numbers(installation.points.size());
  std::vector<Point> ordered;
  ordered.reserve(numbers.size());
  for (auto& device : installation.devices) {
    std::stable_sort(device.wiring.begin(), device.wiring.end(),
                     [](const Wiring& left, const Wiring& right) { return left.profile_point < right.profile_point; });
    for (auto& wire : device.wiring) {
      const PointId number{static_cast<std::uint32_t>(ordered.size())};
      ordered.push_back(std::move(installation.points.at(wire.point.index)));
      ordered.back().id = number;
      numbers.at(wire.point.index) = number;
      wire.point = number;
    }
  }
  for (auto& asset : installation.assets) {
    for (auto& [role, point] : asset.roles) point = numbers.at(point.index);
    for (auto& point : asset.asset.points) point = numbers.at(point.index);
  }
  installation.points = std::move(ordered);
}

}  // namespace fettle
