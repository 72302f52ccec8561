#include "modbus/statistics.hpp"

#include <algorithm>

namespace fettle::modbus {
namespace {

double milliseconds(Span span) { return std::chrono::duration<double, std::milli>{span}.count(); }

}  // namespace

void Statistics::answered(Span latency, Span busy) {
  ++counts_.requests;
  ++counts_.answers;
  counts_.busy += milliseconds(busy);
  latencies_[next_] = latency;
  next_ = (next_ + 1) % remembered;
  filled_ = std::min(filled_ + 1, remembered);
}

void Statistics::failed(const Error& error, Span busy) {
  ++counts_.requests;
  counts_.busy += milliseconds(busy);
  switch (error.fault) {
    case Fault::timeout: ++counts_.timeouts; break;
    case Fault::malformed: ++counts_.malformed; break;
    case Fault::refused:
    case Fault::unsupported:
      ++counts_.answers;
      ++counts_.refusals;
      break;
    case Fault::offline: break;
  }
}

Span Statistics::latency(double share) const {
  if (filled_ == 0) return {};
  auto sorted = latencies_;
  const auto end = sorted.begin() + static_cast<std::ptrdiff_t>(filled_);
  const auto place = static_cast<std::ptrdiff_t>(share * static_cast<double>(filled_ - 1));
  std::nth_element(sorted.begin(), sorted.begin() + place, end);
  return sorted[static_cast<std::size_t>(place)];
}

acquisition::LineQuality Statistics::quality() const {
  auto quality = counts_;
  quality.latency_p50 = milliseconds(latency(0.5));
  quality.latency_p95 = milliseconds(latency(0.95));
  return quality;
}

}  // namespace fettle::modbus
