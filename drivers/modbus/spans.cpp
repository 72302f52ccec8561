#include "modbus/spans.hpp"

#include <algorithm>
#include <utility>

namespace fettle::modbus {
namespace {

using acquisition::DeviceProfile;
using acquisition::RegisterField;

using acquisition::extent_of;

PlannedRead single(const DeviceProfile& profile, std::size_t point) {
  const auto& field = profile.points[point].field;
  const auto extent = extent_of(field);
  return {{field.table, static_cast<std::uint16_t>(extent.first), static_cast<std::uint16_t>(extent.count())}, {point}};
}

bool joins(const Request& request, const RegisterField& field, const DeviceProfile& profile) {
  const std::size_t end = request.address + request.count;
  const auto own = extent_of(field);
  if (field.table != request.table) return false;
  if (profile.one_value_per_request) return own.first == request.address && own.end == end;
  return own.first <= end + profile.gap && std::max(own.end, end) - request.address <= profile.max_registers;
}

}  // namespace

std::vector<PlannedRead> plan_reads(const DeviceProfile& profile) {
  std::vector<std::size_t> order(profile.points.size());
  for (std::size_t place = 0; place < order.size(); ++place) order[place] = place;
  std::stable_sort(order.begin(), order.end(), [&profile](std::size_t left, std::size_t right) {
    const auto& first = profile.points[left].field;
    const auto& second = profile.points[right].field;
    return std::pair{first.table, extent_of(first).first} < std::pair{second.table, extent_of(second).first};
  });
  std::vector<PlannedRead> plan;
  for (const auto point : order) {
    const auto& field = profile.points[point].field;
    if (plan.empty() || !joins(plan.back().request, field, profile)) {
      plan.push_back(single(profile, point));
      continue;
    }
    auto& [request, points] = plan.back();
    const std::size_t end = request.address + request.count;
    request.count = static_cast<std::uint16_t>(std::max(end, extent_of(field).end) - request.address);
    points.push_back(point);
  }
  return plan;
}

std::vector<PlannedRead> split(const PlannedRead& read, const DeviceProfile& profile) {
  std::vector<PlannedRead> parts;
  parts.reserve(read.points.size());
  for (const auto point : read.points) parts.push_back(single(profile, point));
  return parts;
}

}  // namespace fettle::modbus
