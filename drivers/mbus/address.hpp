#pragma once

#include "mbus/bytes.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace fettle::mbus {

/// What a meter is selected by: eight digits, and whose and what it is. Any of it may be left open.
struct SecondaryAddress {
  static constexpr std::size_t digit_count = 8;
  static constexpr std::uint8_t any_digit = 0xF;
  static constexpr std::uint16_t any_manufacturer = 0xFFFF;
  static constexpr std::uint8_t any = 0xFF;

  std::array<std::uint8_t, digit_count> digits{any_digit, any_digit, any_digit, any_digit, any_digit,
                                               any_digit, any_digit, any_digit};  ///< as printed on the meter
  std::uint16_t manufacturer = any_manufacturer;
  std::uint8_t version = any, medium = any;

  bool names_its_maker() const { return manufacturer != any_manufacturer || version != any || medium != any; }
  /// True if `meter` is meant, as far as it says who it is.
  bool matches(const SecondaryAddress& meter) const;
  /// As a selection and a telegram's header carry it: 8 bytes.
  Bytes encoded() const;
  static SecondaryAddress decode(ByteSpan eight_bytes);

  friend bool operator==(const SecondaryAddress&, const SecondaryAddress&) = default;
};

/// "12345678"; with maker, version and medium "12345678 KAM 08 04". F is a digit that is left open (a few meters have A to E as digits); so is what is not written, and a maker "***".
std::string to_text(const SecondaryAddress& address);
std::optional<SecondaryAddress> parse_secondary(std::string_view text);

/// 0x2C2D -> "KAM"; what is no code of three letters comes as "2C2D".
std::string manufacturer_code(std::uint16_t manufacturer);
/// "heat", "cold water"; "medium 42" for what is reserved.
std::string medium_name(std::uint8_t medium);
/// The way back, for the names that there are.
std::optional<std::uint8_t> medium_named(std::string_view name);

/// How a meter is asked for.
using Address = std::variant<std::uint8_t, SecondaryAddress>;
/// "5", "12345678"
std::string to_text(const Address& address);

}  // namespace fettle::mbus
