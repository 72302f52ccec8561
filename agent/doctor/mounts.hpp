#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace fettle::doctor {

/// Where a folder lies.
struct Mount {
  std::string point, kind, source;  ///< "/", "ext4", "/dev/mmcblk0p2"
  bool is_read_only = false;
};

/// The file system that a folder lies on, by the lines of /proc/self/mountinfo (proc(5)).
std::optional<Mount> mount_of(std::string_view mountinfo, const std::filesystem::path& folder);

/// True if what is written there is gone with the next boot.
bool is_in_memory(const Mount& mount);

/// The disk behind a partition: "mmcblk0" for "/dev/mmcblk0p2", "sda" for "/dev/sda1"; empty if it is none.
std::string disk_of(std::string_view source);

}  // namespace fettle::doctor
