#pragma once

#include "settings/node.hpp"
#include "settings/pattern.hpp"

#include <cstddef>
#include <vector>

namespace fettle::settings {

/// As many machines of a kind as one entry may stand for.
inline constexpr std::size_t most_repetitions = 1'000;

/// Reads `for:` of an entry that stands for several:
///
///     for: {n: 1..50}                                       the numbers from 1 to 50
///     for: {n: [1, 3, 7..9], flat: [A, B, C, D, E]}         side by side: 1 with A, 3 with B ...
///     for: [{n: 1..4, floor: 1}, {n: 5..8, floor: 2}]       one row after the other; a single value holds for its whole row
///
/// One set of variables a repetition, all with the same names; none if there is a mistake.
std::vector<Variables> read_repetitions(const Node& node, Mistakes& mistakes);

}  // namespace fettle::settings
