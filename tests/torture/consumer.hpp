#pragma once

#include "core/time.hpp"
#include "torture/ledger.hpp"

#include <cstdint>
#include <string>

namespace fettle::test {

/// A consumer: listens to all that a broker has of one gateway, keeps its session while the broker is away, and can send commands.
class Consumer {
 public:
  Consumer(unsigned short broker, std::string gateway);

  /// Waits at most so long for news. True if there was some.
  bool listen(std::chrono::milliseconds within);
  const Ledger& ledger() const { return ledger_; }

  /// The episode on this slot is taken on, or ended, as a person would do it (contract 6.5).
  void acknowledge(const LedgerRow& row, Time now);
  void close(const LedgerRow& row, Time now);

 private:
  void command(const std::string& operation, const std::string& arguments, Time now);

  unsigned short broker_;
  std::string gateway_;
  Subscriber subscriber_;
  Ledger ledger_;
  std::uint64_t commands_ = 0;
};

}  // namespace fettle::test
