#pragma once

#include "modbus/master.hpp"
#include "modbus/scan_frames.hpp"
#include "modbus/serial_talk.hpp"
#include "modbus/wire.hpp"

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace fettle::modbus {

enum class Presence : std::uint8_t { absent, present, garbled };

/// Hears of each unit once; false ends the sweep.
using SweepWatch = std::function<bool(std::uint8_t unit, Presence presence)>;

/// A line whose units nobody knows yet. Whatever a unit says with a right check sum shows that it is there, refusals included.
class ScanLine : public Master {
 public:
  /// Asks one thing, which need not be registers, and gives the PDU of the answer, which may be a refusal.
  virtual Result<Bytes> inquire(const Station& station, ByteSpan question) = 0;

  /// Asks each of these units the same, as `like` says.
  virtual Result<void> sweep(std::span<const std::uint8_t> units, const Station& like, ByteSpan question,
                             const SweepWatch& watch) = 0;

  /// How many answers a question gets. Two units with the same number answer one after the other, or into one another.
  virtual Hearing listen_for_voices(const Station& station, ByteSpan question) = 0;

  Result<Words> ask(const Station& station, const Request& request) override;
  bool knock(const Station& station, const Request& request) override { return ask(station, request).has_value(); }
  bool knocks_freely() const override { return false; }

 protected:
  /// Counts what became of a question.
  void count(const Station& station, const Result<Bytes>& answer, Span latency, Span busy);
};

/// A gateway says so in place of a unit that does not answer it.
bool is_gateway_refusal(ByteSpan pdu);

/// A serial line at one rate.
class SerialScanLine final : public ScanLine {
 public:
  SerialScanLine(Wire& wire, const LineTiming& timing) : wire_{wire}, talk_{wire, timing, wire.now()} {}

  Result<Bytes> inquire(const Station& station, ByteSpan question) override;
  Result<void> sweep(std::span<const std::uint8_t> units, const Station& like, ByteSpan question,
                     const SweepWatch& watch) override;
  Hearing listen_for_voices(const Station& station, ByteSpan question) override;
  std::size_t break_even(const Station& station) const override;

  /// Everything that comes within some time, without a question.
  Result<Bytes> listen(Span span);

 private:
  Result<void> open();
  Result<Hearing> exchange(const Station& station, ByteSpan question);

  Wire& wire_;
  SerialTalk talk_;
  Moment sent_{};   ///< when the last bit of the question had left
  Moment heard_{};  ///< when the first byte after it came
};

}  // namespace fettle::modbus
