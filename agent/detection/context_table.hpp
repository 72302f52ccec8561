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

  /// A tag is in a row once at most; `row_size` if it is not. All eight at once: this is where a sample's time goes.
  static std::size_t place_of(std::uint16_t tag, const Row& row) {
    using Tags [[gnu::vector_size(16)]] = std::uint16_t;
    using Marks [[gnu::vector_size(8)]] = std::int8_t;
    static_assert(std::endian::native == std::endian::little, "the first mark lies in the lowest bits");
    const auto same = std::bit_cast<Tags>(row.tags) == tag;
    const auto found = std::bit_cast<std::uint64_t>(__builtin_convertvector(same, Marks));
    return found == 0 ? row_size : static_cast<std::size_t>(std::countr_zero(found)) / 8;
  }
  /// Makes room for what was not there.
  static std::uint16_t& begin(Row& row, std::uint16_t tag);

  std::vector<Row> slots_;
};

}  // namespace fettle::detection
