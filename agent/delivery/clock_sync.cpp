#include "delivery/clock_sync.hpp"

#include <system_error>

namespace fettle::delivery {
namespace {

namespace fs = std::filesystem;

bool chrony_follows_a_source(const ClockFiles& files) {
  std::error_code code;
  const auto started = fs::last_write_time(files.chrony_running, code);
  if (code) return false;
  const auto corrected = fs::last_write_time(files.chrony_drift, code);
  return !code && corrected > started;
}

}  // namespace

ClockState clock_by_files(const ClockFiles& files) {
  std::error_code code;
  const bool synchronised = fs::exists(files.timesyncd, code) || chrony_follows_a_source(files);
  return {synchronised ? ClockSync::ntp : ClockSync::none, std::nullopt};
}

}  // namespace fettle::delivery
