#pragma once

#include "torture/ledger.hpp"

#include <chrono>
#include <functional>
#include <random>
#include <span>
#include <string>
#include <vector>

namespace fettle::test {

/// What a round does to its machine, or asks the gateway to do.
enum class Deed : std::uint8_t { cool, warm, heat, acknowledge, close };
/// What it then waits for, as the consumer sees it.
enum class Sight : std::uint8_t { raised, urgent, cleared, raised_again, acknowledged, closed };

struct Step {
  Deed deed;
  Sight sight;
};

/// Carries out a deed on a slot.
using Hands = std::function<void(Deed deed, const LedgerRow* row)>;

/// Makes one machine ill and well again, one episode after the other, each step when the consumer has seen what the last one led to. So it
/// is known at each moment how many episodes there must have been.
class Rounds {
 public:
  using Clock = std::chrono::steady_clock;

  /// `commanding`: the consumer also acknowledges and closes. Nothing happens before `begin`.
  Rounds(std::string slot, bool commanding, Hands hands, Clock::time_point begin, std::uint64_t seed)
      : slot_{std::move(slot)}, commanding_{commanding}, hands_{std::move(hands)}, random_{seed}, since_{begin} {}

  /// Looks into the book and goes on if it may.
  void look(const Ledger& ledger, Clock::time_point now);
  /// No new round begins; the one that runs goes on until its present step is done.
  void wind_down() { winding_down_ = true; }
  bool is_done() const { return winding_down_ && waiting_ == nullptr; }

  bool is_waiting() const { return waiting_ != nullptr; }

  const std::string& slot() const { return slot_; }
  std::size_t expected() const { return expected_; }
  std::size_t returns() const { return returns_; }
  /// What it waits for, in words; for those who wait in vain.
  std::string waits_for() const;
  Clock::duration waits_since(Clock::time_point now) const { return now - since_; }

 private:
  void take_step(const Ledger& ledger, Clock::time_point now);
  bool sees(const LedgerRow& row);
  bool sees_again(const LedgerRow& row);

  std::string slot_;
  bool commanding_;
  Hands hands_;
  std::mt19937_64 random_;

  std::span<const Step> plan_;
  std::size_t next_ = 0;
  const Step* waiting_ = nullptr;
  LedgerRow before_;  ///< when the step began
  std::string last_id_;
  Clock::time_point since_{}, asked_{};
  bool winding_down_ = false;
  std::size_t expected_ = 0, returns_ = 0;
};

}  // namespace fettle::test
