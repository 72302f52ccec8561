#pragma once

#include "core/time.hpp"
#include "settings/node.hpp"

#include <cstdint>

namespace fettle::store {

/// `store.history:` of a site file.
struct HistorySettings {
  std::uint64_t size = 64'000'000;       ///< bytes on disk, all together; the oldest goes first
  Duration raw = std::chrono::hours{1};  ///< every reading, in memory, as far as there is room
  Duration minutes = Days{14};           ///< aggregates of a minute on disk; older ones of a quarter of an hour
};

HistorySettings read_history(const settings::Node& node, settings::Mistakes& mistakes);

}  // namespace fettle::store
