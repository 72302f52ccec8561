#pragma once

#include "settings/node.hpp"

namespace fettle::settings {

/// Where mistakes in the short forms of a site file belong.
struct ExpansionMistakes {
  Mistakes& whole;     ///< in buses: they concern all
  Mistakes& confined;  ///< in a device or an asset
};

/// A site file with everything written out that it says in short: an entry with `for:` in `buses`, `devices` or `assets` becomes as many
/// entries, and a device has what the `defaults` of its bus say and it does not say itself. Every value keeps its place in the file; what
/// differs from entry to entry is named "devices[0] (meter_4).unit". An entry whose `for:` cannot be used stays as it is.
Node written_out(const Node& root, const ExpansionMistakes& mistakes);

}  // namespace fettle::settings
