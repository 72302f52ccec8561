#pragma once

#include "core/state.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace fettle::detection {

/// Tells peaks from what surrounds them: the largest of the last values, in a queue that holds only those that may yet become it.
class Peaks {
 public:
  /// True if the value exceeds all of the last 120 by a twentieth. Takes it in.
  bool stands_out(double value);

  void save(StateWriter& writer) const;
  bool restore(StateReader& reader);

 private:
  static constexpr std::size_t room = 64;
  struct Mark {
    std::uint64_t number = 0;
    double value = 0;
  };

  void drop_front();

  std::array<Mark, room> marks_{};  ///< values fall, numbers rise
  std::size_t size_ = 0;
  std::uint64_t number_ = 0;
};

}  // namespace fettle::detection
