#pragma once

#include "acquisition/driver.hpp"
#include "mqtt/line.hpp"
#include "mqtt/profile.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace fettle::mqtt_input {

struct DeviceSettings {
  std::string key;
  Duration every{};    ///< domain time
  Duration timeout{};  ///< real time without a message, after which the device is taken for dead
  MessageProfile messages;
};

/// One device that publishes. Each value carries the time at which its message came; of several between two reads the last one counts.
/// A retained message is of unknown age: it may say that the device is there or not, and nothing else.
class Device final : public acquisition::Driver {
 public:
  Device(DeviceSettings settings, acquisition::SharedProfile profile, Line& line);
  Device(const Device&) = delete;
  Device& operator=(const Device&) = delete;
  ~Device() override;

  Result<std::size_t> read(std::span<Reading> into) override;
  bool has_news() override;
  bool await(Line::Moment deadline) override;
  std::string raw(std::size_t point) const override { return heard_.at(point).raw; }
  std::string source(std::size_t point) const override;

  std::vector<std::string> filters() const;
  /// A message of the broker, for this device or another.
  void hear(const Arrival& arrival);

 private:
  struct Heard {
    std::string raw;
    acquisition::Decoded decoded;
    std::optional<Line::Moment> at;  ///< none: nothing since the last read
  };

  bool hear_values(const Arrival& arrival);
  std::optional<Error> trouble() const;
  std::size_t take(std::span<Reading> into);

  DeviceSettings settings_;
  acquisition::SharedProfile profile_;
  Line& line_;
  std::vector<Heard> heard_;
  bool fresh_ = false;
  std::optional<Line::Moment> last_heard_, last_read_;
  bool away_ = false;                   ///< it says so itself
  Reason told_trouble_ = Reason::none;  ///< with the last read
};

}  // namespace fettle::mqtt_input
