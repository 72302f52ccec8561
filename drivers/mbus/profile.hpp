#pragma once

#include "acquisition/profile.hpp"
#include "mbus/selector.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace fettle::mbus {

/// One point of a profile: which record it is, and what its number means.
struct MbusPoint {
  Selector selector;
  Quantity quantity = Quantity::ratio;
  acquisition::Scaling scaling;  ///< the conversion of a number without a unit of its own
  double scale = 1, offset = 0;  ///< what the profile says, in the record's unit

  /// The point's reading of a record.
  acquisition::Decoded decode(const Record& record) const;
};

/// What a profile of an M-Bus meter says beyond its points' names.
struct MbusProfile {
  std::vector<MbusPoint> points;
  bool application_reset = false;   ///< the meter wants one before each readout
  bool on_battery = false;          ///< each readout costs it life
  std::string maker;                ///< "KAM": of no other's meters; empty: of any
  std::vector<std::uint8_t> media;  ///< of these alone; empty: of any
};

/// Records whatever cannot be used, and examples that do not read as they promise.
MbusProfile read_profile(const acquisition::DeviceProfile& profile, settings::Mistakes& mistakes);

/// Whether a meter is one of those that the profile is for and sends all that it names.
bool fits(const MbusProfile& profile, const std::vector<Telegram>& readout);

}  // namespace fettle::mbus
