#pragma once

#include "modbus/pdu.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>

namespace fettle::modbus {

/// The check sum of a serial frame.
std::uint16_t crc16(ByteSpan bytes);

/// As it stands at a frame's end.
std::array<std::uint8_t, 2> sum_bytes(ByteSpan frame);
/// True if a frame ends with its check sum.
bool has_good_sum(ByteSpan frame);

using RtuRequest = std::array<std::uint8_t, 8>;
RtuRequest encode_rtu(std::uint8_t unit, const Request& request);

/// What a serial line brought after a request.
struct RtuScan {
  std::optional<ByteSpan> answer;           ///< the PDU of the one frame that answers the request
  std::optional<std::uint8_t> foreign;      ///< another unit spoke
  std::optional<std::uint8_t> wrong_bytes;  ///< the unit answered with another byte count
  bool wrong_function = false;              ///< the unit answered another function
};

/// Looks for the answer. Noise around it, a local echo of the request and frames of other units are stepped over; only a frame
/// with the right unit, function, byte count and check sum is an answer.
RtuScan scan_rtu(ByteSpan received, std::uint8_t unit, const Request& request);

/// Why `received` is not an answer, for people: to be asked when the time is up.
Error explain_rtu(ByteSpan received, std::uint8_t unit, const Request& request, std::string_view waited);

}  // namespace fettle::modbus
