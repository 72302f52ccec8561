#include "modbus/read_plan.hpp"

#include <algorithm>

namespace fettle::modbus {

using acquisition::ClassSet;
using acquisition::extent_of;

ReadPlan::ReadPlan(const acquisition::DeviceProfile& profile)
    : profile_{&profile}, order_{in_order(profile)}, cut_(profile.points.size()), given_up_(profile.points.size()) {}

const std::vector<PlannedRead>& ReadPlan::reads(ClassSet wanted, std::size_t break_even) {
  const auto gap = std::min(profile_->gap, break_even);
  if (is_stale_ || gap != gap_) plans_.clear();
  is_stale_ = false;
  gap_ = gap;
  const auto [found, fresh] = plans_.try_emplace(wanted.to_ulong());
  if (!fresh) return found->second;
  std::vector<std::size_t> points;
  for (const auto point : order_) {
    if (!given_up_[point] && wants(point, wanted)) points.push_back(point);
  }
  return found->second = plan(points, gap);
}

std::vector<PlannedRead> ReadPlan::plan(const std::vector<std::size_t>& points, std::size_t gap) const {
  return plan_reads(*profile_, points, gap, cut_);
}

/// Halves are tried rather than single points: one bad register among a hundred is found with a few requests. The widest hole is cut
/// first, because what a device does not have lies there more often than not.
std::vector<PlannedRead> ReadPlan::refused(const PlannedRead& read) {
  is_stale_ = true;
  const auto& points = read.points;
  if (points.size() == 1) {
    given_up_[points.front()] = true;
    return {};
  }
  const auto hole_before = [&](std::size_t place) {
    const auto before = extent_of(profile_->points[points[place - 1]].field).end;
    const auto begin = extent_of(profile_->points[points[place]].field).first;
    return begin > before ? begin - before : 0;
  };
  std::size_t best = points.size() / 2;
  for (std::size_t place = 1; place < points.size(); ++place) {
    if (hole_before(place) > hole_before(best)) best = place;
  }
  cut_[points[best]] = true;
  return plan(points, gap_);
}

bool ReadPlan::is_everything_given_up() const {
  return std::all_of(given_up_.begin(), given_up_.end(), [](bool each) { return each; });
}

void ReadPlan::registers_moved(const acquisition::DeviceProfile& profile) {
  profile_ = &profile;
  order_ = in_order(profile);
  is_stale_ = true;
}

void ReadPlan::forgive() {
  if (std::none_of(given_up_.begin(), given_up_.end(), [](bool each) { return each; })) return;
  std::fill(given_up_.begin(), given_up_.end(), false);
  is_stale_ = true;
}

bool ReadPlan::wants(std::size_t point, ClassSet wanted) const {
  return wanted.test(static_cast<std::size_t>(profile_->points[point].point_class));
}

Request ReadPlan::smallest() const {
  const auto smaller = [this](std::size_t left, std::size_t right) {
    return extent_of(profile_->points[left].field).count() < extent_of(profile_->points[right].field).count();
  };
  const auto point = *std::min_element(order_.begin(), order_.end(), smaller);
  return plan_reads(*profile_, {point}, 0, cut_).front().request;
}

}  // namespace fettle::modbus
