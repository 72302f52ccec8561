#include "modbus/serial_talk.hpp"

#include <algorithm>
#include <array>

namespace fettle::modbus {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr unsigned fastest_with_own_silence = 19200;
constexpr microseconds fixed_silence{1750};  // above that rate, Modbus over serial line 2.5.1.1
constexpr milliseconds usual_turnaround{5};
constexpr std::chrono::seconds stuck{1};  ///< beyond the time that a frame takes
constexpr std::size_t longest_frame = 256;
constexpr std::size_t all_registers = 125;

}  // namespace

LineTiming LineTiming::of(unsigned baud, unsigned bits_per_character) {
  const auto character = std::chrono::nanoseconds{1'000'000'000LL * bits_per_character / baud};
  const Span silence = baud <= fastest_with_own_silence ? Span{character * 7 / 2} : Span{fixed_silence};
  return {character, silence};
}

std::size_t break_even(const LineTiming& timing, Span min_gap, std::optional<Span> turnaround) {
  if (timing.character == Span{}) return all_registers;
  const auto pauses = 2 * std::max(timing.silence, min_gap) + turnaround.value_or(usual_turnaround);
  return static_cast<std::size_t>((exchange_overhead * timing.character + pauses) / (2 * timing.character));
}

Result<void> SerialTalk::wait_for_silence(Span silence, Span patience) {
  const auto end = wire_.now() + silence + patience;
  received_.clear();
  while (true) {
    const auto count = receive(std::max(last_byte_ + silence, wire_.now()));
    if (!count) return count.error();
    if (*count == 0) return {};
    if (wire_.now() > end) return failure(Fault::malformed, "the line is never silent (another master, or noise)");
  }
}

Result<Moment> SerialTalk::send(ByteSpan frame) {
  const auto duration = timing_.character * static_cast<long>(frame.size());
  received_.clear();
  const auto sent = wire_.write(frame, wire_.now() + duration + stuck);
  last_byte_ = wire_.now() + duration;
  if (!sent) return sent.error();
  return last_byte_;
}

Result<std::size_t> SerialTalk::receive(Moment deadline) {
  if (received_.size() > most_kept) received_.erase(received_.begin(), received_.end() - longest_frame);
  std::array<std::uint8_t, longest_frame> chunk{};
  const auto count = wire_.read(chunk, deadline);
  if (!count || *count == 0) return count;
  received_.insert(received_.end(), chunk.begin(), chunk.begin() + static_cast<std::ptrdiff_t>(*count));
  last_byte_ = std::max(last_byte_, wire_.now());
  return count;
}

}  // namespace fettle::modbus
