#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <string>
#include <thread>

namespace fettle::bench {

/// Two serial ports on a wire as slow as a real one: each byte takes its time, one after the other. As pseudo terminals, which by
/// themselves would move hundreds of bytes at once.
class PacedWire {
 public:
  /// A character is `bits` long, with start, parity and stop bits.
  PacedWire(unsigned baud, unsigned bits);
  PacedWire(const PacedWire&) = delete;
  PacedWire& operator=(const PacedWire&) = delete;
  ~PacedWire();

  const std::string& near() const { return ends_[0].port; }
  const std::string& far() const { return ends_[1].port; }
  /// How often one side began to talk while the other's bytes were under way.
  int collisions() const { return collisions_; }

 private:
  using Steady = std::chrono::steady_clock;

  struct Underway {
    std::uint8_t byte;
    Steady::time_point due;
  };
  /// A pseudo terminal, with what travels towards it; our own hold on its port keeps it alive while nobody has it open.
  struct End {
    int inner = -1, outer = -1;
    std::string port;
    std::deque<Underway> coming;
  };

  static void open(End& end);
  void relay(const std::stop_token& stop);
  /// Hands over what is due.
  static void deliver(End& to, Steady::time_point now);
  void send(const End& from, End& to);

  std::chrono::nanoseconds character_;
  std::array<End, 2> ends_;
  std::atomic<int> collisions_{0};
  std::jthread thread_;
};

}  // namespace fettle::bench
