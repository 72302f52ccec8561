#pragma once

#include "acquisition/identity.hpp"
#include "acquisition/registers.hpp"
#include "core/quantity.hpp"
#include "core/reading.hpp"
#include "core/registry.hpp"
#include "settings/fields.hpp"
#include "settings/node.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fettle::acquisition {

/// How soon a value is of no use any more, and so how often it is worth a place on the wire.
enum class PointClass : std::uint8_t {
  fast,    ///< about every second: voltage, current, power
  normal,  ///< every ten seconds: frequency, temperature
  slow,    ///< every minute: counters, distortion
};

std::string_view name_of(PointClass point_class);

/// How a value may change from one reading to the next; in the quantity's own unit.
struct Motion {
  double max_rate = 0;  ///< per second; 0: nobody knows
  double step = 0;      ///< the smallest change that the raw number can show; 0: nobody knows
  bool counts = false;  ///< it only ever rises, until it wraps or the meter is replaced
  double wraps_at = 0;  ///< where a counter begins again at 0; 0: nobody knows
};

/// One value that a device offers.
struct ProfilePoint {
  std::string name;  ///< "v_l1"
  Quantity quantity = Quantity::ratio;
  PointClass point_class = PointClass::normal;
  Scaling scaling;  ///< of the raw number; its unit is folded in
  Motion motion;
  RegisterField field;  ///< of a Modbus device: where the value lies
  settings::Node node;  ///< of any other: its protocol reads what it wants to know, see point_fields()
};

/// A reading that an example of a profile promises.
struct ExpectedReading {
  std::size_t point = 0;  ///< into DeviceProfile::points
  double value = 0;       ///< in the quantity's own unit; meaningless unless the reason is none
  Reason reason = Reason::none;
};

/// Registers as a device sends them, and what they must be read as. Every shipped profile is tested against its own.
struct ProfileExample {
  RegisterTable table = RegisterTable::holding;
  std::uint16_t address = 0;
  std::vector<std::uint16_t> words;
  std::vector<ExpectedReading> readings;
  settings::Mark mark;
};

/// What a kind of device offers, and how it wants to be asked. A file of config/devices.
struct DeviceProfile {
  std::string name;      ///< the file's stem: "eastron_sdm630"
  std::string protocol;  ///< "modbus", or the name of a registered Protocol
  std::string title, maker;
  std::vector<std::string> models;
  bool verified = false;          ///< true: somebody compared it with a real device
  std::vector<std::string> weak;  ///< what is doubtful, for whoever compares it: "frequency: one driver reads 46"
  LinkDefaults link;
  std::vector<Probe> identify;  ///< a device is one of these if every probe that tells matches
  /// SunSpec models of this layout. Not empty: every address counts from the register with the model's number, which is looked for in the
  /// device; see find_sunspec_model() of the Modbus drivers.
  std::vector<long> sunspec;
  bool one_value_per_request = false;
  std::size_t max_registers = 0;  ///< in one request
  std::size_t gap = 0;            ///< unused registers that a request may run across to save another one
  Duration min_gap{};             ///< silence that the device needs before a request
  std::vector<ProfilePoint> points;
  std::vector<ProfileExample> examples;  ///< of a Modbus device
  settings::Node node;                   ///< the whole profile

  /// The place of a point; nothing if the device has no such point.
  std::optional<std::size_t> find(std::string_view point) const;
  /// Whether an answer of the device can tell that it is one.
  bool can_be_identified() const;
};

/// Devices of one kind and their drivers share one profile: fifty equal meters need its points once.
using SharedProfile = std::shared_ptr<const DeviceProfile>;
inline SharedProfile shared(DeviceProfile profile) { return std::make_shared<const DeviceProfile>(std::move(profile)); }

/// Moves every point of a profile by `base` registers, for a block that may lie anywhere. False, and nothing moved, if one would lie beyond
/// the last register.
bool move_registers(DeviceProfile& profile, std::uint16_t base);

/// What a protocol other than Modbus says in its profiles beyond name, quantity, unit, scale, offset and range of each point. A unit may be
/// left out where numbers come in the quantity's own; registers are in the manual's, which has to be said.
struct Protocol {
  /// Reads the protocol's own keys of a whole profile and of each of its points, decodes the profile's examples, and records whatever
  /// cannot be used. Needs no device.
  using Factory = void(const DeviceProfile& profile, settings::Mistakes& mistakes);
};

/// A whole profile, with the keys that every protocol has marked as read: what is left is the protocol's.
settings::Fields profile_fields(const DeviceProfile& profile, settings::Mistakes& mistakes);

/// A point's entry, with the keys that every protocol has marked as read: what is left is the protocol's.
settings::Fields point_fields(const ProfilePoint& point, settings::Mistakes& mistakes);

/// A `devices:` entry, with the keys that are the site's marked as read: what is left is the driver's.
settings::Fields device_fields(const settings::Node& device, settings::Mistakes& mistakes);

/// Records that a device's profile is for another protocol than its bus, which for people "speaks Modbus". A profile that was not found
/// has been reported already. True if the profile may be read.
bool is_of_protocol(const DeviceProfile& profile, std::string_view protocol, std::string_view bus,
                    const settings::Node& device, settings::Mistakes& mistakes);

/// Reads a file of config/devices, or the mapping that a site file has in its place. Whatever cannot be used is recorded and left out.
DeviceProfile read_device_profile(const settings::Node& root, settings::Mistakes& mistakes);

}  // namespace fettle::acquisition
