#pragma once

#include "acquisition/profile.hpp"
#include "modbus/pdu.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace fettle::modbus {

/// Registers that were read, and a while later again.
struct Block {
  RegisterTable table = RegisterTable::holding;
  std::uint16_t address = 0;
  Words words, later;  ///< of the same length, or `later` is empty
};

/// A number that could be a quantity of an electricity supply.
struct Sight {
  Quantity quantity = Quantity::voltage;
  RegisterTable table = RegisterTable::holding;
  std::uint16_t address = 0;
  double value = 0;
};

/// What the numbers of a device could be if they were in this order.
struct OrderScore {
  acquisition::WordOrder order = acquisition::WordOrder::big;
  std::vector<Sight> sights;
  int quantities = 0;  ///< how many different ones; fewer than three tell nothing
};

/// "big", as profiles name it.
std::string_view name_of(acquisition::WordOrder order);

/// Looks for floats in each of the four word orders: voltages of 80 to 140 or 180 to 280 V, a frequency of 45 to 65 Hz, power factors up to 1, and
/// counters that have only risen. The best order first; orders with fewer than three quantities are left out.
std::vector<OrderScore> score_orders(std::span<const Block> blocks);

/// "makes sense as f32 with order big: voltage 230.5 at input 0, frequency 50.03 at input 70"
std::string to_text(const OrderScore& score);

/// How the telling points of a profile look if the device were one.
struct Fit {
  int quantities = 0;  ///< different ones that are plausible
  int plausible = 0, implausible = 0;
  bool tells() const { return quantities >= 3 && implausible == 0; }
};

/// True if a value of this quantity can be of a supply in use: what voltage alone can never tell.
bool is_plausible(Quantity quantity, double value);
/// Of these there are bounds that few wrong numbers keep.
bool is_telling(Quantity quantity);

/// Counts one value of a profile in.
class FitCount {
 public:
  void note(Quantity quantity, const acquisition::Decoded& decoded);
  Fit fit() const;

 private:
  Fit fit_;
  std::uint64_t seen_ = 0;
};

}  // namespace fettle::modbus
