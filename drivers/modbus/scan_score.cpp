#include "modbus/scan_score.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <map>
#include <optional>
#include <set>

namespace fettle::modbus {
namespace {

using acquisition::RegisterType;
using acquisition::WordOrder;

constexpr std::array<WordOrder, 4> orders{WordOrder::big, WordOrder::little, WordOrder::big_swapped,
                                          WordOrder::little_swapped};
constexpr int enough_quantities = 3;
constexpr std::size_t float_words = 2;

struct Band {
  Quantity quantity;
  double lowest, highest;
};

/// What a supply in use shows. A power factor near 0 is a number near 0, which anything can be.
constexpr std::array<Band, 5> bands{{
    {Quantity::voltage, 80, 140},
    {Quantity::voltage, 180, 280},
    {Quantity::frequency, 45, 65},
    {Quantity::power_factor, 0.2, 1},
    {Quantity::power_factor, -1, -0.2},
}};

std::optional<Quantity> quantity_of(double value) {
  const auto* band = std::find_if(bands.begin(), bands.end(),
                                  [value](const Band& each) { return value >= each.lowest && value <= each.highest; });
  return band == bands.end() ? std::nullopt : std::optional{band->quantity};
}

/// A counter rises, by less than a plant could ever use between two looks.
bool counts(double before, double after) {
  constexpr double least = 1, most = 1e9, fastest = 1'000;
  return before >= least && before < most && after > before && after - before < fastest;
}

OrderScore score(WordOrder order, std::span<const Block> blocks) {
  OrderScore result{order, {}, 0};
  std::set<Quantity> seen;
  for (const auto& block : blocks) {
    for (std::size_t place = 0; place + float_words <= block.words.size(); ++place) {
      const auto words = std::span{block.words}.subspan(place, float_words);
      const auto value = number_in(RegisterType::f32, order, words);
      if (!std::isfinite(value)) continue;
      auto quantity = quantity_of(value);
      if (!quantity && block.later.size() == block.words.size()) {
        const auto later = number_in(RegisterType::f32, order, std::span{block.later}.subspan(place, float_words));
        if (counts(value, later)) quantity = Quantity::active_energy;
      }
      if (!quantity) continue;
      seen.insert(*quantity);
      result.sights.push_back({*quantity, block.table, static_cast<std::uint16_t>(block.address + place), value});
      ++place;  // the next value begins behind this one
    }
  }
  result.quantities = static_cast<int>(seen.size());
  return result;
}

std::string_view name_of(RegisterTable table) { return table == RegisterTable::input ? "input" : "holding"; }

}  // namespace

std::string_view name_of(WordOrder order) {
  switch (order) {
    case WordOrder::big: return "big";
    case WordOrder::little: return "little";
    case WordOrder::big_swapped: return "big_swapped";
    case WordOrder::little_swapped: return "little_swapped";
  }
  return "";
}

std::vector<OrderScore> score_orders(std::span<const Block> blocks) {
  std::vector<OrderScore> scores;
  for (const auto order : orders) {
    auto each = score(order, blocks);
    if (each.quantities >= enough_quantities) scores.push_back(std::move(each));
  }
  const auto is_better = [](const OrderScore& left, const OrderScore& right) {
    return std::pair{left.quantities, left.sights.size()} > std::pair{right.quantities, right.sights.size()};
  };
  std::stable_sort(scores.begin(), scores.end(), is_better);
  return scores;
}

std::string to_text(const OrderScore& score) {
  constexpr int shown = 3;
  auto text = fmt::format("makes sense as f32 with order {}", name_of(score.order));
  std::map<Quantity, int> told;
  for (const auto& sight : score.sights) {
    if (++told[sight.quantity] > shown) continue;
    const auto& quantity = facts(sight.quantity);
    text += fmt::format("{} {} {:.{}f} at {} {}", &sight == score.sights.data() ? ":" : ",", quantity.name, sight.value,
                        quantity.decimals, name_of(sight.table), sight.address);
  }
  return text;
}

bool is_telling(Quantity quantity) {
  return std::any_of(bands.begin(), bands.end(), [quantity](const Band& each) { return each.quantity == quantity; }) ||
         quantity == Quantity::active_energy;
}

bool is_plausible(Quantity quantity, double value) {
  constexpr double between_phases = 480;
  switch (quantity) {
    case Quantity::voltage: return quantity_of(value) == Quantity::voltage || (value > 300 && value <= between_phases);
    case Quantity::power_factor: return std::abs(value) <= 1;
    case Quantity::active_energy: return value >= 0 && value < 1e8 && (value == 0 || value > 1e-3);
    default: return quantity_of(value) == quantity;
  }
}

/// A zero breaks nothing, and proves nothing: meters without load or without a phase show it, and so do registers that nobody fills.
void FitCount::note(Quantity quantity, const acquisition::Decoded& decoded) {
  if (!is_telling(quantity)) return;
  if (decoded.reason == Reason::no_value || decoded.value == 0) return;
  if (decoded.reason != Reason::none || !is_plausible(quantity, decoded.value)) {
    ++fit_.implausible;
    return;
  }
  ++fit_.plausible;
  seen_ |= std::uint64_t{1} << static_cast<unsigned>(quantity);
}

Fit FitCount::fit() const {
  auto fit = fit_;
  fit.quantities = std::popcount(seen_);
  return fit;
}

}  // namespace fettle::modbus
