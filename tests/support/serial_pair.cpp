#include "support/serial_pair.hpp"

#include <poll.h>
#include <pty.h>
#include <termios.h>
#include <unistd.h>
#include <array>
#include <cstdint>
#include <stdexcept>
#include <stop_token>

namespace fettle::test {
namespace {

constexpr int patience_in_ms = 20;  // after which the relay looks whether it is still wanted

void pass_on(int from, int to) {
  std::array<std::uint8_t, 512> bytes{};
  const auto count = ::read(from, bytes.data(), bytes.size());
  if (count > 0 && ::write(to, bytes.data(), static_cast<std::size_t>(count)) != count) {
    throw std::runtime_error{"a pseudo terminal is full"};
  }
}

}  // namespace

SerialPair::End SerialPair::open_end() {
  End end;
  std::array<char, 64> port{};
  termios raw{};
  ::cfmakeraw(&raw);
  if (::openpty(&end.inner, &end.outer, port.data(), &raw, nullptr) != 0) {
    throw std::runtime_error{"no pseudo terminal"};
  }
  end.port = port.data();
  return end;
}

void SerialPair::close_end(const End& end) {
  ::close(end.inner);
  ::close(end.outer);
}

SerialPair::~SerialPair() {
  relay_.request_stop();
  relay_.join();
  close_end(left_);
  close_end(right_);
}

void SerialPair::relay(const std::stop_token& stop) const {
  while (!stop.stop_requested()) {
    std::array<pollfd, 2> ends{{{left_.inner, POLLIN, 0}, {right_.inner, POLLIN, 0}}};
    if (::poll(ends.data(), ends.size(), patience_in_ms) <= 0) continue;
    if ((ends[0].revents & POLLIN) != 0) pass_on(left_.inner, right_.inner);
    if ((ends[1].revents & POLLIN) != 0) pass_on(right_.inner, left_.inner);
  }
}

}  // namespace fettle::test
