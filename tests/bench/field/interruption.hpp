#pragma once

#include <chrono>
#include <stdexcept>

namespace fettle::bench {

/// Somebody wants the bench to end. Unwinding the stack ends every program that was started, each by its own id.
struct Interrupted : std::runtime_error {
  Interrupted() : std::runtime_error{"interrupted"} {}
};

/// To be called before any thread is started: from here on SIGINT and SIGTERM are noticed only by the two below.
void hold_signals();

/// Throws Interrupted if a signal has come.
void check_interruption();
/// Waits; throws Interrupted as soon as a signal comes.
void rest(std::chrono::milliseconds span);

}  // namespace fettle::bench
