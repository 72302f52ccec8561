#pragma once

#include "acquisition/driver.hpp"
#include "modbus/spans.hpp"

#include <cstddef>
#include <map>
#include <vector>

namespace fettle::modbus {

/// Which requests a device is asked, for any choice of its points; and what it has taught about them: what it refuses to give together
/// is asked for in smaller pieces from then on, what it refuses altogether not any more.
class ReadPlan {
 public:
  /// `profile` outlives it, or is replaced before it goes.
  explicit ReadPlan(const acquisition::DeviceProfile& profile);

  /// The fewest requests for the points of these classes. A hole is run across if neither the profile nor `break_even` is against it.
  /// They stay where they are until the next call.
  const std::vector<PlannedRead>& reads(acquisition::ClassSet wanted, std::size_t break_even);

  /// The device has refused a request. Gives the pieces to ask for instead; none if it was a single point, which is given up.
  std::vector<PlannedRead> refused(const PlannedRead& read);

  bool is_given_up(std::size_t point) const { return given_up_.at(point); }
  bool is_everything_given_up() const;
  /// The same points lie elsewhere now.
  void registers_moved(const acquisition::DeviceProfile& profile);
  /// A device that begins anew may give again what it refused.
  void forgive();

  bool wants(std::size_t point, acquisition::ClassSet wanted) const;
  /// The smallest request there is, to see whether the device answers at all.
  Request smallest() const;

 private:
  std::vector<PlannedRead> plan(const std::vector<std::size_t>& points, std::size_t gap) const;

  const acquisition::DeviceProfile* profile_;
  std::vector<std::size_t> order_;  ///< the points by table and address
  std::vector<bool> cut_;           ///< by point: it begins a request
  std::vector<bool> given_up_;
  std::size_t gap_ = 0;                                      ///< of the plans
  bool is_stale_ = false;                                    ///< something was learned since they were made
  std::map<unsigned long, std::vector<PlannedRead>> plans_;  ///< by wanted classes
};

}  // namespace fettle::modbus
