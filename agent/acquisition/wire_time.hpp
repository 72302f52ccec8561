#pragma once

#include "acquisition/driver.hpp"
#include "core/time.hpp"

#include <chrono>
#include <optional>

namespace fettle::acquisition {

/// A Driver that knows how long its device takes the wire, before anything is asked.
class WireTime {
 public:
  WireTime() = default;
  WireTime(const WireTime&) = delete;
  WireTime& operator=(const WireTime&) = delete;
  virtual ~WireTime() = default;

  /// How long a poll of these points takes while everything goes well; nothing if the wire is nobody's bottleneck.
  virtual std::optional<std::chrono::microseconds> wire_time(ClassSet wanted) const = 0;

  /// How long an answer is waited for.
  virtual Duration patience() const = 0;
};

}  // namespace fettle::acquisition
