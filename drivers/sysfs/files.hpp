#pragma once

#include "core/result.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace fettle::sysfs {

/// The text of a small file; the error says what to do about it.
Result<std::string> read_file(const std::filesystem::path& file);

/// A whole or decimal number, as most files of the kernel hold it.
Result<double> read_number(const std::filesystem::path& file);

/// Names in a folder, in order; empty if there is no such folder.
std::vector<std::string> names_in(const std::filesystem::path& folder);

}  // namespace fettle::sysfs
