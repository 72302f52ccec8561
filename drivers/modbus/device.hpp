#pragma once

#include "acquisition/driver.hpp"
#include "acquisition/wire_time.hpp"
#include "modbus/master.hpp"
#include "modbus/read_plan.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace fettle::modbus {

/// One Modbus device: asks for its registers in as few requests as it and its line allow.
class Device final : public acquisition::Driver, public acquisition::WireTime {
 public:
  Device(std::string key, const Station& station, acquisition::SharedProfile profile, Master& master);

  Result<std::size_t> read(std::span<Reading> into) override;
  void choose(acquisition::ClassSet wanted) override { wanted_ = wanted; }
  std::optional<bool> stirs() override;
  std::optional<acquisition::LineQuality> quality() const override { return master_.quality(station_.unit); }
  std::optional<std::chrono::microseconds> wire_time(acquisition::ClassSet wanted) const override;
  Duration patience() const override { return std::chrono::duration_cast<Duration>(station_.timeout); }
  std::string raw(std::size_t point) const override;
  std::string source(std::size_t point) const override;

 private:
  void begin(std::span<Reading> into);
  const std::vector<PlannedRead>* wanted_reads();
  std::size_t break_even();
  std::vector<PlannedRead> ask(const std::vector<PlannedRead>& reads, std::span<Reading> into);
  /// False, with failure_, while nobody knows where the registers of a SunSpec device lie.
  bool find_registers();
  void accept(const PlannedRead& part, const Words& words, std::span<Reading> into);
  std::vector<PlannedRead> refuse(const PlannedRead& part, const Error& error, std::span<Reading> into);
  void give_up(std::size_t point, const Error& error);
  Result<std::size_t> conclude(std::span<Reading> into) const;

  std::string key_;
  Station station_;
  acquisition::SharedProfile profile_;  ///< a SunSpec device that was found has one of its own
  Master& master_;
  std::optional<std::uint16_t> base_;  ///< that a SunSpec device's points count from; none: it is still to be found
  ReadPlan plan_;
  acquisition::ClassSet wanted_ = acquisition::ClassSet{}.set();
  std::vector<bool> told_;  ///< of which points this was logged
  Words raw_;  ///< of all points, one behind the other: the registers of each field, as they were last read
  std::vector<std::uint32_t> raw_begins_;  ///< by point
  std::vector<bool> heard_;                ///< by point: the last read found its registers
  std::size_t break_even_ = 0;             ///< as the master said a while ago
  unsigned reads_ = 0;
  int silences_ = 0;              ///< reads in a row without an answer
  bool answered_ = false;         ///< with registers, to anything in this read
  std::optional<Error> failure_;  ///< the last one of this read
};

}  // namespace fettle::modbus
