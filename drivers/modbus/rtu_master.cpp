#include "modbus/rtu_master.hpp"

#include "modbus/rtu.hpp"

#include <fmt/chrono.h>

#include <algorithm>
#include <array>

namespace fettle::modbus {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr unsigned fastest_with_own_silence = 19200;
constexpr microseconds fixed_silence{1750};  // above that rate, Modbus over serial line 2.5.1.1
constexpr milliseconds adapter_latency{16};  // how long a USB adapter may hold back the end of a late answer
constexpr std::size_t longest_frame = 256;
constexpr std::size_t most_kept = 4 * longest_frame;

}  // namespace

LineTiming LineTiming::of(unsigned baud, unsigned bits_per_character) {
  const auto character = std::chrono::nanoseconds{1'000'000'000LL * bits_per_character / baud};
  const Span silence = baud <= fastest_with_own_silence ? Span{character * 7 / 2} : Span{fixed_silence};
  return {character, silence};
}

Result<Words> RtuMaster::ask(const Station& station, const Request& request) {
  if (auto opened = opener_.open(wire_, station.timeout); !opened) return opened.error();
  if (auto silent = wait_for_silence(station); !silent) return give_up(silent.error());
  if (auto sent = send(encode_rtu(station.unit, request)); !sent) return give_up(sent.error());
  auto words = await_answer(station, request);
  if (!words) return give_up(words.error());
  return words;
}

/// Reads and forgets until nothing has come for long enough.
Result<void> RtuMaster::wait_for_silence(const Station& station) {
  const auto silence = std::max(timing_.silence, station.min_gap);
  const auto patience = wire_.now() + silence + station.timeout;
  while (true) {
    received_.clear();
    const auto count = receive(std::max(last_byte_ + silence, wire_.now()));
    if (!count) return count.error();
    if (*count == 0) return {};
    if (wire_.now() > patience) {
      return failure(Fault::malformed, "the line is never silent (another master, or noise)");
    }
  }
}

Result<void> RtuMaster::send(std::span<const std::uint8_t> frame) {
  const auto duration = timing_.character * static_cast<long>(frame.size());
  auto sent = wire_.write(frame, wire_.now() + duration + std::chrono::seconds{1});
  last_byte_ = wire_.now() + duration;
  return sent;
}

Result<Words> RtuMaster::await_answer(const Station& station, const Request& request) {
  const auto answer_length = 5L + request.answer_bytes();
  const auto deadline = last_byte_ + station.timeout + timing_.character * answer_length;
  received_.clear();
  while (true) {
    const auto count = receive(deadline);
    if (!count) return count.error();
    if (*count == 0) break;
    const auto scan = scan_rtu(received_, station.unit, request);
    if (scan.answer) return decode_answer(request, *scan.answer);
    if (received_.size() > most_kept) received_.erase(received_.begin(), received_.end() - longest_frame);
    if (wire_.now() >= deadline) break;
  }
  last_byte_ = wire_.now() + adapter_latency;
  const auto waited = fmt::format("{}", std::chrono::duration_cast<milliseconds>(station.timeout));
  return explain_rtu(received_, station.unit, request, waited);
}

/// Appends what comes next.
Result<std::size_t> RtuMaster::receive(Moment deadline) {
  std::array<std::uint8_t, longest_frame> chunk{};
  const auto count = wire_.read(chunk, deadline);
  if (!count || *count == 0) return count;
  received_.insert(received_.end(), chunk.begin(), chunk.begin() + static_cast<std::ptrdiff_t>(*count));
  last_byte_ = std::max(last_byte_, wire_.now());
  return count;
}

Error RtuMaster::give_up(Error error) {
  if (error.fault == Fault::offline) wire_.close();
  return error;
}

}  // namespace fettle::modbus
