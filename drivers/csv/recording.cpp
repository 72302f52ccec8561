#include "csv/recording.hpp"

#include "csv/profile.hpp"

namespace fettle::csv {
namespace {

std::vector<std::string> checked_files(const settings::Node& device, const settings::Node& bus) {
  settings::Mistakes checked_at_load;
  settings::Fields fields{device, checked_at_load};
  return read_files(fields, bus["folder"].scalar());
}

Layout checked_layout(const acquisition::DeviceProfile& profile) {
  settings::Mistakes checked_at_load;
  return read_layout(profile, checked_at_load);
}

}  // namespace

Reading to_reading(const acquisition::Decoded& cell, Time time, const acquisition::Scaling& scaling) {
  if (cell.reason != Reason::none) return bad({}, time, cell.reason);
  const auto scaled = acquisition::decode(cell.value, scaling);
  return scaled.reason == Reason::none ? good({}, time, scaled.value) : bad({}, time, scaled.reason);
}

Recording::Recording(const acquisition::DeviceProfile& profile, const settings::Node& device, const settings::Node& bus)
    : files_{checked_files(device, bus)}, history_{checked_layout(profile), files_}, readings_(profile.points.size()) {
  for (const auto& point : profile.points) scalings_.push_back(point.scaling);
}

Result<bool> Recording::next() {
  const auto next = history_.next();
  if (!next) return next.error();
  const auto* row = *next;
  if (row == nullptr) return false;
  time_ = row->time;
  for (std::size_t place = 0; place < readings_.size(); ++place)
    readings_[place] = to_reading(row->cells[place], row->time, scalings_[place]);
  return true;
}

}  // namespace fettle::csv
