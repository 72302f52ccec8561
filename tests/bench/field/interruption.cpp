#include "field/interruption.hpp"

#include <csignal>
#include <ctime>

namespace fettle::bench {
namespace {

using Steady = std::chrono::steady_clock;

sigset_t endings() {
  sigset_t set{};
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  return set;
}

}  // namespace

void hold_signals() {
  const auto set = endings();
  if (pthread_sigmask(SIG_BLOCK, &set, nullptr) != 0) throw std::runtime_error{"signals cannot be held"};
}

void check_interruption() { rest(std::chrono::milliseconds{0}); }

void rest(std::chrono::milliseconds span) {
  const auto set = endings();
  const auto end = Steady::now() + span;
  do {
    const auto left = std::chrono::nanoseconds{std::max(Steady::duration{0}, end - Steady::now())};
    const timespec wait{left.count() / 1'000'000'000, static_cast<long>(left.count() % 1'000'000'000)};
    if (sigtimedwait(&set, nullptr, &wait) > 0) throw Interrupted{};
  } while (Steady::now() < end);
}

}  // namespace fettle::bench
