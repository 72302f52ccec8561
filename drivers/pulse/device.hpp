#pragma once

#include "acquisition/driver.hpp"
#include "pulse/counter.hpp"
#include "pulse/edge_line.hpp"
#include "pulse/pulses_per.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace fettle::pulse {

/// What a point of a pulse counter says.
enum class Counts : std::uint8_t {
  total,   ///< the meter's reading
  rate,    ///< how fast it grows
  pulses,  ///< bare pulses, without their worth
  lost,    ///< pulses that came too fast to be seen one by one
};

struct DeviceSettings {
  std::string key;
  EdgeSettings edge;
  PulseWorth worth;
  double start = 0;    ///< the meter's reading when it had given no pulse, in its total's unit
  Duration timeout{};  ///< without a pulse, after which nothing flows
  std::string file;    ///< that keeps the count; empty: it begins at 0 with the agent
};

/// What each point counts. Whatever cannot be used is recorded.
std::vector<Counts> read_counts(const acquisition::DeviceProfile& profile, settings::Mistakes& mistakes);

/// A meter with a pulse output. The total counts every pulse by the kernel's own numbers; where some of them came while nobody read,
/// the readings are uncertain.
class Device final : public acquisition::Driver {
 public:
  Device(DeviceSettings settings, const acquisition::DeviceProfile& profile, std::vector<Counts> counts, Kernel& kernel,
         const std::atomic<bool>& cancelled);
  Device(const Device&) = delete;
  Device& operator=(const Device&) = delete;
  ~Device() override;

  Result<std::size_t> read(std::span<Reading> into) override;
  std::string raw(std::size_t point) const override;
  std::string source(std::size_t point) const override;

 private:
  Result<void> open();
  Result<void> count();
  Reading reading_of(std::size_t point, std::optional<double> rate, bool gap) const;
  void keep();

  DeviceSettings settings_;
  std::vector<Counts> counts_;
  std::vector<acquisition::Scaling> scalings_;
  const std::atomic<bool>& cancelled_;
  EdgeLine line_;
  std::optional<PulseCounter> counter_;  ///< none until the count was loaded
  std::uint64_t kept_ = 0;
  Moment kept_at_{};
  bool lossy_ = false;  ///< the last read found a gap
};

}  // namespace fettle::pulse
