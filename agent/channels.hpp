#pragma once

#include "installation.hpp"
#include "manipulation/device_quality.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace fettle {

/// True if the name of a point or a role says that people or a program set it, such as a set point: it stands still and leaps as they like.
bool names_a_command(const std::string& name);

/// What is known of the points of each kind of device: kept once, however many devices and buses there are of a kind.
class DeviceKinds {
 public:
  /// The same facts as these.
  manipulation::DeviceFacts share(std::vector<manipulation::PointFacts> facts);

 private:
  std::vector<std::weak_ptr<const std::vector<manipulation::PointFacts>>> known_;
};

/// The values of one bus, counted through by device and profile point: where each goes, and how far it may be trusted. A counter that ran
/// over or was replaced stands in the log, and so does a sensor that is stuck.
class Channels {
 public:
  Channels(const Installation& installation, const std::string& bus, DeviceKinds& kinds);

  /// Sends the same values to the points of another installation, whose devices on this bus are the same.
  void lead_to(const Installation& installation, const std::string& bus);

  /// The readings of the installation's points that a bus's values make. A value of the bus has its channel in the place of the point.
  std::vector<Reading> readings(const std::vector<Reading>& values);

  /// What learns how its points move: one part a device.
  std::vector<Stateful*> learned();

 private:
  struct Device {
    std::string key;
    acquisition::SharedProfile profile;
    std::size_t first = 0;                                 ///< of its channels
    std::unique_ptr<manipulation::DeviceQuality> quality;  ///< stays where it is: others hold it while they save it
  };
  struct Channel {
    std::uint32_t end = 0;           ///< of its points in points_, which begin where the last channel's end
    Reason standing = Reason::none;  ///< of the last reading
  };

  void add(const InstalledDevice& device, const std::vector<Point>& points, DeviceKinds& kinds);
  Device& device_of(std::size_t channel);
  void judge(Device& device, std::span<const Reading> poll, std::vector<Reading>& readings);
  void log(const Device& device, std::size_t place, const Reading& reading, double value);

  std::vector<Device> devices_;
  std::vector<Channel> channels_;
  std::vector<PointId> points_;
  std::vector<Reading> poll_;  ///< of one device, with its points in place of channels
};

/// The devices of one bus, in the installation's order.
std::vector<const InstalledDevice*> devices_of(const Installation& installation, const std::string& bus);

}  // namespace fettle
