#include "advisory/wording.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <cmath>

namespace fettle::advisory {
namespace {

std::string subject(const SlotFacts& facts) {
  return facts.part.empty() ? facts.asset : fmt::format("{} {}", facts.asset, facts.part);
}

std::string sentence(std::string text) {
  if (text.empty()) return text;
  if (text.front() >= 'a' && text.front() <= 'z') text.front() = static_cast<char>(text.front() - 'a' + 'A');
  return text + ".";
}

/// How long ago it was last near its baseline; nothing if no kept value was.
std::optional<Duration> time_away(const EvidencePoint& point) {
  constexpr double near = 0.2;
  const double way = point.value - *point.baseline;
  if (way == 0) return std::nullopt;
  const auto is_near = [&](double value) { return (value - *point.baseline) / way <= near; };
  const auto last = std::find_if(point.trend.rbegin(), point.trend.rend(), is_near);
  if (last == point.trend.rend() || last == point.trend.rbegin()) return std::nullopt;
  return point.step * (last - point.trend.rbegin());
}

/// "rose from 118 Pa to 212 Pa in 21 days; limit 250 Pa"
std::string course(const EvidencePoint& point) {
  auto text = fmt::format("{} ", point.label);
  if (point.baseline && *point.baseline != 0) {
    text += fmt::format("{} from {} to {}", point.value >= *point.baseline ? "rose" : "fell",
                        with_unit(*point.baseline, point.quantity), with_unit(point.value, point.quantity));
    if (const auto away = time_away(point)) text += fmt::format(" in {}", to_words(*away));
  } else {
    text += fmt::format("is {}", with_unit(point.value, point.quantity));
  }
  if (point.limit) text += fmt::format("; limit {}", with_unit(*point.limit, point.quantity));
  return text;
}

/// "flow has no value, and 2 more" of what says the same of three.
std::string first_of(const std::string& words) {
  const auto more = std::count(words.begin(), words.end(), ';');
  const auto first = words.substr(0, words.find(';'));
  return more == 0 ? first : fmt::format("{}, and {} more", first, more);
}

/// Two digits: nobody knows more of a year.
std::string rough(double value) {
  const double digit = std::pow(10, std::max(0.0, std::floor(std::log10(std::max(value, 1.0))) - 1));
  return fmt::format("{:.0f}", std::round(value / digit) * digit);
}

/// " At the pace of the last 3 weeks that is 5100 kWh a year, 1500 EUR."; less than a week tells nothing about a year.
std::string yearly(const EnergyWaste& energy, Time now) {
  constexpr Duration week = std::chrono::hours{24 * 7};
  constexpr double days_a_year = 365;
  if (now - energy.since < week) return {};
  const double days = to_hours(now - energy.since) / 24;
  auto text = fmt::format(" At the pace of the last {} that is {} kWh a year", to_words(now - energy.since),
                          rough(energy.kwh / days * days_a_year));
  if (energy.cost_per_day) text += fmt::format(", {} {}", rough(*energy.cost_per_day * days_a_year), energy.currency);
  return text + ".";
}

bool replace_all(std::string& text, std::string_view what, const std::string& with) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) {
    if (with.empty()) return false;
    text.replace(at, what.size(), with);
  }
  return true;
}

}  // namespace

DisplayUnit display_unit(Quantity quantity) {
  if (quantity == Quantity::ratio) return {"%", 100};
  if (quantity == Quantity::acceleration) return {"m/s²"};
  if (quantity == Quantity::temperature) return {"°C"};
  if (quantity == Quantity::rotational_speed) return {"rpm"};
  const auto unit = facts(quantity).unit;
  return {unit == "1" ? std::string_view{} : unit};
}

std::string with_unit(double value, Quantity quantity) {
  const auto unit = display_unit(quantity);
  if (quantity == Quantity::ratio) return fmt::format("{:.3g} {}", value * unit.scale, unit.text);
  const auto& fact = facts(quantity);
  const auto number =
      fmt::format("{:.{}f}", value, std::abs(value) >= 100 ? std::min(fact.decimals, 1) : fact.decimals);
  return unit.text.empty() ? number : fmt::format("{} {}", number, unit.text);
}

std::string predicted_title(const SlotFacts& facts, Duration left) {
  return fmt::format("{} reaches its limit in about {}", subject(facts), to_words(left));
}

std::string title_of(const Verdict& verdict, const SlotFacts& facts, const std::string& words, Time now) {
  if (verdict.kind == AlertKind::prediction && verdict.prognosis) {
    return predicted_title(facts, std::max(Duration{0}, verdict.prognosis->mid - now));
  }
  if (verdict.kind == AlertKind::system) return fmt::format("{}: {}", facts.asset, first_of(words));
  if (verdict.kind == AlertKind::service) return fmt::format("{}: {}", subject(facts), facts.cause);
  if (verdict.priority == 4) return fmt::format("{} is beyond its usual range, cause not certain", subject(facts));
  if (verdict.health > 0) return fmt::format("{} is beyond its warning limit", subject(facts));
  return fmt::format("{} has reached its limit", subject(facts));
}

std::string text_of(const Verdict& verdict, const SlotFacts& facts, const std::string& words, Time now) {
  auto text = sentence(words);
  if (verdict.kind != AlertKind::system && verdict.evidence && !verdict.evidence->points.empty()) {
    if (!text.empty()) text += ' ';
    text += sentence(course(verdict.evidence->points.front()));
  }
  if (!facts.cause.empty() && verdict.priority < 4) text += fmt::format(" Likely cause: {}.", facts.cause);
  if (!facts.effect.empty()) {
    text += verdict.kind == AlertKind::prediction ? fmt::format(" After that: {}.", facts.effect)
                                                  : fmt::format(" Effect: {}.", facts.effect);
  }
  if (verdict.energy) text += yearly(*verdict.energy, now);
  return text;
}

std::string fill_note(const std::string& note, const Asset& asset) {
  auto text = note;
  const bool complete = replace_all(text, "{building}", asset.location.building) &&
                        replace_all(text, "{floor}", asset.location.floor) && replace_all(text, "{area}", asset.serves);
  constexpr std::ptrdiff_t longest = 300;
  const auto is_first_byte = [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; };
  const bool fits = std::count_if(text.begin(), text.end(), is_first_byte) <= longest;
  return complete && fits ? text : std::string{};
}

}  // namespace fettle::advisory
