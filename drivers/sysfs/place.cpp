#include "sysfs/place.hpp"

#include "sysfs/files.hpp"
#include "text/words.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

namespace fettle::sysfs {
namespace {

namespace fs = std::filesystem;

struct Kind {
  PlaceKind kind;
  const char* key;
  const char* folder;  ///< under the root; nullptr: the root itself
  const char* remedy;  ///< where the folder is not there at all
};

constexpr std::array<Kind, 4> kinds{{
    {PlaceKind::one_wire, "one_wire", "bus/w1/devices",
     "is the 1-wire driver loaded? On a Raspberry Pi: dtoverlay=w1-gpio in config.txt"},
    {PlaceKind::hwmon, "hwmon", "class/hwmon", "is the chip's driver loaded?"},
    {PlaceKind::iio, "iio", "bus/iio/devices", "is the converter's driver loaded?"},
    {PlaceKind::folder, "folder", "", "check root and folder"},
}};

const Kind& facts(PlaceKind kind) {
  return *std::find_if(kinds.begin(), kinds.end(), [kind](const Kind& each) { return each.kind == kind; });
}

std::string content_of(const fs::path& file) {
  const auto text = read_file(file);
  return text ? std::string{text::trimmed(*text)} : std::string{};
}

/// The names by which people know hwmon2 or iio:device0: its own, its chip's, its place on the board's buses.
std::vector<std::string> names_of(const fs::path& folder) {
  std::vector<std::string> names{folder.filename().string()};
  for (const auto* const file : {"name", "label"}) {
    if (auto name = content_of(folder / file); !name.empty()) names.push_back(std::move(name));
  }
  std::error_code error;
  if (const auto device = fs::read_symlink(folder / "device", error); !error)
    names.push_back(device.filename().string());
  // An IIO device is itself a link into the folder of its chip: .../1-0048/iio:device0.
  if (const auto target = fs::canonical(folder, error); !error)
    names.push_back(target.parent_path().filename().string());
  return names;
}

bool has_name(const fs::path& folder, const std::string& name) {
  const auto names = names_of(folder);
  return std::find(names.begin(), names.end(), name) != names.end();
}

Result<fs::path> find_by_name(const Place& place, const fs::path& folder) {
  std::vector<std::string> there;
  std::vector<fs::path> found;
  for (const auto& entry : names_in(folder)) {
    const auto chip = content_of(folder / entry / "name");
    there.push_back(chip.empty() ? entry : fmt::format("{} ({})", chip, entry));
    if (has_name(folder / entry, place.name)) found.push_back(folder / entry);
  }
  if (found.size() == 1) return found.front();
  const auto list = there.empty() ? std::string{"nothing"} : fmt::format("{}", fmt::join(there, ", "));
  if (found.empty())
    return failure(Fault::timeout, fmt::format("no \"{}\" in {}; there is {}", place.name, folder.string(), list));
  return failure(Fault::timeout,
                 fmt::format("{} of {} are called \"{}\"; use the bus address in {}/*/device instead ({})",
                             found.size(), there.size(), place.name, folder.string(), list));
}

}  // namespace

std::string Place::text() const { return fmt::format("{}:{}", facts(kind).key, name); }

Place read_place(settings::Fields& fields) {
  std::optional<Place> place;
  for (const auto& kind : kinds) {
    const auto name = fields.text(kind.key, "");
    if (name.empty()) continue;
    if (place) fields.mistakes().add(fields.node()[kind.key], fmt::format("stands beside {}", facts(place->kind).key));
    if (name.find("..") != std::string::npos || (kind.kind != PlaceKind::folder && name.find('/') != std::string::npos))
      fields.mistakes().add(fields.node()[kind.key], fmt::format("\"{}\" is no name of a device", name));
    place = Place{kind.kind, name};
  }
  if (!place) {
    fields.mistakes().add(fields.node(), "which device? one_wire: 28-..., hwmon: NAME, iio: NAME, or folder: PATH");
    return {};
  }
  return *place;
}

Result<fs::path> find(const Place& place, const fs::path& root) {
  const auto& kind = facts(place.kind);
  const auto folder = root / kind.folder;
  std::error_code error;
  if (!fs::is_directory(folder, error))
    return failure(Fault::offline, fmt::format("there is no {}; {}", folder.string(), kind.remedy));
  if (place.kind == PlaceKind::hwmon || place.kind == PlaceKind::iio) return find_by_name(place, folder);
  const auto own = folder / place.name;
  if (fs::is_directory(own, error)) return own;
  auto there = names_in(folder);
  std::erase_if(there, [](const std::string& name) { return name.starts_with("w1_bus_master"); });
  const auto list = there.empty() ? std::string{"nothing"} : fmt::format("{}", fmt::join(there, ", "));
  return failure(Fault::timeout, fmt::format("no \"{}\" in {}; there is {}", place.name, folder.string(),
                                             place.kind == PlaceKind::folder ? "no such folder" : list));
}

}  // namespace fettle::sysfs
