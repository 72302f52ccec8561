#include "mbus/bytes.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <charconv>
#include <system_error>

namespace fettle::mbus {

std::string to_hex(ByteSpan bytes) { return fmt::format("{:02X}", fmt::join(bytes, " ")); }

std::optional<Bytes> from_hex(std::string_view text) {
  constexpr std::string_view blank = " \t\r\n";
  constexpr int hexadecimal = 16;
  Bytes bytes;
  while (true) {
    const auto begin = text.find_first_not_of(blank);
    if (begin == std::string_view::npos) return bytes;
    text.remove_prefix(begin);
    std::uint8_t byte = 0;
    const auto pair = text.substr(0, 2);
    const auto [stop, error] = std::from_chars(pair.data(), pair.data() + pair.size(), byte, hexadecimal);
    if (pair.size() != 2 || error != std::errc{} || stop != pair.data() + pair.size()) return std::nullopt;
    bytes.push_back(byte);
    text.remove_prefix(2);
  }
}

}  // namespace fettle::mbus
