#pragma once

#include "core/result.hpp"

#include <string>

namespace fettle {

/// The first line of a file, without its end. Fault::offline if it is empty or cannot be read; errors name the file, and never show what
/// is in it.
Result<std::string> read_password(const std::string& file);

}  // namespace fettle
