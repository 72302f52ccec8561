#pragma once

#include "core/state.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace fettle::detection {

/// Counts of things that are known by their 64-bit hash, in a place that never grows: what was seen least often makes room for what is new.
class ContextTable {
 public:
  static constexpr std::uint16_t most = 0xFFFF;

  /// The count of a thing, which is 0 if it was not there; to be written back through the reference before the next call.
  std::uint16_t& count(std::uint64_t hash);
  /// Everything counts half from here on.
  void halve();

  void save(StateWriter& writer) const { writer.put(slots_); }
  bool restore(StateReader& reader) {
    reader.get(slots_);
    return reader.ok();
  }

 private:
  static constexpr std::size_t row = 8, rows = 128;

  /// Eight things at most that share the low bits of their hash.
  struct Row {
    std::array<std::uint16_t, row> tags{}, counts{};  ///< a tag of 0: nothing
  };

  std::array<Row, rows> slots_{};
};

}  // namespace fettle::detection
