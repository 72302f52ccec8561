#pragma once

#include "acquisition/registers.hpp"
#include "core/result.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace fettle::modbus {

using acquisition::RegisterTable;
using Words = std::vector<std::uint16_t>;
using ByteSpan = std::span<const std::uint8_t>;

/// Neighbouring registers that are read at once; or bits, which are counted as if they were registers.
struct Request {
  RegisterTable table = RegisterTable::holding;
  std::uint16_t address = 0;
  std::uint16_t count = 0;  ///< 1 to 125

  std::uint8_t function() const { return static_cast<std::uint8_t>(table); }
  std::uint8_t answer_bytes() const {
    return static_cast<std::uint8_t>(acquisition::holds_bits(table) ? (count + 7) / 8 : 2 * count);
  }
};

/// Added to the function code of an answer that refuses.
inline constexpr std::uint8_t refusal_bit = 0x80;

/// Function, address and count as they travel in every frame.
std::array<std::uint8_t, 5> encode(const Request& request);

/// The registers of an answer without its frame; or how the device refused, or what is wrong with it.
/// Fault::unsupported: the device does not have these registers, or not as one piece.
Result<Words> decode_answer(const Request& request, ByteSpan pdu);

/// "exception 2 (illegal data address)"
std::string exception_text(std::uint8_t code);

}  // namespace fettle::modbus
