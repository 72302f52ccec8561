#include "modbus/scan_rates.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace fettle::modbus {
namespace {

using acquisition::LinkParity;

Parity parity_of(LinkParity parity) {
  switch (parity) {
    case LinkParity::none: return Parity::none;
    case LinkParity::even: return Parity::even;
    case LinkParity::odd: return Parity::odd;
  }
  return Parity::none;
}

bool is_same(const SerialSettings& left, const SerialSettings& right) {
  return left.baud == right.baud && left.parity == right.parity && left.stop_bits == right.stop_bits;
}

bool is_wanted(const acquisition::ScanOrder& order, long baud, Parity parity) {
  const bool baud_fits =
      order.bauds.empty() || std::find(order.bauds.begin(), order.bauds.end(), baud) != order.bauds.end();
  return baud_fits && (!order.parity || parity_of(*order.parity) == parity);
}

void add(std::vector<Rate>& rates, const SerialSettings& serial, const std::vector<long>& units, int profiles) {
  auto rate =
      std::find_if(rates.begin(), rates.end(), [&serial](const Rate& each) { return is_same(each.serial, serial); });
  if (rate == rates.end()) rate = rates.insert(rates.end(), {serial, {}, 0});
  rate->profiles += profiles;
  for (const auto unit : units) {
    const auto number = static_cast<std::uint8_t>(unit);
    if (std::find(rate->units.begin(), rate->units.end(), number) == rate->units.end()) rate->units.push_back(number);
  }
}

}  // namespace

std::string to_text(const SerialSettings& serial) {
  const char parity = serial.parity == Parity::none ? 'N' : serial.parity == Parity::even ? 'E' : 'O';
  return fmt::format("{} baud 8{}{}", serial.baud, parity, serial.stop_bits);
}

std::vector<Rate> rates_of(const acquisition::ScanOrder& order) {
  std::vector<Rate> rates;
  for (const auto& profile : order.profiles) {
    const auto& link = profile.link;
    for (const auto baud : link.baud) {
      const auto parity = parity_of(link.parity);
      if (!is_wanted(order, baud, parity)) continue;
      add(rates, {static_cast<unsigned>(baud), parity, static_cast<unsigned>(link.stop_bits), {}}, link.units, 1);
    }
  }
  const std::vector<long> usual_bauds{9600, 19200};
  for (const auto baud : order.bauds.empty() ? usual_bauds : order.bauds) {
    for (const auto parity : {Parity::none, Parity::even, Parity::odd}) {
      const bool named = order.parity && parity_of(*order.parity) == parity;
      if (named || (!order.parity && parity != Parity::odd))
        add(rates, {static_cast<unsigned>(baud), parity, 1, {}}, {1}, 0);
    }
  }
  std::stable_sort(rates.begin(), rates.end(),
                   [](const Rate& left, const Rate& right) { return left.profiles > right.profiles; });
  return rates;
}

std::vector<std::uint8_t> units_of(const acquisition::ScanOrder& order) {
  std::vector<std::uint8_t> units(static_cast<std::size_t>(order.last_unit - order.first_unit + 1));
  std::iota(units.begin(), units.end(), static_cast<std::uint8_t>(order.first_unit));
  return units;
}

}  // namespace fettle::modbus
