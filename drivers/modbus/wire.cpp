#include "modbus/wire.hpp"

namespace fettle::modbus {
namespace {

constexpr acquisition::Backoff::Rule reopening{0, std::chrono::seconds{1}, std::chrono::seconds{30}};

}  // namespace

Opener::Opener() : backoff_{reopening} {}

Result<void> Opener::open(Wire& wire, Span patience) {
  if (wire.is_open()) return {};
  const auto begin = wire.now();
  if (!backoff_.may_try(begin)) return failure(Fault::offline, last_failure_);
  auto opened = wire.open(begin + patience);
  if (opened) {
    backoff_.succeeded();
  } else {
    backoff_.failed(wire.now());
    last_failure_ = opened.error().detail;
  }
  return opened;
}

}  // namespace fettle::modbus
