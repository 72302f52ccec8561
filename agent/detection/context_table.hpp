#pragma once

#include "core/state.hpp"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace fettle::detection {

/// Counts of things that are known by their 64-bit hash, in a place that never grows: what was seen least often makes room for what is new.
class ContextTable {
 public:
  static constexpr std::uint16_t most = 0xFFFF;

  /// With room for eight times so many things; a power of two.
  explicit ContextTable(std::size_t rows) : slots_(rows) {}

  /// The count of a thing, which is 0 if it was not there; to be written back through the reference before the next call.
  std::uint16_t& count(std::uint64_t hash) {
    auto& row = slots_.data()[hash & (slots_.size() - 1)];
    const auto tag = static_cast<std::uint16_t>((hash >> 48U) | 1U);
    const auto place = place_of(tag, row);
    return place < row_size ? row.counts[place] : begin(row, tag);
  }
  /// Everything counts half from here on.
  void halve();

  void save(StateWriter& writer) const { writer.put(slots_); }
  /// False if what is read cannot be a table of this size.
  bool restore(StateReader& reader) {
    const auto rows = slots_.size();
    reader.get(slots_);
    const bool fits = reader.ok() && slots_.size() == rows;
    slots_.resize(rows);
    return fits;
  }

 private:
  static constexpr std::size_t row_size = 8;

  /// Eight things at most that share the low bits of their hash.
  struct Row {
    std::array<std::uint16_t, row_size> tags{}, counts{};  ///< a tag of 0: nothing
  };

  static_assert(std::endian::native == std::endian::little, "the first tag lies in the lowest bits");

  /// The top bit of each of four tags that is this one.
  static std::uint64_t equal(std::uint64_t four, std::uint16_t tag) {
    constexpr std::uint64_t each = 0x0001'0001'0001'0001, low = 0x7FFF'7FFF'7FFF'7FFF;
    const std::uint64_t differ = four ^ (each * tag);
    return ~(((differ & low) + low) | differ | low);
  }
  /// A tag is in a row once at most; `row_size` if it is not. Without a loop: this is where a sample's time goes.
  static std::size_t place_of(std::uint16_t tag, const Row& row) {
    const auto [front, back] = std::bit_cast<std::array<std::uint64_t, 2>>(row.tags);
    const std::uint64_t found = (equal(front, tag) >> 15U) | (equal(back, tag) >> 14U);
    if (found == 0) return row_size;
    const auto bit = static_cast<std::size_t>(std::countr_zero(found));
    return bit / 16 + bit % 16 * 4;
  }
  /// Makes room for what was not there.
  static std::uint16_t& begin(Row& row, std::uint16_t tag);

  std::vector<Row> slots_;
};

}  // namespace fettle::detection
