#pragma once

#include "detection/expert.hpp"

#include <cstddef>
#include <memory>

namespace fettle::detection {

/// Follows the order in which values come, through several alphabets and lengths of memory, and finds what never came in this order. The
/// longest memory has a table of so many rows of eight counts (a power of two of at least 2), small alphabets one of half as many.
std::unique_ptr<Expert> make_sequence(std::size_t rows);

}  // namespace fettle::detection
