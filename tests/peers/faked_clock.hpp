#pragma once

#include "support/temp_dir.hpp"

#include <chrono>
#include <filesystem>
#include <map>
#include <string>

namespace fettle::test {

/// The clock of a child, set by libfaketime while it runs; its monotonic clock stays as it is, as on a machine whose clock is set.
class FakedClock {
 public:
  /// "+0": right; "-1d": a day behind.
  explicit FakedClock(const std::string& reading) { set(reading); }

  /// As on a machine without a battery that was started at 1970's first hour, and runs since.
  static std::string in_1970() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const auto runs = std::chrono::steady_clock::now().time_since_epoch() + std::chrono::hours{1};
    return "-" + std::to_string(std::chrono::floor<std::chrono::seconds>(now - runs).count());
  }

  void set(const std::string& reading) const {
    // In one step, so that nobody reads half of it.
    std::filesystem::rename(folder_.write("next", reading + "\n"), folder_.path() / "reading");
  }

  std::map<std::string, std::string> environment() const {
    return {{"LD_PRELOAD", FETTLE_FAKETIME}, {"FAKETIME_TIMESTAMP_FILE", folder_.file("reading")},
            {"FAKETIME_NO_CACHE", "1"},      {"FAKETIME_DONT_FAKE_MONOTONIC", "1"},
            {"NO_FAKE_STAT", "1"},           {"TZ", "UTC"}};
  }

 private:
  TempDir folder_;
};

}  // namespace fettle::test
