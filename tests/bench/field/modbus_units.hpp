#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <span>
#include <thread>
#include <vector>

namespace fettle::bench {

/// Modbus TCP servers on the loopback in one thread. Each register shows when it was read: the milliseconds of the system clock plus the
/// register's number, both modulo 2^16, so that within a minute no two fresh values of a register are the same, and a value tells its age.
class ModbusUnits {
 public:
  explicit ModbusUnits(std::size_t servers);
  ModbusUnits(const ModbusUnits&) = delete;
  ModbusUnits& operator=(const ModbusUnits&) = delete;
  ~ModbusUnits();

  const std::vector<unsigned short>& ports() const { return ports_; }

  /// A mute unit, behind whatever port, never answers.
  void set_mute(std::uint8_t unit, bool mute) { mute_.at(unit) = mute; }
  /// How many requests have come for a unit.
  std::uint64_t requests(std::uint8_t unit) const { return requests_.at(unit); }

  /// How old a value was at this time; negative: it is of later.
  static std::chrono::milliseconds age_of(std::uint16_t value, unsigned number,
                                          std::chrono::sys_time<std::chrono::milliseconds> time);

 private:
  void listen();
  void serve(const std::stop_token& stop);
  void accept(int listener);
  /// False when the master has gone.
  bool receive(int connection, std::vector<std::uint8_t>& received);
  void answer(int connection, std::span<const std::uint8_t> request);

  std::vector<unsigned short> ports_;
  std::vector<int> listeners_;
  std::map<int, std::vector<std::uint8_t>> connections_;  ///< and what has come of the next request
  std::array<std::atomic<bool>, 256> mute_{};
  std::array<std::atomic<std::uint64_t>, 256> requests_{};
  int events_ = -1;
  std::jthread thread_;
};

}  // namespace fettle::bench
