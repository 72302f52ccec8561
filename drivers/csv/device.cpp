#include "csv/device.hpp"

#include "csv/recording.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

namespace fettle::csv {

Device::Device(std::string key, Duration every, const acquisition::DeviceProfile& profile, History history,
               std::vector<std::string> columns, const Player& player)
    : key_{std::move(key)},
      every_{every},
      history_{std::move(history)},
      columns_{std::move(columns)},
      player_{player},
      raw_(profile.points.size()) {
  for (const auto& point : profile.points) scalings_.push_back(point.scaling);
}

void Device::advance() {
  if (row_ != nullptr) last_ = row_->time;
  const auto next = history_.next();
  row_ = next ? *next : nullptr;
  if (!next) failure_ = next.error();
  if (row_ == nullptr) report_left();
}

/// A device that is read for the first time shows the present, not what was before.
void Device::find_present() {
  if (std::exchange(begun_, true)) return;
  advance();
  while (player_.playing && row_ != nullptr && row_->time <= player_.clock.now() - every_) advance();
}

void Device::report_left() {
  const auto& left = history_.left();
  if (left.all() == 0 || std::exchange(told_, true)) return;
  const auto remedy = left.remedy();
  spdlog::warn("{}: {} rows were left out ({}); the first: {}{}{}", key_, left.all(), left.reasons(),
               left.named.front(), remedy.empty() ? "" : "; ", remedy);
}

Result<std::size_t> Device::read(std::span<Reading> into) {
  find_present();
  std::fill(into.begin(), into.end(), Reading{});
  std::fill(raw_.begin(), raw_.end(), std::string{});
  if (row_ == nullptr) {
    if (!failure_) {
      failure_ = failure(
          Fault::timeout,
          last_ ? fmt::format("{}: its history ended at {}; `fettle run --speed 60@START` plays it from START on", key_,
                              to_rfc3339(*last_))
                : fmt::format("{}: its history has no row with a time", key_));
    }
    std::fill(into.begin(), into.end(), bad({}, {}, reason_of(failure_->fault)));
    return *failure_;
  }
  if (player_.playing && row_->time > player_.clock.now()) return std::size_t{0};
  for (std::size_t point = 0; point < into.size(); ++point) {
    into[point] = to_reading(row_->cells[point], row_->time, scalings_[point]);
    raw_[point] = history_.text(point);
  }
  advance();
  const auto good = std::count_if(into.begin(), into.end(), [](const Reading& each) { return each.is_good(); });
  return static_cast<std::size_t>(good);
}

bool Device::has_news() { return begun_ && row_ != nullptr && player_.playing && row_->time <= player_.clock.now(); }

}  // namespace fettle::csv
