#pragma once

#include "acquisition/driver.hpp"
#include "modbus/master.hpp"
#include "modbus/spans.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace fettle::modbus {

/// One Modbus device: asks for its registers in as few requests as it allows, and learns which it refuses to give together.
class Device final : public acquisition::Driver {
 public:
  Device(std::string key, const Station& station, acquisition::DeviceProfile profile, Master& master);

  Result<std::size_t> read(std::span<Reading> into) override;
  std::string raw(std::size_t point) const override;
  std::string source(std::size_t point) const override;

 private:
  void begin(std::span<Reading> into);
  /// False, with failure_, while nobody knows where the registers of a SunSpec device lie.
  bool find_registers();
  void accept(const PlannedRead& part, const Words& words, std::span<Reading> into);
  void refuse(std::size_t part, const Error& error, std::span<Reading> into);
  void give_up(std::size_t part, const Error& error);
  Result<std::size_t> conclude(std::span<Reading> into) const;

  std::string key_;
  Station station_;
  acquisition::DeviceProfile profile_;
  Master& master_;
  std::optional<std::uint16_t>
      base_;  ///< that the points of a SunSpec device count from; none: it is still to be found
  std::vector<PlannedRead> plan_;
  std::vector<PlannedRead> given_up_;  ///< single points that the device says it does not have
  std::vector<bool> told_;             ///< of which points this was logged
  std::vector<Words> raw_;             ///< by point: the registers of its field, as the last read found them
  bool probing_ = false;               ///< everything was given up, and one point is tried again
  bool answered_ = false;              ///< with registers, to anything in this read
  std::optional<Error> failure_;       ///< the last one of this read
};

}  // namespace fettle::modbus
