#pragma once

#include "settings/node.hpp"

namespace fettle::settings {

/// JSON Merge Patch (RFC 7396): what `patch` says replaces what `base` says, mapping by mapping; null removes, lists are replaced as a
/// whole. Every value keeps the place where it was written, so that mistakes point there.
Node patched(const Node& base, const Node& patch);

}  // namespace fettle::settings
