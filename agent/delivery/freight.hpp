#pragma once

#include "delivery/broker.hpp"

#include <cstdint>
#include <optional>

namespace fettle::delivery {

/// What travels when nothing more important waits: telemetry batches. Delivery asks for the next one whenever its window has room after
/// info, status, answers and alerts.
class Freight {
 public:
  /// A message, and the number by which it is told that the broker has it.
  struct Parcel {
    Message message;
    std::uint64_t number = 0;
  };

  Freight() = default;
  Freight(const Freight&) = delete;
  Freight& operator=(const Freight&) = delete;
  virtual ~Freight() = default;

  /// The next parcel in order, each once unless the link was lost; it keeps its number then. Nothing while there is none, or while the catch-up rate forbids it.
  virtual std::optional<Parcel> next() = 0;
  virtual void delivered(std::uint64_t number) = 0;
  /// The connection is gone: all that was not delivered is to be sent again, in order.
  virtual void link_lost() = 0;
  virtual void link_up() = 0;
};

}  // namespace fettle::delivery
