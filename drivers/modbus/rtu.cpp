#include "modbus/rtu.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace fettle::modbus {
namespace {

constexpr std::size_t crc_size = 2;
constexpr std::size_t shortest_frame = 5;  // a refusal: unit, function, exception, check sum
constexpr std::size_t request_size = 8;

/// True if the first `size` bytes are a frame with a good check sum.
bool is_frame(ByteSpan bytes, std::size_t size) {
  return size >= shortest_frame && bytes.size() >= size && has_good_sum(bytes.first(size));
}

/// The size of the register answer, refusal or request that begins here; 0 if none does.
std::size_t frame_size(ByteSpan bytes) {
  if (bytes.size() < shortest_frame) return 0;
  if ((bytes[1] & refusal_bit) != 0) return is_frame(bytes, shortest_frame) ? shortest_frame : 0;
  if (const std::size_t answer = 3U + bytes[2] + crc_size; is_frame(bytes, answer)) return answer;
  return is_frame(bytes, request_size) ? request_size : 0;
}

bool is_request(ByteSpan frame) { return frame.size() == request_size && frame[2] != 3; }

/// A request for address 0x03.. looks like an answer of three bytes, so the echo has to be our question to the byte.
bool is_echo(ByteSpan frame, std::uint8_t unit, const Request& request) {
  const auto question = encode_rtu(unit, request);
  return std::equal(frame.begin(), frame.end(), question.begin(), question.end());
}

/// Sorts one frame with a good check sum into the scan.
void judge(ByteSpan frame, std::uint8_t unit, const Request& request, RtuScan& scan) {
  if (is_request(frame) || is_echo(frame, unit, request)) return;
  const auto pdu = frame.subspan(1, frame.size() - 1 - crc_size);
  if (frame[0] != unit) {
    scan.foreign = frame[0];
  } else if ((pdu[0] & ~refusal_bit) != request.function()) {
    scan.wrong_function = true;
  } else if ((pdu[0] & refusal_bit) == 0 && pdu[1] != request.answer_bytes()) {
    scan.wrong_bytes = pdu[1];
  } else {
    scan.answer = pdu;
  }
}

}  // namespace

std::uint16_t crc16(ByteSpan bytes) {
  std::uint16_t sum = 0xFFFF;
  for (const auto byte : bytes) {
    sum = static_cast<std::uint16_t>(sum ^ byte);
    for (int bit = 0; bit < 8; ++bit) {
      const bool carry = (sum & 1U) != 0;
      sum = static_cast<std::uint16_t>(sum >> 1U);
      if (carry) sum = static_cast<std::uint16_t>(sum ^ 0xA001U);
    }
  }
  return sum;
}

std::array<std::uint8_t, 2> sum_bytes(ByteSpan frame) {
  const auto sum = crc16(frame);
  return {static_cast<std::uint8_t>(sum & 0xFFU), static_cast<std::uint8_t>(sum >> 8U)};
}

bool has_good_sum(ByteSpan frame) {
  if (frame.size() < crc_size) return false;
  const auto sum = sum_bytes(frame.first(frame.size() - crc_size));
  return std::equal(sum.begin(), sum.end(), frame.end() - crc_size);
}

RtuRequest encode_rtu(std::uint8_t unit, const Request& request) {
  RtuRequest frame{unit};
  const auto pdu = encode(request);
  std::copy(pdu.begin(), pdu.end(), frame.begin() + 1);
  const auto sum = sum_bytes(ByteSpan{frame}.first(frame.size() - crc_size));
  std::copy(sum.begin(), sum.end(), frame.end() - crc_size);
  return frame;
}

RtuScan scan_rtu(ByteSpan received, std::uint8_t unit, const Request& request) {
  RtuScan scan;
  while (received.size() >= shortest_frame && !scan.answer) {
    const auto size = frame_size(received);
    if (size > 0) judge(received.first(size), unit, request, scan);
    received = received.subspan(std::max<std::size_t>(size, 1));
  }
  return scan;
}

Error explain_rtu(ByteSpan received, std::uint8_t unit, const Request& request, std::string_view waited) {
  const auto scan = scan_rtu(received, unit, request);
  if (scan.wrong_bytes) {
    return failure(Fault::malformed,
                   fmt::format("answered {} bytes instead of {}", *scan.wrong_bytes, request.answer_bytes()));
  }
  if (scan.wrong_function) return failure(Fault::malformed, "answered another function than it was asked");
  if (scan.foreign) {
    return failure(Fault::timeout, fmt::format("no answer within {}, but unit {} spoke", waited, *scan.foreign));
  }
  if (received.empty() || is_echo(received, unit, request)) {
    return failure(Fault::timeout, fmt::format("no answer within {}", waited));
  }
  return failure(Fault::malformed,
                 fmt::format("{} bytes without a good check sum within {} (noise, or another baud rate or parity?)",
                             received.size(), waited));
}

}  // namespace fettle::modbus
