#pragma once

#include "core/reading.hpp"
#include "csv/history.hpp"
#include "settings/node.hpp"

#include <span>
#include <vector>

namespace fettle::csv {

/// A cell as the reading that it stands for, without a point.
Reading to_reading(const acquisition::Decoded& cell, Time time, const acquisition::Scaling& scaling);

/// The whole of a device's history as fast as it can be read: readings in the quantities' own units, row by row.
class Recording {
 public:
  /// Of a device and its bus in the site file, whose settings were checked when they were loaded.
  Recording(const acquisition::DeviceProfile& profile, const settings::Node& device, const settings::Node& bus);

  /// Goes to the next row; false at the end.
  Result<bool> next();
  /// Of the row, one a point of the profile, in its order.
  std::span<const Reading> readings() const { return readings_; }
  Time time() const { return time_; }

  const std::vector<std::string>& files() const { return files_; }
  History& history() { return history_; }
  const History& history() const { return history_; }

 private:
  std::vector<std::string> files_;
  std::vector<acquisition::Scaling> scalings_;
  History history_;
  std::vector<Reading> readings_;
  Time time_{};
};

}  // namespace fettle::csv
