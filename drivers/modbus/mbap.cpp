#include "modbus/mbap.hpp"

#include <algorithm>

namespace fettle::modbus {
namespace {

constexpr std::size_t header_size = std::tuple_size_v<TcpHeader>;
constexpr std::size_t shortest = 3;  // of what the length counts: unit, function, exception
constexpr std::size_t longest = 254;

std::uint16_t word_at(ByteSpan bytes, std::size_t place) {
  return static_cast<std::uint16_t>(bytes[place] << 8U | bytes[place + 1]);
}

}  // namespace

TcpHeader tcp_header(std::uint16_t transaction, std::uint8_t unit, std::size_t pdu_size) {
  const auto length = pdu_size + 1;
  return {static_cast<std::uint8_t>(transaction >> 8U), static_cast<std::uint8_t>(transaction & 0xFFU), 0,   0,
          static_cast<std::uint8_t>(length >> 8U),      static_cast<std::uint8_t>(length & 0xFFU),      unit};
}

TcpRequest encode_tcp(std::uint16_t transaction, std::uint8_t unit, const Request& request) {
  TcpRequest frame{};
  const auto pdu = encode(request);
  const auto header = tcp_header(transaction, unit, pdu.size());
  std::copy(header.begin(), header.end(), frame.begin());
  std::copy(pdu.begin(), pdu.end(), frame.begin() + header_size);
  return frame;
}

Result<std::optional<TcpFrame>> first_tcp_frame(ByteSpan received) {
  if (received.size() < header_size) return std::optional<TcpFrame>{};
  const std::size_t length = word_at(received, 4);
  if (word_at(received, 2) != 0 || length < shortest || length > longest) {
    return failure(Fault::malformed, "answered something that is not Modbus TCP");
  }
  const auto size = header_size - 1 + length;
  if (received.size() < size) return std::optional<TcpFrame>{};
  return std::optional<TcpFrame>{
      {word_at(received, 0), received[6], received.subspan(header_size, size - header_size), size}};
}

}  // namespace fettle::modbus
