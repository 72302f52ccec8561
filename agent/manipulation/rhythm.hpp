#pragma once

#include "core/quantity.hpp"
#include "core/time.hpp"

namespace fettle::manipulation {

/// How often it is worth looking at a quantity for what is unusual: fast enough for what its machines do, and slow enough that one look is
/// not the same as the one before. Looked at are means of so long (`period_mean`, or `period_rate` of what is counted).
Duration rhythm_of(Quantity quantity);

}  // namespace fettle::manipulation
