#pragma once

#include "acquisition/scanner.hpp"
#include "modbus/scan_identity.hpp"
#include "modbus/scan_line.hpp"
#include "modbus/scan_score.hpp"

#include <functional>
#include <span>
#include <string>
#include <vector>

namespace fettle::modbus {

/// A unit that is there, of which nothing else is known yet.
acquisition::FoundDevice found_at(std::uint8_t unit);

/// What a unit that is there can do, and what it is.
class Examination {
 public:
  /// `goes_on` is called between questions; false ends the examination with what was learned so far.
  /// `measuring` is the same line with a count of its own, so that what a device may ignore does not tell against the wire.
  Examination(ScanLine& line, ScanLine& measuring, const Station& station, std::span<const DeviceProfile> profiles,
              std::function<bool()> goes_on);

  acquisition::FoundDevice run();

 private:
  void identify();
  void ask_for_names();
  void look_for_numbers();
  Fit fit_of(const DeviceProfile& profile);
  void try_profiles();
  void read_all();
  void learn_holes(const DeviceProfile& profile);
  void learn_size();
  void learn_pause();
  bool is_of_two_voices();
  std::vector<Block> read_blocks();

  ScanLine& line_;
  ScanLine& measuring_;
  Station station_;
  std::span<const DeviceProfile> profiles_;
  std::function<bool()> goes_on_;
  Interview interview_;
  const DeviceProfile* profile_ = nullptr;
  std::vector<Request> answered_;  ///< questions that gave registers; the first is asked to measure
  acquisition::FoundDevice found_;
};

}  // namespace fettle::modbus
