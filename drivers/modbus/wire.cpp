#include "modbus/wire.hpp"

#include <utility>

namespace fettle::modbus {
namespace {

/// Whoever plugs an adapter in again looks at the screen meanwhile.
constexpr acquisition::Backoff::Rule reopening{0, std::chrono::seconds{1}, std::chrono::seconds{10}};
/// A device may hang up at a question that it does not like; the others behind the same gateway are not to wait for that.
constexpr acquisition::Backoff::Rule after_silence{3, reopening.first, reopening.longest};

}  // namespace

Opener::Opener() : opening_{reopening}, hearing_{after_silence} {}

Result<void> Opener::open(Wire& wire, Span patience) {
  if (wire.is_open()) return {};
  const auto begin = wire.now();
  if (!opening_.may_try(begin) || !hearing_.may_try(begin)) return failure(Fault::offline, last_failure_);
  auto opened = wire.open(begin + patience);
  heard_ = false;
  if (opened) {
    opening_.succeeded();
  } else {
    opening_.failed(wire.now());
    last_failure_ = opened.error().detail;
  }
  return opened;
}

void Opener::heard() {
  if (!std::exchange(heard_, true)) hearing_.succeeded();
}

void Opener::lost(Moment now, const Error& error) {
  if (heard_) return;
  hearing_.failed(now);
  last_failure_ = error.detail;
}

}  // namespace fettle::modbus
