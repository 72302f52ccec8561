#pragma once

#include <string>
#include <thread>

namespace fettle::test {

/// Two serial ports that are wired to each other, as pseudo terminals; unplugged when the object goes.
class SerialPair {
 public:
  SerialPair() = default;
  SerialPair(const SerialPair&) = delete;
  SerialPair& operator=(const SerialPair&) = delete;
  ~SerialPair();

  const std::string& left() const { return left_.port; }
  const std::string& right() const { return right_.port; }

 private:
  /// A pseudo terminal in raw mode; our own hold on its port keeps it alive while nobody has it open.
  struct End {
    int inner = -1, outer = -1;
    std::string port;
  };

  static End open_end();
  static void close_end(const End& end);
  void relay(const std::stop_token& stop) const;

  End left_ = open_end(), right_ = open_end();
  std::jthread relay_{[this](const std::stop_token& stop) { relay(stop); }};
};

}  // namespace fettle::test
