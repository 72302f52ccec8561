#include "mbus/address.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <system_error>
#include <vector>

namespace fettle::mbus {
namespace {

constexpr unsigned letter_bits = 5, letter_mask = 0x1F;
constexpr char before_a = 'A' - 1;

struct Medium {
  std::uint8_t code;
  std::string_view name;
};

constexpr std::array<Medium, 44> media{{
    {0x00, "other"},
    {0x01, "oil"},
    {0x02, "electricity"},
    {0x03, "gas"},
    {0x04, "heat"},
    {0x05, "steam"},
    {0x06, "warm water"},
    {0x07, "water"},
    {0x08, "heat cost allocator"},
    {0x09, "compressed air"},
    {0x0A, "cooling (return)"},
    {0x0B, "cooling (flow)"},
    {0x0C, "heat (flow)"},
    {0x0D, "heat and cooling"},
    {0x0E, "bus or system"},
    {0x0F, "unknown"},
    {0x10, "irrigation water"},
    {0x11, "water data logger"},
    {0x12, "gas data logger"},
    {0x13, "gas converter"},
    {0x14, "calorific value"},
    {0x15, "hot water"},
    {0x16, "cold water"},
    {0x17, "cold and hot water"},
    {0x18, "pressure"},
    {0x19, "A/D converter"},
    {0x1A, "smoke detector"},
    {0x1B, "room sensor"},
    {0x1C, "gas detector"},
    {0x20, "breaker (electricity)"},
    {0x21, "valve (gas or water)"},
    {0x25, "customer unit"},
    {0x28, "waste water"},
    {0x29, "garbage"},
    {0x2A, "carbon dioxide"},
    {0x2B, "environmental meter"},
    {0x31, "communication controller"},
    {0x32, "unidirectional repeater"},
    {0x33, "bidirectional repeater"},
    {0x36, "radio converter (system side)"},
    {0x37, "radio converter (meter side)"},
    {0x38, "wired adapter"},
    {0x3B, "breaker"},
    {0x3C, "valve"},
}};

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  while (true) {
    const auto begin = text.find_first_not_of(' ');
    if (begin == std::string_view::npos) return words;
    text.remove_prefix(begin);
    words.push_back(text.substr(0, text.find(' ')));
    text.remove_prefix(words.back().size());
  }
}

std::optional<std::uint8_t> parse_byte(std::string_view text) {
  const auto bytes = from_hex(text);
  if (!bytes || bytes->size() != 1) return std::nullopt;
  return bytes->front();
}

std::optional<std::uint16_t> parse_manufacturer(std::string_view text) {
  const auto is_letter = [](char each) { return each >= 'A' && each <= 'Z'; };
  if (text.size() != 3 || !std::all_of(text.begin(), text.end(), is_letter)) return std::nullopt;
  unsigned code = 0;
  for (const char letter : text) code = code << letter_bits | static_cast<unsigned>(letter - before_a);
  return static_cast<std::uint16_t>(code);
}

bool read_digits(std::string_view text, SecondaryAddress& address) {
  const auto pairs = text.size() == SecondaryAddress::digit_count ? from_hex(text) : std::nullopt;
  if (!pairs || pairs->size() != SecondaryAddress::digit_count / 2) return false;
  for (std::size_t pair = 0; pair < pairs->size(); ++pair) {
    address.digits.at(2 * pair) = (*pairs)[pair] >> 4U;
    address.digits.at(2 * pair + 1) = (*pairs)[pair] & 0xFU;
  }
  return true;
}

/// What other programs print: 16 digits, of which the last eight are maker, version and medium as they travel.
std::optional<SecondaryAddress> parse_packed(std::string_view text) {
  SecondaryAddress address;
  const auto rest = from_hex(text.substr(SecondaryAddress::digit_count));
  if (!rest || !read_digits(text.substr(0, SecondaryAddress::digit_count), address)) return std::nullopt;
  address.manufacturer = static_cast<std::uint16_t>((*rest)[0] | (*rest)[1] << 8U);
  address.version = (*rest)[2];
  address.medium = (*rest)[3];
  return address;
}

}  // namespace

bool SecondaryAddress::matches(const SecondaryAddress& meter) const {
  for (std::size_t place = 0; place < digits.size(); ++place) {
    const auto own = digits.at(place), its = meter.digits.at(place);
    if (own != any_digit && its != any_digit && own != its) return false;
  }
  const auto agree = [](auto own, auto its, auto open) { return own == open || its == open || own == its; };
  return agree(manufacturer, meter.manufacturer, any_manufacturer) && agree(version, meter.version, any) &&
         agree(medium, meter.medium, any);
}

Bytes SecondaryAddress::encoded() const {
  Bytes bytes;
  for (std::size_t pair = digit_count; pair > 0; pair -= 2) {
    bytes.push_back(static_cast<std::uint8_t>(digits.at(pair - 2) << 4U | digits.at(pair - 1)));
  }
  bytes.push_back(static_cast<std::uint8_t>(manufacturer & 0xFFU));
  bytes.push_back(static_cast<std::uint8_t>(manufacturer >> 8U));
  bytes.push_back(version);
  bytes.push_back(medium);
  return bytes;
}

SecondaryAddress SecondaryAddress::decode(ByteSpan eight_bytes) {
  SecondaryAddress address;
  for (std::size_t pair = 0; pair < digit_count / 2; ++pair) {
    const auto byte = eight_bytes[digit_count / 2 - 1 - pair];
    address.digits.at(2 * pair) = byte >> 4U;
    address.digits.at(2 * pair + 1) = byte & 0xFU;
  }
  address.manufacturer = static_cast<std::uint16_t>(eight_bytes[4] | eight_bytes[5] << 8U);
  address.version = eight_bytes[6];
  address.medium = eight_bytes[7];
  return address;
}

std::string to_text(const SecondaryAddress& address) {
  std::string text;
  for (const auto digit : address.digits) text += fmt::format("{:X}", digit);
  if (!address.names_its_maker()) return text;
  const auto maker =
      address.manufacturer == SecondaryAddress::any_manufacturer ? "***" : manufacturer_code(address.manufacturer);
  return fmt::format("{} {} {:02X} {:02X}", text, maker, address.version, address.medium);
}

std::optional<SecondaryAddress> parse_secondary(std::string_view text) {
  const auto words = words_of(text);
  if (words.size() == 1 && words[0].size() == 2 * SecondaryAddress::digit_count) return parse_packed(words[0]);
  SecondaryAddress address;
  if (words.empty() || words.size() > 4 || !read_digits(words[0], address)) return std::nullopt;
  if (words.size() > 1 && words[1] != "***") {
    const auto maker = parse_manufacturer(words[1]);
    if (!maker) return std::nullopt;
    address.manufacturer = *maker;
  }
  const auto version = words.size() > 2 ? parse_byte(words[2]) : SecondaryAddress::any;
  const auto medium = words.size() > 3 ? parse_byte(words[3]) : SecondaryAddress::any;
  if (!version || !medium) return std::nullopt;
  address.version = *version;
  address.medium = *medium;
  return address;
}

std::string manufacturer_code(std::uint16_t manufacturer) {
  std::string code;
  for (unsigned shift = 3 * letter_bits; shift > 0; shift -= letter_bits) {
    const auto letter = (manufacturer >> (shift - letter_bits)) & letter_mask;
    if (letter < 1 || letter > 26 || manufacturer > 0x7FFF) return fmt::format("{:04X}", manufacturer);
    code += static_cast<char>(before_a + static_cast<char>(letter));
  }
  return code;
}

std::string medium_name(std::uint8_t medium) {
  const auto* const found =
      std::find_if(media.begin(), media.end(), [medium](const Medium& each) { return each.code == medium; });
  return found == media.end() ? fmt::format("medium {:02X}", medium) : std::string{found->name};
}

std::optional<std::uint8_t> medium_named(std::string_view name) {
  const auto* const found =
      std::find_if(media.begin(), media.end(), [name](const Medium& each) { return each.name == name; });
  if (found == media.end()) return std::nullopt;
  return found->code;
}

std::string to_text(const Address& address) {
  if (const auto* const primary = std::get_if<std::uint8_t>(&address)) return std::to_string(*primary);
  return to_text(std::get<SecondaryAddress>(address));
}

}  // namespace fettle::mbus
