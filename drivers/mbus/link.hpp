#pragma once

#include "core/result.hpp"
#include "mbus/frame.hpp"
#include "modbus/statistics.hpp"
#include "modbus/wire.hpp"

#include <cstdint>

namespace fettle::mbus {

using modbus::Moment;
using modbus::Span;
using modbus::Wire;

/// How long things take on an M-Bus line (EN 13757-2).
struct LinkTiming {
  Span character{};  ///< eleven bits: start, eight, even parity, stop
  Span answer{};     ///< from the end of a question to the beginning of its answer
  Span silence{};    ///< that ends a frame

  /// A meter answers within 330 bit times and 50 ms; `margin` is what adapters and networks on the way may add.
  static LinkTiming of(unsigned baud, Span margin);
};

/// One question and its answer on one wire: strips the echo that some converters send back, waits through noise, and tells silence from
/// several meters that speak at once. Asks nothing twice.
class Link {
 public:
  Link(Wire& wire, const LinkTiming& timing) : wire_{wire}, timing_{timing} {}

  /// For questions that are answered by the single byte E5.
  Result<void> confirmed(ByteSpan question);
  /// For questions that are answered by a frame.
  Result<Frame> answered(ByteSpan question);
  /// For what nobody has to answer; waits for as long as somebody might.
  Result<void> tell(ByteSpan words);

  /// From now on counts what becomes of each question; null for whoever does not want to know.
  void count_into(modbus::Statistics* statistics) { statistics_ = statistics; }

  Moment now() const { return wire_.now(); }
  std::size_t questions() const { return questions_; }
  bool has_echo() const { return has_echo_; }

 private:
  enum class Wanted : std::uint8_t { acknowledgement, frame };

  Result<void> await_confirmation(ByteSpan question);
  Result<Frame> await_frame(ByteSpan question);
  template <class T>
  Result<T> counted(Result<T> outcome, Moment begin);
  Result<void> send(ByteSpan question);
  Result<void> drop_leftovers();
  Result<void> receive(ByteSpan question, Wanted wanted);
  bool is_complete(Wanted wanted) const;
  void strip_echo(ByteSpan question);
  Error unreadable() const;
  Error lost(const Error& error);

  Wire& wire_;
  LinkTiming timing_;
  modbus::Opener opener_;
  Moment quiet_since_{};  ///< when the line was last in use
  Moment sent_{};         ///< when the question was out
  Moment answered_{};     ///< when the first byte came that was no echo
  modbus::Statistics* statistics_ = nullptr;
  Bytes received_;
  bool may_echo_ = false;  ///< the echo of this question has not come yet
  bool has_echo_ = false;
  std::size_t questions_ = 0;
};

}  // namespace fettle::mbus
