#pragma once

#include "support/mosquitto.hpp"
#include "torture/consumer.hpp"
#include "torture/disk.hpp"
#include "torture/gateway.hpp"
#include "torture/levers.hpp"
#include "torture/round.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace fettle::test {

struct CampaignPlan {
  std::size_t kills = 1'000, power_cuts = 200, machines = 32;
  bool commands = false;        ///< the consumer also acknowledges and closes
  Flush flush = Flush::obeyed;  ///< ignored: a disk that lies about having written
  std::uint64_t seed = 0;
  std::function<void(const std::string&)> progress = [](const std::string&) {};
};

/// What came of it.
struct Tally {
  std::size_t kills = 0, power_cuts = 0, aimed = 0, broker_stops = 0, broker_kills = 0;
  std::size_t expected = 0, seen = 0, lost = 0, doubled = 0, returns = 0, unseen_endings = 0, system = 0;
  std::size_t documents = 0, repeats = 0, statuses = 0;
  std::chrono::steady_clock::duration took{};
  std::vector<std::string> breaches;    ///< what the consumer could see
  std::vector<std::string> complaints;  ///< what the agent said

  bool kept_its_word() const { return lost == 0 && doubled == 0 && breaches.empty(); }
  bool is_clean() const { return kept_its_word() && complaints.empty(); }
};

/// Machines fall ill and recover; the agent that watches them is killed, its power is cut, and its broker goes and comes, at moments that
/// the seed chooses. In the end the consumer's book is compared with what the machines did.
class Campaign {
 public:
  explicit Campaign(CampaignPlan plan);
  Tally run();

 private:
  using Clock = std::chrono::steady_clock;
  enum class Blow : std::uint8_t { kill, power_cut };

  void carry_out(Deed deed, std::size_t machine, const LedgerRow* row);
  void strike(Blow blow);
  void live_until(Clock::time_point moment);
  bool live_until(const std::function<bool()>& true_now);
  void look_after_the_broker();
  void disturb_the_broker();
  void restore_the_broker();
  void settle();
  void compare_with_the_retained();
  void count();
  bool give_up();
  bool is_over() const;
  std::chrono::milliseconds up_to(int milliseconds);

  CampaignPlan plan_;
  std::mt19937_64 random_;
  Disk disk_;
  Mosquitto broker_;
  Levers levers_;
  Gateway gateway_;
  Consumer consumer_;
  std::vector<Rounds> rounds_;
  std::optional<Clock::time_point> broker_away_until_;
  bool in_vain_ = false;
  Tally tally_;
};

}  // namespace fettle::test
