#include "modbus/scan_line.hpp"

#include <fmt/chrono.h>

#include <algorithm>
#include <optional>
#include <string>

namespace fettle::modbus {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds opening{2000};
constexpr milliseconds pause_in_an_answer{40};  ///< USB adapters deliver in pieces, 16 ms apart
constexpr milliseconds second_voice{80};        ///< so long another unit of the same number may take longer
constexpr milliseconds never_silent{1000};

}  // namespace

bool is_gateway_refusal(ByteSpan pdu) {
  constexpr std::uint8_t no_path = 10, no_answer = 11;
  return pdu.size() >= 2 && (pdu[0] & refusal_bit) != 0 && (pdu[1] == no_path || pdu[1] == no_answer);
}

Result<Words> ScanLine::ask(const Station& station, const Request& request) {
  const auto answer = inquire(station, register_question(request));
  if (!answer) return answer.error();
  return decode_answer(request, *answer);
}

void ScanLine::count(const Station& station, const Result<Bytes>& answer, Span latency, Span busy) {
  auto& statistics = this->statistics(station.unit);
  if (!answer) return statistics.failed(answer.error(), busy);
  if (answer->empty() || ((*answer)[0] & refusal_bit) == 0) return statistics.answered(latency, busy);
  statistics.failed(failure(Fault::refused, {}), busy);
}

Result<void> SerialScanLine::open() {
  if (wire_.is_open()) return {};
  return wire_.open(wire_.now() + opening);
}

Result<Bytes> SerialScanLine::listen(Span span) {
  if (auto opened = open(); !opened) return opened.error();
  talk_.forget();
  const auto end = wire_.now() + span;
  while (wire_.now() < end && talk_.received().size() < SerialTalk::most_kept) {
    const auto count = talk_.receive(end);
    if (!count) return count.error();
  }
  return talk_.received();
}

/// Waits for an answer to begin until the time is up, and for one that has begun until it ends.
Result<Hearing> SerialScanLine::exchange(const Station& station, ByteSpan question) {
  if (auto opened = open(); !opened) return opened.error();
  const auto& timing = talk_.timing();
  const auto& received = talk_.received();
  auto silent = talk_.wait_for_silence(std::max(timing.silence, station.min_gap), never_silent);
  if (!silent) return silent.error();
  const auto sent = talk_.send(encode_serial(station.unit, question));
  if (!sent) return sent.error();
  sent_ = *sent;
  auto deadline = sent_ + station.timeout;
  Hearing hearing;
  while (!hearing.answer && received.size() < SerialTalk::most_kept) {
    const auto count = talk_.receive(deadline);
    if (!count) return count.error();
    if (*count == 0) break;
    if (received.size() == *count) heard_ = wire_.now() - timing.character * static_cast<long>(*count);
    deadline = std::max(deadline, wire_.now() + pause_in_an_answer + 4 * timing.character);
    hearing = hear(received, station.unit, question);
  }
  return hearing;
}

Result<Bytes> SerialScanLine::inquire(const Station& station, ByteSpan question) {
  const auto begin = wire_.now();
  auto hearing = exchange(station, question);
  if (!hearing) {
    if (hearing.error().fault == Fault::offline) wire_.close();
    return hearing.error();
  }
  statistics(station.unit).heard_noise(hearing->noise);
  const auto waited = std::chrono::duration_cast<milliseconds>(station.timeout);
  Result<Bytes> answer = failure(Fault::timeout, fmt::format("no answer within {}", waited));
  if (hearing->answer) {
    answer = std::move(*hearing->answer);
  } else if (hearing->noise > 0) {
    answer = failure(Fault::malformed, fmt::format("{} bytes without a good check sum", hearing->noise));
  }
  count(station, answer, std::max(Span{}, heard_ - sent_), wire_.now() - begin);
  return answer;
}

Result<void> SerialScanLine::sweep(std::span<const std::uint8_t> units, const Station& like, ByteSpan question,
                                   const SweepWatch& watch) {
  for (const auto unit : units) {
    auto station = like;
    station.unit = unit;
    auto answer = inquire(station, question);
    if (!answer && answer.error().fault == Fault::malformed) answer = inquire(station, question);
    if (!answer && answer.error().fault == Fault::offline) return answer.error();
    auto presence = Presence::absent;
    if (answer && !is_gateway_refusal(*answer)) presence = Presence::present;
    if (!answer && answer.error().fault == Fault::malformed) presence = Presence::garbled;
    if (!watch(unit, presence)) return {};
  }
  return {};
}

Hearing SerialScanLine::listen_for_voices(const Station& station, ByteSpan question) {
  auto hearing = exchange(station, question);
  if (!hearing) return {};
  auto end = wire_.now() + second_voice;
  while (talk_.received().size() < SerialTalk::most_kept) {
    const auto count = talk_.receive(end);
    if (!count || *count == 0) break;
    end = std::max(end, wire_.now() + pause_in_an_answer);
  }
  return hear(talk_.received(), station.unit, question);
}

std::size_t SerialScanLine::break_even(const Station& station) const {
  return modbus::break_even(talk_.timing(), station.min_gap, std::nullopt);
}

}  // namespace fettle::modbus
