#pragma once

#include "acquisition/scanner.hpp"
#include "mbus/scan.hpp"

#include <string>
#include <utility>

namespace fettle::mbus {

/// Tells how far a scan is, and how long the rest will take by what the questions so far have taken.
class ScanPace {
 public:
  explicit ScanPace(const acquisition::ScanWatch& watch) : watch_{watch} {}

  /// Begins a part whose questions take so long where nobody answers.
  void begin(std::string part, Moment now, Span each) {
    part_ = std::move(part);
    began_ = now;
    each_ = each;
  }
  /// False once the scan is to end.
  bool tell(const std::string& at, std::size_t done, std::size_t expected, Moment now, std::string news = {}) {
    constexpr std::size_t telling = 8;
    const auto each = done < telling ? each_ : (now - began_) / static_cast<long>(done);
    const auto left = expected > done ? each * static_cast<long>(expected - done) : Span{};
    const auto doing = at.empty() ? part_ : part_ + ", " + at;
    goes_on_ = goes_on_ && watch_({doing, done, expected, std::chrono::duration_cast<Duration>(left), std::move(news)});
    return goes_on_;
  }
  bool goes_on() const { return goes_on_; }

 private:
  const acquisition::ScanWatch& watch_;
  std::string part_;
  Moment began_{};
  Span each_{};
  bool goes_on_ = true;
};

}  // namespace fettle::mbus
