#include "modbus/spans.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace fettle::modbus {
namespace {

using acquisition::DeviceProfile;
using acquisition::extent_of;
using acquisition::RegisterField;

PlannedRead single(const DeviceProfile& profile, std::size_t point) {
  const auto& field = profile.points[point].field;
  const auto extent = extent_of(field);
  return {{field.table, static_cast<std::uint16_t>(extent.first), static_cast<std::uint16_t>(extent.count())}, {point}};
}

bool joins(const Request& request, const RegisterField& field, const DeviceProfile& profile, std::size_t gap) {
  const std::size_t end = request.address + request.count;
  const auto own = extent_of(field);
  if (field.table != request.table) return false;
  if (profile.one_value_per_request) return own.first == request.address && own.end == end;
  return own.first <= end + gap && std::max(own.end, end) - request.address <= profile.max_registers;
}

}  // namespace

std::vector<std::size_t> in_order(const DeviceProfile& profile) {
  std::vector<std::size_t> order(profile.points.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&profile](std::size_t left, std::size_t right) {
    const auto& first = profile.points[left].field;
    const auto& second = profile.points[right].field;
    return std::pair{first.table, extent_of(first).first} < std::pair{second.table, extent_of(second).first};
  });
  return order;
}

std::vector<PlannedRead> plan_reads(const DeviceProfile& profile, const std::vector<std::size_t>& points,
                                    std::size_t gap, const std::vector<bool>& cut) {
  std::vector<PlannedRead> plan;
  for (const auto point : points) {
    const auto& field = profile.points[point].field;
    if (plan.empty() || cut[point] || !joins(plan.back().request, field, profile, gap)) {
      plan.push_back(single(profile, point));
      continue;
    }
    auto& [request, joined] = plan.back();
    const std::size_t end = request.address + request.count;
    request.count = static_cast<std::uint16_t>(std::max(end, extent_of(field).end) - request.address);
    joined.push_back(point);
  }
  return plan;
}

std::vector<PlannedRead> plan_reads(const DeviceProfile& profile) {
  return plan_reads(profile, in_order(profile), profile.gap, std::vector<bool>(profile.points.size()));
}

}  // namespace fettle::modbus
