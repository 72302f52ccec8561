#include "delivery/sparkplug_slot.hpp"

#include "delivery/alert_document.hpp"

#include <fmt/format.h>
#include <array>
#include <chrono>
#include <optional>

namespace fettle::delivery::sparkplug {
namespace {

constexpr std::string_view folder = "Alerts/";
constexpr double longest_shelving = 90 * 24;

using Hours = std::chrono::duration<double, std::ratio<3600>>;

Value text(std::string_view text) { return std::string{text}; }
Value number(std::optional<double> number) { return number ? Value{*number} : Value{}; }

/// A metric of a slot, and what it is when the slot has an alert.
struct Column {
  std::string_view name;
  DataType type;
  Value (*of)(const Alert& alert);
};

const std::array<Column, 12> columns{{
    {"State", DataType::string, [](const Alert& alert) { return text(name_of(alert.state)); }},
    {"Id", DataType::string, [](const Alert& alert) { return text(alert.id); }},
    {"Rev", DataType::int32, [](const Alert& alert) { return Value{std::int64_t{alert.rev}}; }},
    {"Severity", DataType::string, [](const Alert& alert) { return text(name_of(alert.severity)); }},
    {"Priority", DataType::int32, [](const Alert& alert) { return Value{std::int64_t{alert.priority}}; }},
    {"TtfHoursLow", DataType::float64,
     [](const Alert& alert) { return alert.prognosis ? Value{alert.prognosis->low} : Value{}; }},
    {"TtfHoursMid", DataType::float64,
     [](const Alert& alert) { return alert.prognosis ? Value{alert.prognosis->mid} : Value{}; }},
    {"TtfHoursHigh", DataType::float64,
     [](const Alert& alert) { return alert.prognosis ? number(alert.prognosis->high) : Value{}; }},
    {"Test", DataType::boolean, [](const Alert& alert) { return Value{alert.test}; }},
    {"Ack", DataType::boolean, [](const Alert& alert) { return Value{alert.ack.has_value()}; }},
    {"ShelveHours", DataType::float64,
     [](const Alert& alert) {
       if (!alert.shelved) return Value{};
       // By the second: a moment passes between what was written and what is done.
       return Value{Hours{std::chrono::round<std::chrono::seconds>(alert.shelved->until - alert.shelved->at)}.count()};
     }},
    {"Close", DataType::string,
     [](const Alert& alert) { return alert.outcome ? text(name_of(alert.outcome->verdict)) : Value{}; }},
}};

Error unfit(std::string_view metric, std::string_view expected) {
  return failure(Fault::malformed, fmt::format("{} takes {}", metric, expected));
}

std::optional<double> number_in(const Value& value) {
  if (const auto* const whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
  if (const auto* const real = std::get_if<double>(&value)) return *real;
  return std::nullopt;
}

Result<Order> acknowledge(const Wish& wish, const std::string& id, Time /*now*/) {
  const auto* const flag = std::get_if<bool>(&wish.value);
  if (flag == nullptr || !*flag) return unfit(wish.name, "the Boolean true; an acknowledgement is not taken back");
  return Order{"ack", {{"id", id}}};
}

Result<Order> shelve(const Wish& wish, const std::string& id, Time now) {
  const auto hours = number_in(wish.value);
  if (!hours || !(*hours >= 0 && *hours <= longest_shelving)) {
    return unfit(wish.name, "a number of hours, from 0 (no longer) to 2160");
  }
  if (*hours == 0) return Order{"shelve", {{"id", id}, {"until", nullptr}}};
  const auto until = now + std::chrono::floor<Duration>(Hours{*hours});
  return Order{"shelve", {{"id", id}, {"until", to_rfc3339(until)}, {"reason", "shelved at the Sparkplug host"}}};
}

Result<Order> close(const Wish& wish, const std::string& id, Time /*now*/) {
  const auto* const verdict = std::get_if<std::string>(&wish.value);
  if (verdict == nullptr || !conclusion_named(*verdict)) {
    return unfit(wish.name, "confirmed, wrong-mode, no-fault-found, false-alarm, duplicate, self-cleared or expired");
  }
  return Order{"close", {{"id", id}, {"outcome", {{"verdict", *verdict}}}}};
}

struct Input {
  std::string_view name;
  Result<Order> (*order)(const Wish&, const std::string& id, Time now);
};

constexpr std::array<Input, 3> inputs{{{"Ack", acknowledge}, {"ShelveHours", shelve}, {"Close", close}}};

}  // namespace

std::vector<Metric> slot_metrics(std::string_view mode, std::string_view document, Time now) {
  const auto alert = parse_alert_document(document);
  const auto name = [mode](std::string_view last) { return fmt::format("{}{}/{}", folder, mode, last); };
  const auto time = alert ? alert->changed_at : now;
  std::vector<Metric> metrics;
  for (const auto& column : columns) {
    metrics.push_back({name(column.name), time, column.type, alert ? column.of(*alert) : Value{}});
  }
  metrics.push_back({name("Doc"), time, DataType::string, alert ? text(document) : Value{}});
  return metrics;
}

std::string mode_of(std::string_view metric) {
  const auto slash = metric.rfind('/');
  if (!metric.starts_with(folder) || slash < folder.size()) return {};
  return std::string{metric.substr(folder.size(), slash - folder.size())};
}

Result<Order> order_of(const Wish& wish, std::string_view document, Time now) {
  for (const auto& input : inputs) {
    if (!wish.name.ends_with("/" + std::string{input.name})) continue;
    const auto alert = parse_alert_document(document);
    if (alert && alert->state != AlertState::closed) return input.order(wish, alert->id, now);
    return failure(Fault::refused, wish.name + ": no alert is open there");
  }
  return failure(Fault::unsupported, wish.name + " cannot be written; Ack, ShelveHours and Close can");
}

}  // namespace fettle::delivery::sparkplug
