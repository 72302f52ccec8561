#pragma once

#include "core/result.hpp"
#include "installation.hpp"
#include "site_patches.hpp"

#include <optional>

namespace fettle {

/// The entry of `then` whose change would make another gateway of a running one, leave its memory behind, or take its broker away.
std::optional<settings::Node> lasting_change(const Installation& now, const Installation& then);

/// What the site file would be with these patches. Fails with what is wrong in it, or with what no patch may change.
Result<Installation> patched_installation(const Installation& now, const SitePatches& patches);

/// True if more devices, assets or other parts would be left out for their mistakes than are already.
bool leaves_out_more(const Installation& now, const Installation& then);

}  // namespace fettle
