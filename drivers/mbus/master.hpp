#pragma once

#include "mbus/address.hpp"
#include "mbus/link.hpp"
#include "mbus/telegram.hpp"

#include <bitset>
#include <cstdint>
#include <vector>

namespace fettle::mbus {

/// What a meter wants beside being asked.
struct Manners {
  bool application_reset = false;  ///< it begins with its first telegram only after one
};

/// The master of an M-Bus line: greets a meter before the first question and after every trouble, selects it by its secondary
/// address, keeps the frame count bit of each, repeats what was lost, and reads on while a meter has more telegrams.
class Master {
 public:
  Master(Wire& wire, const LinkTiming& timing, int retries) : link_{wire, timing}, retries_{retries} {}

  /// Everything that a meter tells in one readout.
  Result<std::vector<Telegram>> read(const Address& address, const Manners& manners = {});

  /// SND_NKE, once: does somebody confirm at this address?
  Result<void> greet(std::uint8_t address);
  /// Selects whoever matches, once. More than one may.
  Result<void> select(const SecondaryAddress& address);
  /// REQ_UD2, once: the next telegram of whoever was greeted or selected.
  Result<Telegram> ask(std::uint8_t address);
  /// Whoever is selected goes back to sleep.
  Result<void> deselect();

  /// Counts what becomes of the questions from now on; null for whoever does not want to know.
  void count_into(modbus::Statistics* statistics) { link_.count_into(statistics); }

  const Link& link() const { return link_; }

 private:
  Result<std::vector<Telegram>> read_primary(std::uint8_t address, const Manners& manners);
  Result<std::vector<Telegram>> read_secondary(const SecondaryAddress& address, const Manners& manners);
  Result<void> make_ready(std::uint8_t address);
  Result<void> select_stubbornly(const SecondaryAddress& address);
  Result<std::vector<Telegram>> read_all(std::uint8_t address, const Manners& manners);
  Result<Telegram> ask_stubbornly(std::uint8_t address);
  void forget(std::uint8_t address);

  static constexpr std::size_t addresses = 256;

  Link link_;
  int retries_;
  std::bitset<addresses> known_;       ///< greeted, and without trouble since
  std::bitset<addresses> next_count_;  ///< the frame count bit of the next question
};

}  // namespace fettle::mbus
