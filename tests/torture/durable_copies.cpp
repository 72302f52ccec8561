#include "torture/durable_copies.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>
#include <climits>
#include <fstream>
#include <system_error>

namespace fettle::test {
namespace {

namespace fs = std::filesystem;

constexpr const char* unfinished = "unfinished";

}  // namespace

std::string identity_of(const fs::path& file) {
  struct statx facts {};
  if (statx(AT_FDCWD, file.c_str(), 0, STATX_INO | STATX_BTIME, &facts) != 0) return {};
  return std::to_string(facts.stx_ino) + "-" + std::to_string(facts.stx_btime.tv_sec) + "-" +
         std::to_string(facts.stx_btime.tv_nsec);
}

std::string path_of(int descriptor) {
  char path[PATH_MAX];
  const auto size = readlink(("/proc/self/fd/" + std::to_string(descriptor)).c_str(), path, sizeof path);
  return size > 0 ? std::string{path, static_cast<std::size_t>(size)} : std::string{};
}

void DurableCopies::keep(int descriptor) const {
  const fs::path path = path_of(descriptor);
  if (fs::is_directory(path)) return keep_names(path);
  if (fs::is_regular_file(path)) keep_file(path);
}

void DurableCopies::keep_all() const {
  for (const auto& each : all()) fs::remove(each.copy);
  for (const auto& entry : fs::recursive_directory_iterator{folder_}) {
    if (entry.is_regular_file()) keep_file(entry.path());
  }
}

/// The copy takes its place in one step, so that a kill in the middle leaves the older one: fsync had not returned yet.
void DurableCopies::keep_file(const fs::path& file) const {
  const auto identity = identity_of(file);
  const auto name = name_of(file);
  const auto place = place_of(identity, name);
  fs::copy_file(file, copies_ / unfinished, fs::copy_options::overwrite_existing);
  fs::rename(copies_ / unfinished, place);
  for (const auto& each : all()) {
    if (each.copy != place && (each.identity == identity || each.name == name)) fs::remove(each.copy);
  }
}

void DurableCopies::keep_names(const fs::path& folder) const {
  const auto known = all();
  for (const auto& entry : fs::directory_iterator{folder}) {
    if (!entry.is_regular_file()) continue;
    const auto identity = identity_of(entry.path());
    const auto place = place_of(identity, name_of(entry.path()));
    if (fs::exists(place)) continue;
    // Renamed: what was kept under the old name. New: a name without content.
    const auto old =
        std::find_if(known.begin(), known.end(), [&](const auto& each) { return each.identity == identity; });
    if (old != known.end()) {
      fs::rename(old->copy, place);
    } else {
      std::ofstream{place};
    }
  }
  for (const auto& each : all()) {
    const auto original = folder_ / each.name;
    if (original.parent_path() == folder && identity_of(original) != each.identity) fs::remove(each.copy);
  }
}

std::vector<DurableCopy> DurableCopies::all() const {
  std::vector<DurableCopy> result;
  for (const auto& entry : fs::directory_iterator{copies_}) {
    const auto file = entry.path().filename().string();
    const auto dot = file.find('.');
    if (file == unfinished || dot == std::string::npos) continue;
    auto name = file.substr(dot + 1);
    std::replace(name.begin(), name.end(), '%', '/');
    result.push_back({file.substr(0, dot), std::move(name), entry.path()});
  }
  return result;
}

fs::path DurableCopies::place_of(const std::string& identity, const std::string& name) const {
  auto flat = name;
  std::replace(flat.begin(), flat.end(), '/', '%');
  return copies_ / (identity + "." + flat);
}

std::string DurableCopies::name_of(const fs::path& file) const { return file.lexically_relative(folder_).string(); }

}  // namespace fettle::test
