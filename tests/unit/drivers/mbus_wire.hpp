#pragma once

#include "modbus/wire.hpp"

#include "support/mbus_meters.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace fettle::mbus {

/// A wire to simulated meters, on a clock of its own that moves when somebody sends or waits.
class MeterWire final : public modbus::Wire {
 public:
  using Moment = modbus::Moment;
  using Span = modbus::Span;

  test::MeterLine line;
  Span latency = std::chrono::milliseconds{20};      ///< from a question to its answer
  Span character = std::chrono::microseconds{4583};  ///< 2400 baud
  std::vector<test::MbusBytes> sent;
  test::MbusBytes noise;  ///< comes in before the next question

  Moment now() const override { return now_; }
  bool is_open() const override { return open_; }
  Result<void> open(Moment /*deadline*/) override {
    if (cancelled_) return failure(Fault::offline, "closed");
    open_ = true;
    return {};
  }
  void close() override { open_ = false; }
  void cancel() override { cancelled_ = true; }

  Result<void> write(std::span<const std::uint8_t> bytes, Moment /*deadline*/) override {
    if (cancelled_) return failure(Fault::offline, "closed");
    sent.emplace_back(bytes.begin(), bytes.end());
    const auto heard = line.hear(bytes);
    pending_.insert(pending_.end(), heard.begin(), heard.end());
    arrival_ = now_ + character * static_cast<long>(bytes.size()) + latency;
    return {};
  }

  void rest(modbus::Moment until) override { now_ = std::max(now_, until); }
  Result<std::size_t> read(std::span<std::uint8_t> into, Moment deadline) override {
    if (cancelled_) return failure(Fault::offline, "closed");
    if (!noise.empty()) {
      pending_.insert(pending_.begin(), noise.begin(), noise.end());
      noise.clear();
      arrival_ = now_;
    }
    if (pending_.empty() || arrival_ > deadline) {
      now_ = std::max(now_, deadline);
      return std::size_t{0};
    }
    const auto count = std::min({pending_.size(), into.size(), std::size_t{16}});
    std::copy_n(pending_.begin(), count, into.begin());
    pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(count));
    now_ = std::max(now_, arrival_) + character * static_cast<long>(count);
    arrival_ = now_;
    return count;
  }

 private:
  Moment now_{std::chrono::hours{1}}, arrival_{};
  bool open_ = false, cancelled_ = false;
  test::MbusBytes pending_;
};

}  // namespace fettle::mbus
