#pragma once

#include "core/result.hpp"
#include "core/time.hpp"
#include "settings/node.hpp"
#include "settings/site.hpp"

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

/// A change that waits until the rollout has come to this gateway's ring, and for its start.
struct HeldPatch {
  SitePatch patch;                 ///< gets its revision when it is laid over the site file
  int ring = settings::last_ring;  ///< which the rollout has come to
  std::optional<Time> start;
  std::optional<std::uint64_t> if_rev;  ///< the revision that it is meant to follow

  /// What it waits for, in words; empty if nothing.
  std::string waits_for(int own_ring, Time now) const;
};

enum class ChangeState : std::uint8_t { trial, applied, rejected, rolled_back, withdrawn };

/// As `info` says it: "rolled-back".
std::string_view name_of(ChangeState state);

/// What became of the latest change.
struct SettingsChange {
  ChangeState state = ChangeState::trial;
  std::string by, jti;    ///< of its command
  std::uint64_t rev = 0;  ///< 0 if it was never laid over the site file
  std::string why;        ///< it is not followed
};

/// What the back office has changed about a site file: the file stays as the installer left it, the patches lie in the store's folder and
/// are laid over it in their order.
struct SitePatches {
  std::vector<SitePatch> all;
  /// Since when the latest one has not proved itself: the broker was not reached with it yet.
  std::optional<Time> on_trial;
  std::uint64_t highest = 0;  ///< revision that was ever given out; one that was taken back is not given out again
  std::optional<HeldPatch> held;
  std::optional<SettingsChange> latest;

  std::uint64_t rev() const { return all.empty() ? 0 : all.back().rev; }
  /// The one that this command brought; null if none.
  const SitePatch* find(std::string_view by, std::string_view jti) const;
  /// Lays it over the others, on trial.
  void add(SitePatch patch);
  /// The latest one has proved itself.
  void keep();
  /// The latest one has not proved itself.
  void take_back(std::string why);
  /// It cannot be followed.
  void reject(const SitePatch& patch, std::string why);
  /// The held one is not wanted any more.
  void withdraw();
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
