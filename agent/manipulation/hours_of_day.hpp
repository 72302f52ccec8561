#pragma once

#include "manipulation/feature.hpp"
#include "manipulation/options.hpp"

#include <fmt/format.h>
#include <memory>
#include <stdexcept>

namespace fettle::manipulation {

/// Some hours of each day by the clock on the site's walls, as the options `from` and `to` choose them.
class HoursOfDay {
 public:
  static constexpr std::int64_t hour = 3600, day = 24 * hour;  ///< seconds

  /// Throws std::invalid_argument, with what to write instead.
  HoursOfDay(const FeatureSettings& settings, const Option& from, const Option& to)
      : zone_{settings.zone},
        begin_{static_cast<std::int64_t>(chosen(settings, from) * hour)},
        end_{static_cast<std::int64_t>(chosen(settings, to) * hour)} {
    refuse_other_options(settings, {from, to});
    if (begin_ >= end_) {
      throw std::invalid_argument{
          fmt::format("ends before it begins (such as `with: {{from: {}, to: {}}}`)", from.usual, to.usual)};
    }
    if (!zone_) throw std::invalid_argument{"needs the site's time zone"};
  }

  /// Seconds of the clock on the wall since its year 1970 began.
  std::int64_t wall_second(Time time) const { return zone_->wall_second(time); }
  bool holds(std::int64_t wall_second) const { return wall_second % day >= begin_ && wall_second % day < end_; }
  Duration length() const { return std::chrono::seconds{end_ - begin_}; }

 private:
  std::shared_ptr<const Zone> zone_;
  std::int64_t begin_, end_;
};

}  // namespace fettle::manipulation
