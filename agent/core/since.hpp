#pragma once

#include "core/time.hpp"

#include <optional>

namespace fettle {

/// Keeps since when something is so without a break: from now on if it has just begun, or the clock was set back; none if it is not so.
inline void keep_since(std::optional<Time>& since, bool is_so, Time now) {
  if (!is_so) {
    since.reset();
  } else if (!since || now < *since) {
    since = now;
  }
}

}  // namespace fettle
