#include "delivery/alert_members.hpp"

#include "delivery/json_writer.hpp"

#include <algorithm>
#include <span>

namespace fettle::delivery {
namespace {

constexpr std::size_t most_parts = 16;
constexpr int shown_digits = 4;
constexpr std::size_t longest_person = 128;
constexpr std::size_t longest_remark = 500;
constexpr std::size_t longest_finding = 1000;

void write_parts(JsonWriter& json, std::span<const Part> parts) {
  if (parts.empty()) return;
  json.open_list("parts");
  for (const auto& part : parts.first(std::min(parts.size(), most_parts))) {
    json.open_object();
    json.text("sku", part.sku);
    json.text_if_any("name", part.name);
    json.number("qty", significant(part.quantity, shown_digits));
    json.close_object();
  }
  json.close_list();
}

void write_reference(JsonWriter& json, const std::optional<Reference>& reference) {
  if (!reference) return;
  json.open_object("ref");
  json.text("system", reference->system);
  json.text("type", reference->type);
  json.text("id", reference->id);
  json.text_if_any("url", reference->url, longest_remark);
  json.close_object();
}

}  // namespace

void write_ack(JsonWriter& json, const Acknowledgement& ack) {
  json.open_object("ack");
  json.text("by", ack.by, longest_person);
  json.time("at", ack.at);
  json.text_if_any("note", ack.note, longest_remark);
  write_reference(json, ack.reference);
  json.close_object();
}

void write_shelved(JsonWriter& json, const Shelving& shelving) {
  json.open_object("shelved");
  json.text("by", shelving.by, longest_person);
  json.time("at", shelving.at);
  json.time("until", shelving.until);
  json.text("reason", shelving.reason, longest_remark);
  json.close_object();
}

void write_energy(JsonWriter& json, const EnergyWaste& energy, bool with_cost) {
  json.open_object("energy");
  json.number("wasteKwh", decimals(energy.kwh, 1));
  json.time("since", energy.since);
  if (with_cost && energy.cost_per_day && !energy.currency.empty()) {
    json.number("costPerDay", decimals(*energy.cost_per_day, 2));
    json.text("currency", energy.currency);
  }
  json.close_object();
}

void write_action(JsonWriter& json, const Advice& advice) {
  json.open_object("action");
  json.text("code", advice.code);
  json.text("text", advice.text, longest_remark);
  json.texts_if_any("skills", advice.skills);
  write_parts(json, advice.parts);
  if (advice.minutes > 0) json.number("minutes", decimals(advice.minutes, 0));
  json.flag("shutdown", advice.shutdown);
  json.texts_if_any("safety", advice.safety);
  json.texts_if_any("checks", advice.checks);
  json.close_object();
}

void write_outcome(JsonWriter& json, const Outcome& outcome) {
  json.open_object("outcome");
  json.text("verdict", name_of(outcome.verdict));
  json.text_if_any("mode", outcome.mode);
  json.text_if_any("action", outcome.action);
  if (outcome.fixed) json.flag("fixed", *outcome.fixed);
  write_parts(json, outcome.parts);
  if (outcome.minutes) json.number("minutes", decimals(*outcome.minutes, 0));
  json.text_if_any("note", outcome.note, longest_finding);
  json.text("by", outcome.by, longest_person);
  json.time("at", outcome.at);
  write_reference(json, outcome.reference);
  json.close_object();
}

}  // namespace fettle::delivery
