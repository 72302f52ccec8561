#pragma once

#include "delivery/documents.hpp"

#include <filesystem>

namespace fettle::delivery {

/// Where time daemons leave word that the clock is right.
struct ClockFiles {
  std::filesystem::path timesyncd = "/run/systemd/timesync/synchronized";
  std::filesystem::path chrony_running = "/run/chrony/chronyd.pid";
  std::filesystem::path chrony_drift = "/var/lib/chrony/chrony.drift";
};

/// What the time daemons' files say; none where nothing can be told. timesyncd's file exists from its first synchronisation after the
/// boot on. chronyd writes its drift file only while it follows a source, so one that is younger than the running chronyd is a proof;
/// that needs the right to look into its folders.
ClockState clock_by_files(const ClockFiles& files = {});

/// The operator vouches for the clock, or it is a simulated one.
constexpr ClockState vouched_clock() { return {ClockSync::manual, std::nullopt}; }

}  // namespace fettle::delivery
