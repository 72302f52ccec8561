#pragma once

#include "acquisition/driver.hpp"
#include "sysfs/one_wire.hpp"
#include "sysfs/place.hpp"

#include <atomic>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace fettle::sysfs {

/// What a profile says about files.
struct FilePoint {
  std::string file;              ///< in the device's folder
  acquisition::Scaling scaling;  ///< of the file's number, with the kernel's unit folded in
};

/// Whatever cannot be used is recorded.
std::vector<FilePoint> read_files(const acquisition::DeviceProfile& profile, settings::Mistakes& mistakes);

/// The same, and the profile's examples are read.
void check_profile(const acquisition::DeviceProfile& profile, settings::Mistakes& mistakes);

/// What a file of the kernel says, in the kernel's unit. `raw` is what stood in it.
/// An IIO channel's _raw is combined with its _offset and _scale.
Result<double> read_value(const std::filesystem::path& file, std::string& raw);

/// A sensor that the kernel shows as files: 1-wire, hwmon, IIO, or anything else that holds one number.
class Device final : public acquisition::Driver {
 public:
  /// What all devices of a bus share.
  struct Shared {
    std::filesystem::path root = "/sys";
    std::atomic<bool> cancelled = false;
  };

  Device(std::string key, Place place, std::vector<FilePoint> points, const Shared& shared);

  Result<std::size_t> read(std::span<Reading> into) override;
  std::string raw(std::size_t point) const override { return raw_.at(point); }
  std::string source(std::size_t point) const override;

 private:
  Reading read_point(const std::filesystem::path& folder, std::size_t point);

  std::string key_;
  Place place_;
  std::vector<FilePoint> points_;
  const Shared& shared_;
  std::vector<std::string> raw_;
  std::vector<PowerOnFilter> filters_;
  std::optional<Error> failure_;  ///< the last one of this read
};

}  // namespace fettle::sysfs
