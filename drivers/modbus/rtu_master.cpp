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
constexpr std::size_t all_registers = 125;
constexpr std::size_t most_kept = 4 * longest_frame;
constexpr int most_silent = 8;
constexpr int knock_share = 20;        ///< one part in so many of the line's time is for knocking
constexpr unsigned patient_knock = 8;  ///< every so many knocks waits as long as a question
constexpr int knock_patience = 4;      ///< so many times what the slowest unit usually takes
constexpr milliseconds least_patience{50};
constexpr milliseconds usual_turnaround{5};
constexpr milliseconds careful_turnaround{10};
constexpr long overhead = 13;  ///< characters of a question and of an answer beside its registers

}  // namespace

LineTiming LineTiming::of(unsigned baud, unsigned bits_per_character) {
  const auto character = std::chrono::nanoseconds{1'000'000'000LL * bits_per_character / baud};
  const Span silence = baud <= fastest_with_own_silence ? Span{character * 7 / 2} : Span{fixed_silence};
  return {character, silence};
}

Result<Words> RtuMaster::ask(const Station& station, const Request& request) {
  if (auto opened = opener_.open(wire_, station.timeout); !opened) return opened.error();
  if (auto silent = wait_for_silence(station); !silent) return give_up(silent.error());
  if (const auto other = distinct(station.unit, request); other.count != request.count) {
    const auto answer = exchange(station, other);
    if (!answer && (is_silence(answer.error().fault) || answer.error().fault == Fault::malformed))
      return answer.error();
  }
  return exchange(station, request);
}

/// An answer that is late looks like the answer to the next question for as many registers.
Request RtuMaster::distinct(std::uint8_t unit, Request request) const {
  const auto owed = owed_.find(unit);
  if (owed == owed_.end() || owed->second.answer_bytes() != request.answer_bytes()) return request;
  request.count = static_cast<std::uint16_t>(request.count > 1 ? request.count - 1 : 2);
  return request;
}

Result<Words> RtuMaster::exchange(const Station& station, const Request& request) {
  if (auto silent = wait_for_silence(station); !silent) return give_up(silent.error());
  const auto begin = wire_.now();
  auto& statistics = this->statistics(station.unit);
  if (auto sent = send(encode_rtu(station.unit, request)); !sent) return give_up(sent.error());
  const auto sent = last_byte_;
  auto words = await_answer(station, request);
  const auto busy = wire_.now() - begin + timing_.silence;
  if (words) {
    const auto answer = timing_.character * (5L + request.answer_bytes());
    statistics.answered(std::max(Span{}, wire_.now() - sent - answer), busy);
    owed_.erase(station.unit);
    return words;
  }
  statistics.failed(words.error(), busy);
  if (!is_silence(words.error().fault) && words.error().fault != Fault::malformed) owed_.erase(station.unit);
  if (words.error().fault == Fault::malformed) statistics.heard_noise(received_.size());
  if (words.error().fault == Fault::timeout) owed_[station.unit] = request;
  return give_up(words.error());
}

bool RtuMaster::knock(const Station& station, const Request& request) {
  const auto begin = wire_.now();
  if (begin < next_knock_) return false;
  auto hurried = station;
  const auto usual = slowest_latency();
  if (usual > Span{} && ++knocks_ % patient_knock != 0) {
    hurried.timeout =
        std::clamp<Span>(knock_patience * usual, std::min<Span>(least_patience, station.timeout), station.timeout);
  }
  if (auto opened = opener_.open(wire_, station.timeout); !opened) return false;
  if (auto silent = wait_for_silence(station); !silent) return false;
  const auto answer = exchange(hurried, distinct(station.unit, request));
  if (answer || !is_silence(answer.error().fault)) return true;
  next_knock_ = wire_.now() + (knock_share - 1) * (wire_.now() - begin);
  return false;
}

std::size_t RtuMaster::break_even(const Station& station) const {
  const auto* known = known_statistics(station.unit);
  const Span turnaround = known != nullptr && known->has_latency() ? known->latency(0.5) : Span{usual_turnaround};
  if (timing_.character == Span{}) return all_registers;
  const auto silence = std::max(timing_.silence, station.min_gap);
  return static_cast<std::size_t>((overhead * timing_.character + 2 * silence + turnaround) / (2 * timing_.character));
}

/// Of a unit that was never heard, a turnaround that most devices keep is taken.
std::optional<Span> RtuMaster::wire_time(const Station& station, const Request& request) const {
  if (timing_.character == Span{}) return std::nullopt;
  const auto* known = known_statistics(station.unit);
  const Span turnaround = known != nullptr && known->has_latency() ? known->latency(0.5) : Span{careful_turnaround};
  return (overhead + request.answer_bytes()) * timing_.character + 2 * std::max(timing_.silence, station.min_gap) +
         turnaround;
}

/// Reads until nothing has come for long enough: late answers, which are not owed any more, and noise.
Result<void> RtuMaster::wait_for_silence(const Station& station) {
  const auto silence = std::max(timing_.silence, station.min_gap);
  const auto patience = wire_.now() + silence + station.timeout;
  received_.clear();
  while (true) {
    if (received_.size() > most_kept) received_.clear();
    const auto count = receive(std::max(last_byte_ + silence, wire_.now()));
    if (!count) return count.error();
    if (*count == 0) return {};
    std::erase_if(owed_,
                  [this](const auto& each) { return scan_rtu(received_, each.first, each.second).answer.has_value(); });
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
    silent_ = 0;
    const auto scan = scan_rtu(received_, station.unit, request);
    if (scan.answer) return decode_answer(request, *scan.answer);
    rest_while_it_comes(station, request, deadline);
    if (received_.size() > most_kept) received_.erase(received_.begin(), received_.end() - longest_frame);
    if (wire_.now() >= deadline) break;
  }
  last_byte_ = wire_.now() + adapter_latency;
  // Some adapters come to their senses when they are opened again, and a dead connection of a gateway has to be.
  if (received_.empty() && ++silent_ >= most_silent) wire_.close();
  const auto waited = fmt::format("{}", std::chrono::duration_cast<milliseconds>(station.timeout));
  return explain_rtu(received_, station.unit, request, waited);
}

/// An answer that has begun takes as long as its characters do: to wake up for each of them is no use.
void RtuMaster::rest_while_it_comes(const Station& station, const Request& request, Moment deadline) {
  const std::size_t length = 5U + request.answer_bytes();
  const bool has_begun = received_.size() >= 3 && received_.size() + 2 < length && received_[0] == station.unit &&
                         received_[1] == request.function() && received_[2] == request.answer_bytes();
  if (!has_begun) return;
  const auto rest = static_cast<long>(length - received_.size() - 1);
  wire_.rest(std::min(deadline, wire_.now() + timing_.character * rest));
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
