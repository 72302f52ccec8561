#include "modbus/tcp_master.hpp"

#include "modbus/mbap.hpp"

#include <fmt/chrono.h>

#include <array>

namespace fettle::modbus {
namespace {

constexpr std::size_t longest_frame = 260;
constexpr int most_silent = 3;

}  // namespace

Result<Words> TcpMaster::ask(const Station& station, const Request& request) {
  if (!wire_.is_open()) received_.clear();
  if (auto opened = opener_.open(wire_, station.timeout); !opened) return opened.error();
  const auto deadline = wire_.now() + station.timeout;
  ++transaction_;
  if (auto sent = wire_.write(encode_tcp(transaction_, station.unit, request), deadline); !sent) {
    hang_up();
    return sent.error();
  }
  auto words = await_answer(station, request, deadline);
  if (!words && words.error().fault == Fault::offline) hang_up();
  return words;
}

Result<Words> TcpMaster::await_answer(const Station& station, const Request& request, Moment deadline) {
  std::array<std::uint8_t, longest_frame> chunk{};
  while (true) {
    const auto count = wire_.read(chunk, deadline);
    if (!count) return count.error();
    if (*count == 0) break;
    silent_ = 0;
    received_.insert(received_.end(), chunk.begin(), chunk.begin() + static_cast<std::ptrdiff_t>(*count));
    auto answer = take_answer(station, request);
    if (!answer) return answer.error();
    if (*answer) return std::move(**answer);
    if (wire_.now() >= deadline) break;
  }
  if (++silent_ >= most_silent) hang_up();
  const auto waited = std::chrono::duration_cast<std::chrono::milliseconds>(station.timeout);
  return failure(Fault::timeout, fmt::format("no answer within {}", waited));
}

/// Goes through the frames that are complete; those that answer something else are dropped.
Result<std::optional<Words>> TcpMaster::take_answer(const Station& station, const Request& request) {
  while (true) {
    const auto frame = first_tcp_frame(received_);
    if (!frame) {
      hang_up();
      return frame.error();
    }
    if (!*frame) return std::optional<Words>{};
    const bool ours = (*frame)->answers(transaction_, station.unit);
    auto words = ours ? decode_answer(request, (*frame)->pdu) : Result<Words>{Words{}};
    received_.erase(received_.begin(), received_.begin() + static_cast<std::ptrdiff_t>((*frame)->size));
    if (!words) return words.error();
    if (ours) return std::optional<Words>{std::move(*words)};
  }
}

void TcpMaster::hang_up() {
  silent_ = 0;
  received_.clear();
  wire_.close();
}

}  // namespace fettle::modbus
