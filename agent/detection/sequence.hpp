#pragma once

#include "detection/expert.hpp"

#include <cstddef>
#include <memory>

namespace fettle::detection {

/// Follow the order in which values come, through several alphabets and lengths of memory, and find what never came in this order. The
/// longest memory has a table of so many rows of eight counts (a power of two of at least 2), small alphabets one of half as many.
std::unique_ptr<Expert> make_sequence_of_readings(std::size_t rows);
/// The same for means of three readings each.
std::unique_ptr<Expert> make_sequence_of_means(std::size_t rows);

}  // namespace fettle::detection
