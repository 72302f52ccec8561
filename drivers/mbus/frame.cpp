#include "mbus/frame.hpp"

#include <numeric>

namespace fettle::mbus {
namespace {

constexpr std::uint8_t start_short = 0x10, start_long = 0x68, stop = 0x16, acknowledgement = 0xE5;
constexpr std::size_t before_control = 4;  // 68 L L 68
constexpr std::size_t around = 6;          // these and checksum and stop
constexpr std::size_t least_length = 3;    // control, address, CI

std::uint8_t checksum(ByteSpan bytes) {
  return static_cast<std::uint8_t>(std::accumulate(bytes.begin(), bytes.end(), 0U));
}

}  // namespace

Bytes short_frame(std::uint8_t control, std::uint8_t address) {
  return {start_short, control, address, static_cast<std::uint8_t>(control + address), stop};
}

Bytes long_frame(std::uint8_t control, std::uint8_t address, std::uint8_t ci, ByteSpan payload) {
  const auto length = static_cast<std::uint8_t>(least_length + payload.size());
  Bytes frame{start_long, length, length, start_long, control, address, ci};
  frame.insert(frame.end(), payload.begin(), payload.end());
  frame.push_back(checksum(ByteSpan{frame}.subspan(before_control)));
  frame.push_back(stop);
  return frame;
}

Sighting look_at(ByteSpan bytes) {
  using What = Sighting::What;
  if (bytes.empty()) return {What::incomplete, 0};
  if (bytes[0] == acknowledgement) return {What::acknowledgement, 1};
  if (bytes[0] != start_long) return {};
  if (bytes.size() < before_control) return {What::incomplete, 0};
  const std::size_t length = bytes[1];
  if (bytes[2] != length || bytes[3] != start_long || length < least_length) return {};
  if (bytes.size() < length + around) return {What::incomplete, 0};
  const auto body = bytes.subspan(before_control, length);
  const auto end = bytes.subspan(before_control + length, 2);
  if (end[0] != checksum(body) || end[1] != stop) return {};
  return {What::frame, length + around};
}

std::optional<Frame> find_frame(ByteSpan bytes, bool is_final) {
  using What = Sighting::What;
  for (; !bytes.empty(); bytes = bytes.subspan(1)) {
    const auto [what, size] = look_at(bytes);
    if (what == What::incomplete && !is_final) return std::nullopt;
    if (what != What::frame) continue;
    const auto payload = bytes.subspan(before_control + least_length, size - around - least_length);
    return Frame{bytes[4], bytes[5], bytes[6], {payload.begin(), payload.end()}};
  }
  return std::nullopt;
}

}  // namespace fettle::mbus
