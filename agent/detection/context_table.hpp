#pragma once

#include "core/state.hpp"

#include <array>
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
  std::uint16_t& count(std::uint64_t hash);
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
  static constexpr std::size_t row = 8;

  /// Eight things at most that share the low bits of their hash.
  struct Row {
    std::array<std::uint16_t, row> tags{}, counts{};  ///< a tag of 0: nothing
  };

  std::vector<Row> slots_;
};

}  // namespace fettle::detection
