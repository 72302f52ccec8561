#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fettle::mbus {

using Bytes = std::vector<std::uint8_t>;
using ByteSpan = std::span<const std::uint8_t>;

/// "68 1F 1F 68"
std::string to_hex(ByteSpan bytes);

/// Hexadecimal digits in pairs, with or without white space between the pairs; nothing if there is anything else.
std::optional<Bytes> from_hex(std::string_view text);

}  // namespace fettle::mbus
