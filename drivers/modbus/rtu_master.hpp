#pragma once

#include "modbus/master.hpp"
#include "modbus/serial_talk.hpp"
#include "modbus/wire.hpp"

#include <cstdint>
#include <map>
#include <optional>

namespace fettle::modbus {

/// The master of a serial line: keeps the silence between frames, throws away what is left from earlier questions, and waits
/// through noise, echo and strangers for its own answer until the time is up. A serial answer does not say which question it answers;
/// so a unit that owes one is first asked for another number of registers, until it is certain that it keeps pace.
class RtuMaster final : public Master {
 public:
  RtuMaster(Wire& wire, const LineTiming& timing) : wire_{wire}, talk_{wire, timing} {}

  Result<Words> ask(const Station& station, const Request& request) override;
  /// Takes no more than a twentieth of the line's time, and waits only as long as the line's units usually take; now and then longer.
  bool knock(const Station& station, const Request& request) override;
  bool knocks_freely() const override { return false; }
  std::size_t break_even(const Station& station) const override;
  std::optional<Span> wire_time(const Station& station, const Request& request) const override;

 private:
  Result<Words> attempt(const Station& station, const Request& request);
  Result<Words> exchange(const Station& station, const Request& request);
  Request distinct(std::uint8_t unit, Request request) const;
  Result<void> wait_for_silence(const Station& station);
  std::optional<Span> turnaround(std::uint8_t unit) const;
  Result<Words> await_answer(const Station& station, const Request& request, Moment sent);
  void rest_while_it_comes(const Station& station, const Request& request, Moment deadline);
  Error give_up(Error error);

  Wire& wire_;
  SerialTalk talk_;
  Opener opener_;
  std::map<std::uint8_t, Request> owed_;  ///< by unit: what it has not answered in time, and still may
  Moment next_knock_{};
  unsigned knocks_ = 0;
  int silent_ = 0;  ///< questions in a row after which nothing at all came
};

}  // namespace fettle::modbus
