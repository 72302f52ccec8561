#pragma once

#include "acquisition/driver.hpp"
#include "modbus/wire.hpp"

#include <array>
#include <cstddef>

namespace fettle::modbus {

/// Counts what becomes of the questions to one unit.
class Statistics {
 public:
  void answered(Span latency, Span busy);
  /// Everything but timeouts and offline counts as an answer of a kind.
  void failed(const Error& error, Span busy);
  void heard_noise(std::size_t bytes) { counts_.noise += bytes; }

  bool has_latency() const { return filled_ > 0; }
  /// Of the last answers; `share` of them were quicker. Zero if there was none.
  Span latency(double share) const;
  acquisition::LineQuality quality() const;

 private:
  static constexpr std::size_t remembered = 64;

  acquisition::LineQuality counts_;
  std::array<Span, remembered> latencies_{};
  std::size_t filled_ = 0, next_ = 0;
};

}  // namespace fettle::modbus
