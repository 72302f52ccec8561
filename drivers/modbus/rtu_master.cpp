#include "modbus/rtu_master.hpp"

#include "modbus/rtu.hpp"

#include <fmt/chrono.h>

#include <algorithm>

namespace fettle::modbus {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds adapter_latency{16};  // how long a USB adapter may hold back the end of a late answer
constexpr int most_silent = 8;
constexpr int knock_share = 20;        ///< one part in so many of the line's time is for knocking
constexpr unsigned patient_knock = 8;  ///< every so many knocks waits as long as a question
constexpr int knock_patience = 4;      ///< so many times what the slowest unit usually takes
constexpr milliseconds least_patience{50};
constexpr milliseconds careful_turnaround{10};

}  // namespace

Result<Words> RtuMaster::ask(const Station& station, const Request& request) {
  const bool was_open = wire_.is_open();
  auto answer = attempt(station, request);
  // A gateway closes a connection on which nobody has spoken for a while, which is noticed only now.
  const bool was_lost = was_open && !answer && answer.error().fault == Fault::offline;
  return was_lost ? attempt(station, request) : answer;
}

Result<Words> RtuMaster::attempt(const Station& station, const Request& request) {
  if (auto opened = opener_.open(wire_, station.timeout); !opened) return opened.error();
  if (auto silent = wait_for_silence(station); !silent) return give_up(silent.error());
  if (const auto other = distinct(station.unit, request); other.count != request.count) {
    const auto answer = exchange(station, other);
    if (!answer && (is_silence(answer.error().fault) || answer.error().fault == Fault::malformed))
      return answer.error();
    if (auto silent = wait_for_silence(station); !silent) return give_up(silent.error());
  }
  return exchange(station, request);
}

/// An answer that is late looks like the answer to the next question for as many registers.
Request RtuMaster::distinct(std::uint8_t unit, Request request) const {
  const auto owed = owed_.find(unit);
  if (owed == owed_.end() || owed->second.answer_bytes() != request.answer_bytes()) return request;
  const int other_size = acquisition::holds_bits(request.table) ? 8 : 1;  // as the answer counts whole bytes
  request.count =
      static_cast<std::uint16_t>(request.count > other_size ? request.count - other_size : request.count + other_size);
  return request;
}

Result<Words> RtuMaster::exchange(const Station& station, const Request& request) {
  const auto begin = wire_.now();
  const auto& timing = talk_.timing();
  auto& statistics = this->statistics(station.unit);
  const auto sent = talk_.send(encode_rtu(station.unit, request));
  if (!sent) return give_up(sent.error());
  auto words = await_answer(station, request, *sent);
  const auto busy = wire_.now() - begin + timing.silence;
  if (words) {
    const auto answer = timing.character * (5L + request.answer_bytes());
    statistics.answered(std::max(Span{}, wire_.now() - *sent - answer), busy);
    owed_.erase(station.unit);
    return words;
  }
  statistics.failed(words.error(), busy);
  if (!is_silence(words.error().fault) && words.error().fault != Fault::malformed) owed_.erase(station.unit);
  if (words.error().fault == Fault::malformed) statistics.heard_noise(talk_.received().size());
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
  if (auto silent = wait_for_silence(station); !silent) {
    (void)give_up(silent.error());
    return false;
  }
  const auto answer = exchange(hurried, distinct(station.unit, request));
  if (answer || !is_silence(answer.error().fault)) return true;
  next_knock_ = wire_.now() + (knock_share - 1) * (wire_.now() - begin);
  return false;
}

std::optional<Span> RtuMaster::turnaround(std::uint8_t unit) const {
  const auto* known = known_statistics(unit);
  if (known == nullptr || !known->has_latency()) return std::nullopt;
  return known->latency(0.5);
}

std::size_t RtuMaster::break_even(const Station& station) const {
  return modbus::break_even(talk_.timing(), station.min_gap, turnaround(station.unit));
}

/// Of a unit that was never heard, a turnaround that most devices keep is taken.
std::optional<Span> RtuMaster::wire_time(const Station& station, const Request& request) const {
  const auto& timing = talk_.timing();
  if (timing.character == Span{}) return std::nullopt;
  return (exchange_overhead + request.answer_bytes()) * timing.character +
         2 * std::max(timing.silence, station.min_gap) + turnaround(station.unit).value_or(careful_turnaround);
}

/// What comes meanwhile may be late answers, which are not owed any more.
Result<void> RtuMaster::wait_for_silence(const Station& station) {
  auto silent = talk_.wait_for_silence(std::max(talk_.timing().silence, station.min_gap), station.timeout);
  if (talk_.received().empty()) return silent;
  std::erase_if(owed_, [this](const auto& each) {
    return scan_rtu(talk_.received(), each.first, each.second).answer.has_value();
  });
  return silent;
}

Result<Words> RtuMaster::await_answer(const Station& station, const Request& request, Moment sent) {
  const auto answer_length = 5L + request.answer_bytes();
  const auto deadline = sent + station.timeout + talk_.timing().character * answer_length;
  const auto& received = talk_.received();
  while (true) {
    const auto count = talk_.receive(deadline);
    if (!count) return count.error();
    if (*count == 0) break;
    silent_ = 0;
    opener_.heard();
    const auto scan = scan_rtu(received, station.unit, request);
    if (scan.answer) return decode_answer(request, *scan.answer);
    wire_.expect_more();
    rest_while_it_comes(station, request, deadline);
    if (wire_.now() >= deadline) break;
  }
  talk_.expect_bytes_until(wire_.now() + adapter_latency);
  // Some adapters come to their senses when they are opened again, and a dead connection of a gateway has to be.
  if (received.empty() && ++silent_ >= most_silent) wire_.close();
  const auto waited = fmt::format("{}", std::chrono::duration_cast<milliseconds>(station.timeout));
  return explain_rtu(received, station.unit, request, waited);
}

/// An answer that has begun takes as long as its characters do: to wake up for each of them is no use.
void RtuMaster::rest_while_it_comes(const Station& station, const Request& request, Moment deadline) {
  const std::size_t length = 5U + request.answer_bytes();
  const auto& received = talk_.received();
  const bool has_begun = received.size() >= 3 && received.size() + 2 < length && received[0] == station.unit &&
                         received[1] == request.function() && received[2] == request.answer_bytes();
  if (!has_begun) return;
  const auto rest = static_cast<long>(length - received.size() - 1);
  wire_.rest(std::min(deadline, wire_.now() + talk_.timing().character * rest));
}

Error RtuMaster::give_up(Error error) {
  if (error.fault == Fault::offline) {
    opener_.lost(wire_.now(), error);
    wire_.close();
  }
  return error;
}

}  // namespace fettle::modbus
