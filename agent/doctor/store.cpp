#include "core/files.hpp"
#include "doctor/check.hpp"
#include "doctor/files.hpp"
#include "doctor/mounts.hpp"
#include "vitals.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace fettle::doctor {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t journal_and_learned = 50'000'000;  ///< bytes that they may grow to
constexpr std::uint64_t scarce = 10;                       ///< one part in so many of the disk

std::string megabytes(std::uint64_t bytes) { return fmt::format("{:.0f} MB", static_cast<double>(bytes) / 1e6); }

/// The folder itself, or the nearest one above it that exists.
fs::path existing(fs::path folder) {
  std::error_code error;
  folder = fs::weakly_canonical(folder, error);
  while (!fs::exists(folder, error) && folder.has_relative_path()) folder = folder.parent_path();
  return folder;
}

Diagnosis check_folder(const std::string& folder) {
  const auto user = agent_user();
  const auto place = existing(folder);
  const auto ownership = ownership_of(place);
  std::error_code error;
  if (!fs::is_directory(place, error))
    return {Grade::problem, "store", fmt::format("{} is no folder", place.string()),
            "name a folder under store.folder"};
  if (!ownership || !may_add_to(user, *ownership)) {
    return {Grade::problem, "store",
            fmt::format("{} cannot be written by the user {}{}", place.string(), user.name,
                        ownership ? fmt::format(" (it is {}'s)", name_of_user(ownership->owner)) : ""),
            fmt::format("install -d -o {} -m 750 {}", user.name, folder)};
  }
  if (place != fs::weakly_canonical(folder, error))
    return {Grade::ok, "store", fmt::format("{} is not there yet, and will be made", folder)};
  // As root leaves them who tries the agent by hand: it would go on in memory alone.
  if (const auto forbidden = forbidden_in(place, user); !forbidden.empty()) {
    return {Grade::problem, "store",
            fmt::format("{}{} cannot be written by the user {}", forbidden.front().string(),
                        forbidden.size() > 1 ? fmt::format(" and {} more", forbidden.size() - 1) : "", user.name),
            fmt::format("chown -R {0}: {1}; systemctl restart fettle", user.name, folder)};
  }
  return {Grade::ok, "store", fmt::format("{} can be written by the user {}", folder, user.name)};
}

std::uint64_t bytes_in(const std::string& folder) {
  std::uint64_t bytes = 0;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator{folder, error}) {
    const auto size = entry.is_regular_file(error) ? entry.file_size(error) : 0;
    if (!error) bytes += size;
  }
  return bytes;
}

Diagnosis check_space(const Installation& installation) {
  const auto& store = installation.site.store;
  const auto vitals = take_vitals(existing(store).string());
  if (!vitals.free_bytes || !vitals.total_bytes)
    return {Grade::warning, "store", "the free space cannot be told", "look at `df -h`"};
  settings::Mistakes checked_at_load;
  const auto history = store::read_history(installation.site.history, checked_at_load).size;
  const auto buffer = installation.telemetry ? installation.telemetry->buffer : 0;
  const auto wanted = history + buffer + journal_and_learned;
  const auto missing = wanted - std::min(wanted, bytes_in(store));
  const auto text = fmt::format("{} free; history, telemetry and journal may grow by {}", megabytes(*vitals.free_bytes),
                                megabytes(missing));
  if (missing > *vitals.free_bytes)
    return {Grade::problem, "store", text, "make room, or lower store.history.size and telemetry.buffer"};
  if (*vitals.free_bytes < *vitals.total_bytes / scarce)
    return {Grade::warning, "store", text, "the disk is nearly full: make room, or use a larger one"};
  return {Grade::ok, "store", text};
}

/// "SD" or "MMC", as the kernel calls a card and what is soldered on; empty for other disks.
std::string card_kind(const std::string& disk, const Roots& roots) {
  return disk.starts_with("mmcblk") ? first_line_of(roots.sys / "block" / disk / "device/type") : std::string{};
}

Diagnosis check_disk(const Installation& installation, const Roots& roots) {
  const auto mount = mount_of(text_of(roots.proc / "self/mountinfo"), existing(installation.site.store));
  if (!mount)
    return {Grade::warning, "store", "its file system cannot be told",
            "look at `findmnt -T " + installation.site.store + "`"};
  const auto name = fmt::format("{} on {}", mount->kind, mount->source);
  if (mount->is_read_only)
    return {Grade::problem, "store", name + " is mounted read-only",
            "mount it for writing, or name another store.folder"};
  if (is_in_memory(*mount))
    return {Grade::warning, "store", name + ": open alerts and all that was learned are gone with a power cut",
            "put store.folder on a disk"};
  const auto per_day = installation.site.writes_per_day;
  const bool is_card = card_kind(disk_of(mount->source), roots) == "SD";
  if (is_card && per_day == 0)
    return {Grade::warning, "store", name + ", an SD card, and nothing limits what is written",
            "set store.writes_per_day, e.g. 20MB"};
  const auto wear = per_day == 0 ? std::string{"no limit on writing"}
                                 : fmt::format("at most {} a day are written", megabytes(per_day));
  if (is_card)
    return {Grade::warning, "store", fmt::format("{}, an SD card; {}", name, wear),
            "use an industrial card, eMMC or an SSD: cheap cards die of power cuts"};
  return {Grade::ok, "store", fmt::format("{}; {}", name, wear)};
}

std::vector<Diagnosis> check_store(const Patient& patient) {
  if (!patient.installation) return {};
  const auto& installation = *patient.installation;
  std::vector<Diagnosis> found{check_folder(installation.site.store), check_disk(installation, patient.roots),
                               check_space(installation)};
  if (patient.agent && !patient.agent->store.trouble.empty())
    found.push_back({Grade::problem, "store", "the agent cannot write: " + patient.agent->store.trouble,
                     "make room or replace the disk; alerts are kept in memory until then"});
  return found;
}

const Registration<DoctorCheck> entry{"store", "The store's folder: rights, space, file system, wear", check_store};

}  // namespace
}  // namespace fettle::doctor
