#pragma once

#include "core/quantity.hpp"
#include "core/reading.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace fettle::acquisition {

/// Which of a device's register tables; the value is the Modbus function that reads it.
enum class RegisterTable : std::uint8_t { holding = 3, input = 4 };

enum class RegisterType : std::uint8_t { u16, i16, u32, i32, u64, i64, f32, f64 };

/// Which word of a value of several registers comes first on the wire.
enum class WordOrder : std::uint8_t { big, little };

/// Bits first..last of an unsigned value, counted from the least significant, both included.
struct BitField {
  unsigned first = 0, last = 0;
};

/// What a raw number means.
struct Scaling {
  Conversion conversion;           ///< raw number -> the quantity's own unit
  double lowest = 0, highest = 0;  ///< in the quantity's own unit; beyond: Reason::out_of_range
};

/// One value in a device's registers, and what its bits mean.
struct RegisterField {
  RegisterTable table = RegisterTable::holding;
  std::uint16_t address = 0;  ///< on the wire, counted from 0
  RegisterType type = RegisterType::u16;
  WordOrder order = WordOrder::big;
  std::optional<BitField> bits;
  Scaling scaling;
  std::vector<std::uint64_t> invalid;  ///< raw bits by which the device says that it has no value
};

/// How many registers a value takes.
std::size_t words_of(RegisterType type);

/// A value, or why there is none.
struct Decoded {
  double value = 0;  ///< NaN unless the reason is none
  Reason reason = Reason::none;
};

/// Never fails: NaN is Reason::no_value, an impossible value Reason::out_of_range.
Decoded decode(double raw, const Scaling& scaling);

/// Never fails: too few words, the device's own markers, NaN and impossible values come back as a reason.
/// `words` are the registers from the field's address on, as numbers of this machine.
Decoded decode(const RegisterField& field, std::span<const std::uint16_t> words);

/// The number that installers know a register by: 40001 + address for holding, 30001 + address for input registers.
std::string reference_of(const RegisterField& field);

/// "4366 199A"
std::string to_hex(std::span<const std::uint16_t> words);

}  // namespace fettle::acquisition
