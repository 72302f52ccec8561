#pragma once

#include "modbus/pdu.hpp"
#include "modbus/wire.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace fettle::modbus {

/// How long characters take on a serial line.
struct LineTiming {
  Span character{};  ///< one character with start, parity and stop bits
  Span silence{};    ///< t3.5, which separates frames

  static LineTiming of(unsigned baud, unsigned bits_per_character);
};

/// Characters of a question and of an answer beside its registers.
inline constexpr long exchange_overhead = 13;

/// How many registers that nobody wants cost less on a serial line than another request.
std::size_t break_even(const LineTiming& timing, Span min_gap, std::optional<Span> turnaround);

/// Bytes on a serial line by its rules, whatever they mean: knows when the last one travelled, and keeps what has come since the last
/// question.
class SerialTalk {
 public:
  /// Bytes beyond which only the latest are kept.
  static constexpr std::size_t most_kept = 1024;

  SerialTalk(Wire& wire, const LineTiming& timing, Moment last_byte = {})
      : wire_{wire}, timing_{timing}, last_byte_{last_byte} {}

  const LineTiming& timing() const { return timing_; }
  const std::vector<std::uint8_t>& received() const { return received_; }

  /// Reads until nothing has come for so long; what did come is in received(). Fault::malformed if that takes longer than `patience`.
  Result<void> wait_for_silence(Span silence, Span patience);
  /// Forgets what has come, and sends a frame; gives the moment at which its last bit leaves.
  Result<Moment> send(ByteSpan frame);
  /// Appends what comes next; 0 if nothing does until the deadline.
  Result<std::size_t> receive(Moment deadline);
  void forget() { received_.clear(); }
  /// What still comes, comes until then.
  void expect_bytes_until(Moment moment) { last_byte_ = moment; }

 private:
  Wire& wire_;
  LineTiming timing_;
  Moment last_byte_;  ///< in either direction
  std::vector<std::uint8_t> received_;
};

}  // namespace fettle::modbus
