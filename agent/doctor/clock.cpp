#include "doctor/check.hpp"
#include "doctor/files.hpp"

#include <fmt/format.h>

namespace fettle::doctor {
namespace {

/// Nothing of this program is older.
constexpr Time earliest = std::chrono::sys_days{std::chrono::year{2025} / 1 / 1};

std::vector<Diagnosis> check_clock(const Patient& patient) {
  const auto time = to_rfc3339(std::chrono::floor<std::chrono::seconds>(patient.now));
  std::vector<Diagnosis> found;
  if (patient.now < earliest)
    found.push_back({Grade::problem, "clock", "it is " + time + " here",
                     "set it: timedatectl set-time, and let a time server keep it right"});
  const bool vouched = patient.installation && patient.installation->site.gateway.clock == settings::ClockSource::trust;
  const bool synchronised = vouched ||
                            delivery::clock_by_files(patient.roots.clock).sync != delivery::ClockSync::none ||
                            (patient.agent && patient.agent->clock.sync != "none");
  if (synchronised) {
    found.push_back(
        {Grade::ok, "clock", fmt::format("{}, {}", time, vouched ? "vouched for by the site file" : "synchronised")});
  } else {
    found.push_back({Grade::warning, "clock", time + ", and no time server keeps it right as far as can be told",
                     "timedatectl set-ntp true (UDP port 123 must be open), or chrony; or gateway.clock: trust if "
                     "another program sets it"});
  }
  std::error_code error;
  if (!std::filesystem::exists(patient.roots.sys / "class/rtc/rtc0", error))
    found.push_back({Grade::warning, "clock",
                     "no battery-backed clock: after a power cut the time is wrong until a time server answers",
                     "fine with a network; without one, fit a real-time clock"});
  if (!patient.installation) return found;
  const auto& zone = patient.installation->site.location.tz;
  if (!zone.empty() && std::filesystem::exists(patient.roots.zones, error) &&
      !std::filesystem::exists(patient.roots.zones / zone, error))
    found.push_back({Grade::problem, "time zone", fmt::format("this system knows no \"{}\"", zone),
                     "write it as in Europe/Berlin; `timedatectl list-timezones` shows all"});
  return found;
}

const Registration<DoctorCheck> entry{"clock", "The time, who keeps it right, the time zone", check_clock};

}  // namespace
}  // namespace fettle::doctor
