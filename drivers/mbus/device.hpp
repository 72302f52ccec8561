#pragma once

#include "acquisition/driver.hpp"
#include "mbus/master.hpp"
#include "mbus/profile.hpp"

#include <optional>
#include <string>
#include <vector>

namespace fettle::mbus {

/// One meter: reads all that it tells, and picks the records that its profile names.
class Device final : public acquisition::Driver {
 public:
  Device(std::string key, const Address& address, std::vector<std::string> names, MbusProfile profile, Master& master);

  Result<std::size_t> read(std::span<Reading> into) override;
  std::optional<acquisition::LineQuality> quality() const override { return statistics_.quality(); }
  std::string raw(std::size_t point) const override;
  std::string source(std::size_t point) const override;

 private:
  std::size_t accept(const std::vector<Telegram>& readout, std::span<Reading> into);
  void complain(std::size_t point, const std::string& what);

  std::string key_;
  Address address_;
  std::vector<std::string> names_;  ///< of the points
  MbusProfile profile_;
  Master& master_;
  std::vector<Bytes> raw_;  ///< of each point, what the last readout had
  modbus::Statistics statistics_;
  std::vector<bool> told_;  ///< of which points it was logged that they cannot be had
};

}  // namespace fettle::mbus
