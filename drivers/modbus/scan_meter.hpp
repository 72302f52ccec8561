#pragma once

#include "acquisition/scanner.hpp"
#include "modbus/wire.hpp"

#include <cstddef>
#include <string>
#include <utility>

namespace fettle::modbus {

/// Knows how far a scan is, and whether it may go on.
class ScanMeter {
 public:
  explicit ScanMeter(const acquisition::ScanWatch& watch) : watch_{watch} {}

  /// Begins a part of the scan that asks about so many things, each for so long at the most.
  void expect(std::size_t steps, Span each) {
    steps_ = steps;
    done_ = 0;
    each_ = each;
  }
  /// One more is done.
  bool step(std::string doing, std::string news = {}) {
    if (done_ < steps_) ++done_;
    return tell(std::move(doing), std::move(news));
  }
  /// The same thing goes on.
  bool tell(std::string doing, std::string news = {}) {
    const auto left = std::chrono::duration_cast<Duration>(each_ * static_cast<long>(steps_ - done_));
    goes_on_ = goes_on_ && watch_({std::move(doing), done_, steps_, left, std::move(news)});
    return goes_on_;
  }
  bool goes_on() const { return goes_on_; }

 private:
  const acquisition::ScanWatch& watch_;
  std::size_t steps_ = 0, done_ = 0;
  Span each_{};
  bool goes_on_ = true;
};

}  // namespace fettle::modbus
