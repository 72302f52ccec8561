#include "settings/plain_text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace fettle::settings {
namespace {

/// How a UTF-8 sequence begins, how long it is, and the smallest code point that may be written so.
struct Lead {
  std::uint8_t mask, bits;
  std::size_t length;
  std::uint32_t smallest;
};

constexpr std::array<Lead, 4> leads{{
    {0x80, 0x00, 1, 0},
    {0xe0, 0xc0, 2, 0x80},
    {0xf0, 0xe0, 3, 0x800},
    {0xf8, 0xf0, 4, 0x10000},
}};

std::uint8_t byte_at(std::string_view text, std::size_t position) { return static_cast<std::uint8_t>(text[position]); }

/// The length of the sequence at `position`; 0 if it is none.
std::size_t sequence(std::string_view text, std::size_t position) {
  const auto first = byte_at(text, position);
  const auto* const lead =
      std::find_if(leads.begin(), leads.end(), [first](const Lead& each) { return (first & each.mask) == each.bits; });
  if (lead == leads.end() || position + lead->length > text.size()) return 0;
  std::uint32_t code = first & static_cast<std::uint8_t>(~lead->mask);
  for (std::size_t i = 1; i < lead->length; ++i) {
    const auto next = byte_at(text, position + i);
    if ((next & 0xc0U) != 0x80U) return 0;
    code = (code << 6U) | (next & 0x3fU);
  }
  const bool surrogate = code >= 0xd800 && code <= 0xdfff;
  return code < lead->smallest || code > 0x10ffff || surrogate ? 0 : lead->length;
}

bool is_control(char c) {
  return (static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7f;
}

}  // namespace

std::optional<BadText> bad_text(std::string_view text) {
  for (std::size_t position = 0; position < text.size();) {
    const auto length = sequence(text, position);
    if (length == 0) return BadText{"this is not UTF-8 text (save the file as UTF-8)", position};
    if (is_control(text[position])) return BadText{"a control character stands here (remove it)", position};
    position += length;
  }
  return std::nullopt;
}

}  // namespace fettle::settings
