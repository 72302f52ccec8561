#pragma once

#include "modbus/pdu.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace fettle::modbus {

/// Transaction, protocol, length and unit, which stand before every PDU.
using TcpHeader = std::array<std::uint8_t, 7>;
TcpHeader tcp_header(std::uint16_t transaction, std::uint8_t unit, std::size_t pdu_size);

using TcpRequest = std::array<std::uint8_t, 12>;
TcpRequest encode_tcp(std::uint16_t transaction, std::uint8_t unit, const Request& request);

/// One frame at the beginning of what a connection brought.
struct TcpFrame {
  std::uint16_t transaction = 0;
  std::uint8_t unit = 0;
  ByteSpan pdu;
  std::size_t size = 0;  ///< of the whole frame

  bool answers(std::uint16_t asked, std::uint8_t asked_unit) const {
    return transaction == asked && unit == asked_unit;
  }
};

/// Nothing while the frame is incomplete. Fault::malformed if this is no Modbus: the connection has lost its place for good.
Result<std::optional<TcpFrame>> first_tcp_frame(ByteSpan received);

}  // namespace fettle::modbus
