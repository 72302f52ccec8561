#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace fettle::delivery {

/// A status document for a store that lays each one over the last (a twin, a shadow): a member that it may have and has not is null, which
/// removes it there, and the digest is a list of {"slot", "id"}, for lists are replaced as a whole. Of the digest as many entries are left
/// as fit into `limit` bytes; the others are counted in `openMore`. Nothing if `status` is no status document.
std::optional<std::string> merged_status(std::string_view status, std::size_t limit);

/// An info document for the same: what it may have and has not is null. Without the points of its assets where it would be longer than
/// `limit` bytes; it may be so all the same. Nothing if `info` is no info document.
std::optional<std::string> merged_info(std::string_view info, std::size_t limit);

}  // namespace fettle::delivery
