#pragma once

#include "acquisition/profile.hpp"
#include "csv/history.hpp"

#include <string>
#include <vector>

namespace fettle::csv {

/// Whatever cannot be used is recorded.
Layout read_layout(const acquisition::DeviceProfile& profile, settings::Mistakes& mistakes);

/// The same, and the profile's examples are read: `csv:` holds a header and one row.
void check_profile(const acquisition::DeviceProfile& profile, settings::Mistakes& mistakes);

/// What a device says with `file` or `files`: beside the site file, in `folder` there, unless they say otherwise.
std::vector<std::string> read_files(settings::Fields& device, const std::string& folder);

/// Records each column that a file lacks, at the place in the profile that asks for it.
void check_columns(const acquisition::DeviceProfile& profile, const Layout& layout, const Table& table,
                   settings::Mistakes& mistakes);

}  // namespace fettle::csv
