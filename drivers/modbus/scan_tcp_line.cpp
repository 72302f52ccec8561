#include "modbus/scan_tcp_line.hpp"

#include "modbus/mbap.hpp"

#include <fmt/chrono.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace fettle::modbus {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds connecting{5000};
constexpr std::size_t all_registers = 125;

}  // namespace

Result<std::uint16_t> TcpScanLine::send(std::uint8_t unit, ByteSpan question) {
  if (!wire_.is_open()) {
    received_.clear();
    if (auto opened = wire_.open(wire_.now() + connecting); !opened) return opened.error();
  }
  if (++transaction_ == 0) ++transaction_;
  const auto header = tcp_header(transaction_, unit, question.size());
  Bytes frame{header.begin(), header.end()};
  frame.insert(frame.end(), question.begin(), question.end());
  if (auto sent = wire_.write(frame, wire_.now() + connecting); !sent) {
    wire_.close();
    return sent.error();
  }
  return transaction_;
}

Result<std::vector<TcpScanLine::Frame>> TcpScanLine::receive(Moment deadline) {
  std::array<std::uint8_t, 260> chunk{};
  const auto count = wire_.read(chunk, deadline);
  if (!count) {
    wire_.close();
    return count.error();
  }
  received_.insert(received_.end(), chunk.begin(), chunk.begin() + static_cast<std::ptrdiff_t>(*count));
  std::vector<Frame> frames;
  while (true) {
    const auto frame = first_tcp_frame(received_);
    if (!frame) {
      wire_.close();
      return frame.error();
    }
    if (!*frame) return frames;
    const auto& found = **frame;
    frames.push_back({found.transaction, Bytes(found.pdu.begin(), found.pdu.end())});
    received_.erase(received_.begin(), received_.begin() + static_cast<std::ptrdiff_t>(found.size));
  }
}

Result<Bytes> TcpScanLine::inquire(const Station& station, ByteSpan question) {
  const auto begin = wire_.now();
  const auto transaction = send(station.unit, question);
  if (!transaction) return transaction.error();
  const auto waited = std::chrono::duration_cast<milliseconds>(station.timeout);
  Result<Bytes> answer = failure(Fault::timeout, fmt::format("no answer within {}", waited));
  const auto deadline = wire_.now() + station.timeout;
  while (!answer && wire_.now() < deadline) {
    const auto frames = receive(deadline);
    if (!frames) return frames.error();
    for (const auto& frame : *frames) {
      if (frame.transaction == *transaction) answer = frame.pdu;
    }
  }
  const auto took = wire_.now() - begin;
  count(station, answer, took, took);
  return answer;
}

std::size_t TcpScanLine::under_way(const Open& open) {
  return static_cast<std::size_t>(
      std::count_if(open.begin(), open.end(), [](const auto& each) { return !each.second.settled; }));
}

Moment TcpScanLine::next_deadline(const Open& open) {
  auto next = Moment::max();
  for (const auto& [transaction, asked] : open) {
    if (!asked.settled) next = std::min(next, asked.deadline);
  }
  return next;
}

/// False if the watch has seen enough. An answer to a question whose time was over is news all the same.
bool TcpScanLine::settle(Open& open, const std::vector<Frame>& frames, const SweepWatch& watch) {
  for (const auto& frame : frames) {
    const auto found = open.find(frame.transaction);
    if (found == open.end()) continue;
    const auto [unit, deadline, settled] = found->second;
    open.erase(found);
    const bool present = !is_gateway_refusal(frame.pdu);
    if (settled) ++late_;
    if (settled && !present) continue;
    if (!watch(unit, present ? Presence::present : Presence::absent)) return false;
  }
  return true;
}

bool TcpScanLine::expire(Open& open, const SweepWatch& watch) const {
  for (auto& [transaction, asked] : open) {
    if (asked.settled || asked.deadline > wire_.now()) continue;
    asked.settled = true;
    if (!watch(asked.unit, Presence::absent)) return false;
  }
  return true;
}

/// A host that hangs up takes one question at a time; if it does so over a single one, that unit is not there.
bool TcpScanLine::ask_again(Open& open, std::deque<std::uint8_t>& waiting, const SweepWatch& watch) {
  const bool alone = window_ == 1;
  window_ = 1;
  ++hung_up_;
  const auto lost = std::exchange(open, {});
  for (const auto& [transaction, asked] : lost) {
    if (asked.settled) continue;
    if (!alone) waiting.push_front(asked.unit);
    if (alone && !watch(asked.unit, Presence::absent)) return false;
  }
  return true;
}

Result<void> TcpScanLine::sweep(std::span<const std::uint8_t> units, const Station& like, ByteSpan question,
                                const SweepWatch& watch) {
  Open open;
  std::deque<std::uint8_t> waiting{units.begin(), units.end()};
  while (!waiting.empty() || under_way(open) > 0) {
    while (!waiting.empty() && under_way(open) < window_) {
      const auto transaction = send(waiting.front(), question);
      if (!transaction) return transaction.error();
      open[*transaction] = {waiting.front(), wire_.now() + like.timeout, false};
      waiting.pop_front();
    }
    const auto frames = receive(next_deadline(open));
    if (!frames && !ask_again(open, waiting, watch)) return {};
    if (frames && (!settle(open, *frames, watch) || !expire(open, watch))) return {};
  }
  for (const auto end = wire_.now() + like.timeout; !open.empty() && wire_.now() < end;) {
    const auto frames = receive(end);
    if (!frames || !settle(open, *frames, watch)) break;
  }
  return {};
}

std::size_t TcpScanLine::break_even(const Station& /*station*/) const { return all_registers; }

}  // namespace fettle::modbus
