#include "modbus/sunspec.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <vector>

namespace fettle::modbus {
namespace {

constexpr std::array<std::uint16_t, 3> bases{40000, 50000, 0};
constexpr std::uint16_t marker_high = 0x5375, marker_low = 0x6E53;  // "SunS"
constexpr std::size_t header = 2;  // a model begins with its number and the length of the rest
constexpr long no_more_models = 0xFFFF;
constexpr int most_models = 100;  // a chain that is longer leads in circles

Result<Words> two_registers(Master& master, const Station& station, std::size_t address) {
  return master.ask(station, {RegisterTable::holding, static_cast<std::uint16_t>(address), 2});
}

/// A refusal says that nothing is there; anything else says nothing about the address.
bool is_refusal(const Error& error) { return error.fault == Fault::unsupported || error.fault == Fault::refused; }

/// Where the chain begins, behind the marker.
Result<std::size_t> find_chain(Master& master, const Station& station) {
  for (const auto base : bases) {
    const auto words = two_registers(master, station, base);
    if (!words && !is_refusal(words.error())) return words.error();
    if (words && words->at(0) == marker_high && words->at(1) == marker_low) return std::size_t{base} + 2;
  }
  return failure(Fault::unsupported, fmt::format("no SunSpec marker at {}", fmt::join(bases, ", ")));
}

}  // namespace

Result<std::uint16_t> find_sunspec_model(Master& master, const Station& station, std::span<const long> models) {
  constexpr std::size_t last_register = 0xFFFF;
  const auto chain = find_chain(master, station);
  if (!chain) return chain.error();
  auto address = *chain;
  std::vector<long> seen;
  for (int count = 0; count < most_models && address + 1 <= last_register; ++count) {
    const auto words = two_registers(master, station, address);
    if (!words) return words.error();
    const long model = words->at(0);
    if (std::find(models.begin(), models.end(), model) != models.end()) return static_cast<std::uint16_t>(address);
    if (model == no_more_models) break;
    seen.push_back(model);
    address += header + words->at(1);
  }
  return failure(Fault::unsupported,
                 fmt::format("no SunSpec model {} (there are {})", fmt::join(models, ", "), fmt::join(seen, ", ")));
}

}  // namespace fettle::modbus
