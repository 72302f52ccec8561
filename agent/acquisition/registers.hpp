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
enum class RegisterTable : std::uint8_t { coil = 1, discrete = 2, holding = 3, input = 4 };

/// Coils and discrete inputs are single bits; each counts as one register that is 0 or 1.
inline bool holds_bits(RegisterTable table) { return table == RegisterTable::coil || table == RegisterTable::discrete; }

/// `t5` and `t6` are Iskra's: a signed power of ten in the highest 8 bits, and below it 24 bits without (t5) or with (t6) a sign.
enum class RegisterType : std::uint8_t { u16, i16, u32, i32, u64, i64, f32, f64, t5, t6 };

/// Which word of a value of several registers comes first on the wire, and whether the two bytes of each word are swapped: ABCD, CDAB,
/// BADC, DCBA.
enum class WordOrder : std::uint8_t { big, little, big_swapped, little_swapped };

/// How a number is put.
enum class Coding : std::uint8_t {
  plain,
  four_quadrant,  ///< a power factor from -2 to 2: beyond 1 stands for 2 - r, leading; below -1 for -2 - r, leading
};

/// Bits first..last of an unsigned value, counted from the least significant, both included.
struct BitField {
  unsigned first = 0, last = 0;
};

/// What a raw number means.
struct Scaling {
  Conversion conversion;           ///< raw number -> the quantity's own unit
  double lowest = 0, highest = 0;  ///< in the quantity's own unit; beyond: Reason::out_of_range
};

/// A further number of the same table, type, order and markers that counts into a value: the second tariff, or the exported power.
struct RegisterTerm {
  std::uint16_t address = 0;
  double factor = 1;
};

/// One value in a device's registers, and what its bits mean:
///     (number at `address` + factor × number at each term) × 10^exponent, brought into the quantity's unit by `scaling`.
/// All its registers are read in one request, so that what belongs together is of one moment. One part without a value leaves none for
/// the whole.
struct RegisterField {
  RegisterTable table = RegisterTable::holding;
  std::uint16_t address = 0;  ///< on the wire, counted from 0
  RegisterType type = RegisterType::u16;
  WordOrder order = WordOrder::big;
  std::optional<BitField> bits;
  Scaling scaling;
  std::vector<std::uint64_t> invalid;  ///< raw bits by which the device says that it has no value
  std::vector<RegisterTerm> terms;     ///< seldom any
  std::optional<std::uint16_t>
      exponent;  ///< address of a power of ten from -10 to 10, a SunSpec scale register; 0x8000: no value
  Coding coding = Coding::plain;
};

/// How many registers a number takes.
std::size_t words_of(RegisterType type);

/// The registers of a value with all its parts.
struct Extent {
  std::size_t first = 0, end = 0;  ///< `end` is one behind the last
  std::size_t count() const { return end - first; }
};
Extent extent_of(const RegisterField& field);

/// Moves a field whose addresses are counted from the start of a block to where the block begins.
void move_by(RegisterField& field, std::uint16_t base);

/// A value, or why there is none.
struct Decoded {
  double value = 0;  ///< NaN unless the reason is none
  Reason reason = Reason::none;
};

/// Never fails: NaN is Reason::no_value, an impossible value Reason::out_of_range.
Decoded decode(double raw, const Scaling& scaling);

/// Never fails: too few words, the device's own markers, NaN and impossible values come back as a reason. Never allocates.
/// `words` are the registers from extent_of(field).first on, as numbers of this machine.
Decoded decode(const RegisterField& field, std::span<const std::uint16_t> words);

/// The number that a type's registers hold, without any meaning.
double number_in(RegisterType type, WordOrder order, std::span<const std::uint16_t> words);
/// The same as raw bits.
std::uint64_t bits_in(WordOrder order, std::span<const std::uint16_t> words);

/// The number that installers know a register by: 40001 + address for holding, 30001 + address for input registers, 10001 + address for
/// discrete inputs and 1 + address, as 00001, for coils.
std::string reference_of(const RegisterField& field);

/// "4366 199A"
std::string to_hex(std::span<const std::uint16_t> words);

/// What a value was made of, for people, each part by itself: "09C4 / FFFF". `words` are those of the field's extent.
std::string to_hex(const RegisterField& field, std::span<const std::uint16_t> words);

}  // namespace fettle::acquisition
