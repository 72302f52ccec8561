#include "modbus/pdu.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>

namespace fettle::modbus {
namespace {

struct ExceptionRow {
  std::uint8_t code;
  Fault fault;
  std::string_view name;
};

/// 1 to 3 stay as they are however often they are asked again; 10 and 11 come from a gateway that got no answer itself.
constexpr std::array<ExceptionRow, 9> exceptions{{
    {1, Fault::unsupported, "illegal function"},
    {2, Fault::unsupported, "illegal data address"},
    {3, Fault::unsupported, "illegal data value"},
    {4, Fault::refused, "device failure"},
    {5, Fault::refused, "acknowledge, still working"},
    {6, Fault::refused, "device busy"},
    {8, Fault::refused, "memory parity error"},
    {10, Fault::timeout, "gateway path unavailable"},
    {11, Fault::timeout, "device behind the gateway does not answer"},
}};

const ExceptionRow* row_of(std::uint8_t code) {
  const auto* row =
      std::find_if(exceptions.begin(), exceptions.end(), [code](const auto& each) { return each.code == code; });
  return row == exceptions.end() ? nullptr : row;
}

Words words_in(ByteSpan bytes) {
  Words words(bytes.size() / 2);
  for (std::size_t place = 0; place < words.size(); ++place) {
    words[place] = static_cast<std::uint16_t>(bytes[2 * place] << 8U | bytes[2 * place + 1]);
  }
  return words;
}

/// The first one is the lowest bit of the first byte.
Words bits_in(ByteSpan bytes, std::size_t count) {
  Words bits(count);
  for (std::size_t place = 0; place < count; ++place) bits[place] = bytes[place / 8] >> place % 8 & 1U;
  return bits;
}

std::uint8_t high(std::uint16_t word) { return static_cast<std::uint8_t>(word >> 8U); }
std::uint8_t low(std::uint16_t word) { return static_cast<std::uint8_t>(word & 0xFFU); }

}  // namespace

std::array<std::uint8_t, 5> encode(const Request& request) {
  return {request.function(), high(request.address), low(request.address), high(request.count), low(request.count)};
}

std::string exception_text(std::uint8_t code) {
  const auto* row = row_of(code);
  return fmt::format("exception {} ({})", code, row != nullptr ? row->name : "unknown");
}

Result<Words> decode_answer(const Request& request, ByteSpan pdu) {
  if (pdu.size() < 2) return failure(Fault::malformed, "answered with an empty frame");
  if (pdu[0] == (request.function() | refusal_bit)) {
    const auto* row = row_of(pdu[1]);
    return failure(row != nullptr ? row->fault : Fault::refused, "refused with " + exception_text(pdu[1]));
  }
  if (pdu[0] != request.function()) {
    return failure(Fault::malformed, fmt::format("answered function {} instead of {}", pdu[0], request.function()));
  }
  if (pdu[1] != request.answer_bytes() || pdu.size() != 2U + request.answer_bytes()) {
    return failure(Fault::malformed, fmt::format("answered {} bytes instead of {}", pdu[1], request.answer_bytes()));
  }
  const auto content = pdu.subspan(2);
  return acquisition::holds_bits(request.table) ? bits_in(content, request.count) : words_in(content);
}

}  // namespace fettle::modbus
