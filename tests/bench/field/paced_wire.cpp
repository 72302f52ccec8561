#include "field/paced_wire.hpp"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <sys/prctl.h>
#include <termios.h>
#include <unistd.h>
#include <algorithm>
#include <optional>
#include <stdexcept>

namespace fettle::bench {
namespace {

constexpr std::chrono::milliseconds patience{20};  ///< after which is looked whether anybody still wants this
constexpr unsigned long exact = 1;                 ///< nanoseconds of slack that a timer may have; usual are 50,000

timespec span_of(std::chrono::nanoseconds span) {
  return {span.count() / 1'000'000'000, static_cast<long>(span.count() % 1'000'000'000)};
}

}  // namespace

PacedWire::PacedWire(unsigned baud, unsigned bits)
    : character_{std::chrono::nanoseconds{std::chrono::seconds{bits}} / baud} {
  for (auto& end : ends_) open(end);
  thread_ = std::jthread{[this](const std::stop_token& stop) { relay(stop); }};
}

PacedWire::~PacedWire() {
  thread_ = {};
  for (const auto& end : ends_) {
    close(end.inner);
    close(end.outer);
  }
}

void PacedWire::open(End& end) {
  std::array<char, 64> port{};
  termios raw{};
  cfmakeraw(&raw);
  if (openpty(&end.inner, &end.outer, port.data(), &raw, nullptr) != 0) throw std::runtime_error{"no pseudo terminal"};
  if (fcntl(end.inner, F_SETFL, O_NONBLOCK) != 0) throw std::runtime_error{"a pseudo terminal that blocks"};
  end.port = port.data();
}

void PacedWire::relay(const std::stop_token& stop) {
  prctl(PR_SET_TIMERSLACK, exact);
  auto& [near, far] = ends_;
  while (!stop.stop_requested()) {
    const auto now = Steady::now();
    deliver(near, now);
    deliver(far, now);
    std::chrono::nanoseconds wait{patience};
    for (const auto& end : ends_) {
      if (!end.coming.empty()) wait = std::min<std::chrono::nanoseconds>(wait, end.coming.front().due - Steady::now());
    }
    const auto left = span_of(std::max(wait, std::chrono::nanoseconds{0}));
    std::array<pollfd, 2> watched{{{near.inner, POLLIN, 0}, {far.inner, POLLIN, 0}}};
    if (ppoll(watched.data(), watched.size(), &left, nullptr) <= 0) continue;
    if ((watched[0].revents & POLLIN) != 0) send(near, far);
    if ((watched[1].revents & POLLIN) != 0) send(far, near);
  }
}

void PacedWire::deliver(End& to, Steady::time_point now) {
  while (!to.coming.empty() && to.coming.front().due <= now) {
    // A port that nobody reads loses its bytes, as on a wire.
    [[maybe_unused]] const auto written = write(to.inner, &to.coming.front().byte, 1);
    to.coming.pop_front();
  }
}

/// The first byte is there a character's time after it was sent, each further one a character's time after the one before.
void PacedWire::send(const End& from, End& to) {
  std::array<std::uint8_t, 4096> chunk{};
  const auto count = read(from.inner, chunk.data(), chunk.size());
  if (count <= 0) return;
  if (!from.coming.empty()) ++collisions_;
  auto due = Steady::now();
  if (!to.coming.empty()) due = std::max(due, to.coming.back().due);
  for (std::size_t place = 0; place < static_cast<std::size_t>(count); ++place) {
    due += character_;
    to.coming.push_back({chunk.at(place), due});
  }
}

}  // namespace fettle::bench
