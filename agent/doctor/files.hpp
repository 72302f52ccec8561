#pragma once

#include <sys/types.h>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace fettle::doctor {

/// Somebody the agent runs as.
struct User {
  std::string name;
  uid_t id = 0;
  std::vector<gid_t> groups;
};

/// The user of the installed service, `fettle`, where there is one; whoever asks otherwise.
User agent_user();

/// Whose a file is, and who may do what.
struct Ownership {
  uid_t owner = 0;
  gid_t group = 0;
  mode_t mode = 0;  ///< permission bits

  bool is_for_all_to_read() const { return (mode & 0004U) != 0; }
};

std::optional<Ownership> ownership_of(const std::filesystem::path& file);

/// By the permission bits alone, as the kernel looks at them: the first class that fits counts.
bool may_read(const User& user, const Ownership& file);
bool may_read_and_write(const User& user, const Ownership& file);
/// For a folder: to make files in it.
bool may_add_to(const User& user, const Ownership& folder);

/// The files of a folder, not of those in it, that the user may not write.
std::vector<std::filesystem::path> forbidden_in(const std::filesystem::path& folder, const User& user);

std::string name_of_group(gid_t group);

/// The whole file; empty if it cannot be read.
std::string text_of(const std::filesystem::path& file);
std::string first_line_of(const std::filesystem::path& file);

}  // namespace fettle::doctor
