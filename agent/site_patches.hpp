#pragma once

#include "core/result.hpp"
#include "core/time.hpp"
#include "settings/node.hpp"

#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace fettle {

/// A change of the settings that the back office has sent.
struct SitePatch {
  std::uint64_t rev = 0;
  std::string by;
  Time at{};
  boost::json::object patch;  ///< RFC 7396
};

/// What the back office has changed about a site file: the file stays as the installer left it, the patches lie in the store's folder and
/// are laid over it in their order.
struct SitePatches {
  std::vector<SitePatch> all;
  std::optional<Time>
      on_trial;  ///< since when the latest one has not proved itself: the broker was not reached with it yet

  std::uint64_t rev() const { return all.empty() ? 0 : all.back().rev; }
};

/// `<store>/config-patches.json`
std::string patches_file(const std::string& store_folder);

/// None if there is no such file; an Error for one that cannot be read.
Result<SitePatches> load_patches(const std::string& store_folder);

/// Replaces the file as a whole; afterwards it survives a power cut.
Result<void> save_patches(const std::string& store_folder, const SitePatches& patches);

/// The site file with its patches laid over it. A patch that is no YAML any more is a mistake.
settings::Node with_patches(settings::Node root, const SitePatches& patches, settings::Mistakes& mistakes);

/// The settings as JSON: numbers and truth values as such, everything else as text.
boost::json::value to_json(const settings::Node& node);

}  // namespace fettle
