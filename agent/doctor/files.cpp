#include "doctor/files.hpp"

#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>
#include <fstream>
#include <iterator>

namespace fettle::doctor {
namespace {

constexpr const char* service_user = "fettle";
constexpr mode_t readable = 4, writable = 2, enterable = 1;

User user_of(const passwd& entry) {
  User user{entry.pw_name, entry.pw_uid, std::vector<gid_t>(64)};
  int count = static_cast<int>(user.groups.size());
  if (::getgrouplist(entry.pw_name, entry.pw_gid, user.groups.data(), &count) < 0) {
    user.groups.resize(static_cast<std::size_t>(count));
    ::getgrouplist(entry.pw_name, entry.pw_gid, user.groups.data(), &count);
  }
  user.groups.resize(static_cast<std::size_t>(count));
  return user;
}

bool may(const User& user, const Ownership& file, mode_t wanted) {
  if (user.id == 0) return true;
  constexpr unsigned owner_bits = 6, group_bits = 3;
  const bool in_group = std::find(user.groups.begin(), user.groups.end(), file.group) != user.groups.end();
  const unsigned shift = user.id == file.owner ? owner_bits : in_group ? group_bits : 0;
  return ((file.mode >> shift) & wanted) == wanted;
}

}  // namespace

User agent_user() {
  if (const auto* const entry = ::getpwnam(service_user)) return user_of(*entry);
  if (const auto* const entry = ::getpwuid(::geteuid())) return user_of(*entry);
  return {std::to_string(::geteuid()), ::geteuid(), {::getegid()}};
}

std::optional<Ownership> ownership_of(const std::filesystem::path& file) {
  struct stat facts {};
  if (::stat(file.c_str(), &facts) != 0) return std::nullopt;
  return Ownership{facts.st_uid, facts.st_gid, facts.st_mode & 07777U};
}

bool may_read(const User& user, const Ownership& file) { return may(user, file, readable); }

bool may_read_and_write(const User& user, const Ownership& file) { return may(user, file, readable | writable); }

bool may_add_to(const User& user, const Ownership& folder) {
  return may(user, folder, readable | writable | enterable);
}

std::vector<std::filesystem::path> forbidden_in(const std::filesystem::path& folder, const User& user) {
  std::vector<std::filesystem::path> found;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator{folder, error}) {
    const auto ownership = ownership_of(entry.path());
    if (entry.is_regular_file(error) && ownership && !may_read_and_write(user, *ownership))
      found.push_back(entry.path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

std::string name_of_group(gid_t group) {
  const auto* const entry = ::getgrgid(group);
  return entry == nullptr ? std::to_string(group) : entry->gr_name;
}

std::string text_of(const std::filesystem::path& file) {
  std::ifstream stream{file};
  return {std::istreambuf_iterator<char>{stream}, {}};
}

std::string first_line_of(const std::filesystem::path& file) {
  std::ifstream stream{file};
  std::string line;
  std::getline(stream, line);
  return line;
}

}  // namespace fettle::doctor
