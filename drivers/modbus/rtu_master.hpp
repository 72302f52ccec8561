#pragma once

#include "modbus/master.hpp"
#include "modbus/wire.hpp"

#include <cstdint>
#include <vector>

namespace fettle::modbus {

/// How long characters take on a serial line.
struct LineTiming {
  Span character{};  ///< one character with start, parity and stop bits
  Span silence{};    ///< t3.5, which separates frames

  static LineTiming of(unsigned baud, unsigned bits_per_character);
};

/// The master of a serial line: keeps the silence between frames, throws away what is left from earlier questions, and waits
/// through noise, echo and strangers for its own answer until the time is up.
class RtuMaster final : public Master {
 public:
  RtuMaster(Wire& wire, const LineTiming& timing) : wire_{wire}, timing_{timing} {}

  Result<Words> ask(const Station& station, const Request& request) override;

 private:
  Result<void> wait_for_silence(const Station& station);
  Result<void> send(std::span<const std::uint8_t> frame);
  Result<Words> await_answer(const Station& station, const Request& request);
  Result<std::size_t> receive(Moment deadline);
  Error give_up(Error error);

  Wire& wire_;
  LineTiming timing_;
  Opener opener_;
  Moment last_byte_{};  ///< in either direction
  std::vector<std::uint8_t> received_;
};

}  // namespace fettle::modbus
