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
  std::string by;  ///< "dispatch/m.lee"
  Time at{};
  boost::json::object patch;  ///< RFC 7396
  std::string jti;            ///< of the command that brought it: the same one again changes nothing
};

/// What the back office has changed about a site file: the file stays as the installer left it, the patches lie in the store's folder and
/// are laid over it in their order.
struct SitePatches {
  std::vector<SitePatch> all;
  /// Since when the latest one has not proved itself: the broker was not reached with it yet.
  std::optional<Time> on_trial;
  std::uint64_t highest = 0;  ///< revision that was ever given out; one that was taken back is not given out again

  std::uint64_t rev() const { return all.empty() ? 0 : all.back().rev; }
  /// The one that this command brought; null if none.
  const SitePatch* find(std::string_view by, std::string_view jti) const;
  void add(SitePatch patch);
  /// The latest one has not proved itself.
  void take_back();
};

/// `<store>/config-patches.json`
std::string patches_file(const std::string& store_folder);

/// None if there is no such file; an Error for one that cannot be read.
Result<SitePatches> load_patches(const std::string& store_folder);

/// Replaces the file as a whole; afterwards it survives a power cut.
Result<void> save_patches(const std::string& store_folder, const SitePatches& patches);

/// The site file with its patches laid over it. A patch that is no YAML any more is a mistake.
settings::Node with_patches(settings::Node root, const SitePatches& patches, settings::Mistakes& mistakes);

/// The settings as JSON: numbers and truth values as such, everything else as text. Variables of the environment stay variables.
boost::json::value to_json(const settings::Node& node);

}  // namespace fettle
