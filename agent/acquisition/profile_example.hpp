#pragma once

#include "acquisition/profile.hpp"

namespace fettle::acquisition {

/// One entry of `examples:` of a profile whose points are known.
ProfileExample read_example(const settings::Node& node, const DeviceProfile& profile, RegisterTable table,
                            settings::Mistakes& mistakes);

}  // namespace fettle::acquisition
