#pragma once

#include "mbus/bytes.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace fettle::mbus {

/// Control fields of a master's frames (EN 13757-2).
namespace control {
constexpr std::uint8_t reset = 0x40;    ///< SND_NKE: forget where we were; answered by E5
constexpr std::uint8_t send = 0x53;     ///< SND_UD: take this; answered by E5
constexpr std::uint8_t request = 0x5B;  ///< REQ_UD2: give me your values
constexpr std::uint8_t frame_count_bit =
    0x20;  ///< of a request: toggles when the answer to the one before was received
}  // namespace control

/// Link addresses with a meaning of their own; 0 to 250 are meters, and 0 is a meter as it leaves the factory.
namespace link_address {
constexpr std::uint8_t highest_meter = 250;
constexpr std::uint8_t selected = 253;  ///< whoever was selected by its secondary address
constexpr std::uint8_t anybody = 254;   ///< everybody answers: with one meter on the line a test, with more a collision
}  // namespace link_address

Bytes short_frame(std::uint8_t control, std::uint8_t address);
Bytes long_frame(std::uint8_t control, std::uint8_t address, std::uint8_t ci, ByteSpan payload);

/// A long or control frame as received; the payload is what follows the CI field.
struct Frame {
  std::uint8_t control = 0, address = 0, ci = 0;
  Bytes payload;

  /// RSP_UD, whatever its access demand and data flow control bits say.
  bool is_answer() const { return (control & 0x4FU) == 0x08; }
};

/// What stands at the beginning of some bytes.
struct Sighting {
  enum class What { incomplete, acknowledgement, frame, nothing };

  What what = What::nothing;
  std::size_t size = 0;  ///< of the acknowledgement or the frame, in bytes
};

/// Short frames, which only a master sends, count as nothing.
Sighting look_at(ByteSpan bytes);

/// The first whole frame in bytes that may begin with noise. While more is to come (`is_final` false) whatever could still become a frame
/// hides what stands behind it.
std::optional<Frame> find_frame(ByteSpan bytes, bool is_final);

}  // namespace fettle::mbus
