#include "delivery/alert_document.hpp"
#include "delivery/json_members.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <cmath>
#include <limits>
#include <span>

namespace fettle::delivery {
namespace {

namespace json = boost::json;

Quantity quantity_with(std::string_view unit) {
  if (unit == "1") return Quantity::ratio;
  const auto all = all_quantities();
  const auto row = std::find_if(all.begin(), all.end(), [unit](const auto& each) { return each.unit == unit; });
  return row == all.end() ? Quantity::ratio : row->quantity;
}

/// The inverse of to_iso8601 for what it writes: "P3D", "PT1H", "PT10M", "PT5S".
Duration duration_of(std::string_view iso8601) {
  if (iso8601.starts_with("PT")) {
    iso8601.remove_prefix(2);
  } else if (iso8601.starts_with("P")) {
    iso8601.remove_prefix(1);
  }
  std::string text{iso8601};
  std::transform(text.begin(), text.end(), text.begin(), [](char letter) {
    constexpr std::string_view units = "DHMS";
    constexpr std::string_view ours = "dhms";
    const auto place = units.find(letter);
    return place == std::string_view::npos ? letter : ours[place];
  });
  return parse_duration(text).value_or(Duration{0});
}

TimeToFailure read_prognosis(const Members& members) {
  TimeToFailure prognosis;
  if (const auto hours = members.object("ttfHours")) {
    prognosis.low = hours->number("low").value_or(0);
    prognosis.mid = hours->number("mid").value_or(0);
    prognosis.high = hours->number("high");
    prognosis.level = hours->number("level").value_or(0);
  }
  prognosis.confidence = members.number("confidence").value_or(0);
  prognosis.health = members.number("health").value_or(1);
  prognosis.within_7_days = members.number("p7d");
  prognosis.within_30_days = members.number("p30d");
  return prognosis;
}

EvidencePoint read_point(const Members& members) {
  EvidencePoint point;
  point.id = members.text("id");
  point.brick = members.text("class");
  point.quantity = quantity_with(members.text("unit"));
  point.value = members.number("value").value_or(std::numeric_limits<double>::quiet_NaN());
  point.baseline = members.number("baseline");
  point.limit = members.number("limit");
  point.trend = members.numbers("trend");
  point.step = duration_of(members.text("step"));
  point.quality = members.word<Quality>("quality", 3);
  return point;
}

Evidence read_evidence(const Members& members, std::string label) {
  Evidence evidence;
  evidence.from = members.time("from").value_or(Time{});
  evidence.to = members.time("to").value_or(Time{});
  evidence.coverage = members.number("coverage");
  for (const auto& point : members.objects("points")) evidence.points.push_back(read_point(point));
  if (evidence.points.empty()) return evidence;
  auto& first = evidence.points.front();
  const auto unit = fmt::format(" ({})", facts(first.quantity).unit);
  if (label.ends_with(unit)) label.resize(label.size() - unit.size());
  if (label != first.id) first.label = std::move(label);
  return evidence;
}

std::vector<Part> read_parts(const Members& members) {
  std::vector<Part> parts;
  for (const auto& part : members.objects("parts")) {
    parts.push_back({part.text("sku"), part.text("name"), part.number("qty").value_or(1)});
  }
  return parts;
}

Advice read_advice(const Members& members) {
  Advice advice;
  advice.code = members.text("code");
  advice.text = members.text("text");
  advice.skills = members.texts("skills");
  advice.parts = read_parts(members);
  advice.minutes = members.number("minutes").value_or(0);
  advice.shutdown = members.flag("shutdown");
  advice.safety = members.texts("safety");
  advice.checks = members.texts("checks");
  return advice;
}

std::optional<Reference> read_reference(const Members& members) {
  const auto reference = members.object("ref");
  if (!reference) return std::nullopt;
  return Reference{reference->text("system"), reference->text("type"), reference->text("id"), reference->text("url")};
}

Acknowledgement read_ack(const Members& members) {
  return {members.text("by"), members.time("at").value_or(Time{}), members.text("note"), read_reference(members)};
}

Shelving read_shelved(const Members& members) {
  return {members.text("by"), members.time("at").value_or(Time{}), members.time("until").value_or(Time{}),
          members.text("reason")};
}

EnergyWaste read_energy(const Members& members) {
  return {members.number("wasteKwh").value_or(0), members.time("since").value_or(Time{}), members.number("costPerDay"),
          members.text("currency")};
}

Outcome read_outcome(const Members& members) {
  Outcome outcome;
  outcome.verdict = conclusion_named(members.text("verdict")).value_or(Conclusion::expired);
  outcome.by = members.text("by");
  outcome.at = members.time("at").value_or(Time{});
  outcome.note = members.text("note");
  outcome.mode = members.text("mode");
  outcome.action = members.text("action");
  if (members.has("fixed")) outcome.fixed = members.flag("fixed");
  outcome.parts = read_parts(members);
  outcome.minutes = members.number("minutes");
  outcome.reference = read_reference(members);
  return outcome;
}

void read_head(const Members& data, Alert& alert) {
  alert.id = data.text("id");
  alert.rev = data.integer("rev");
  alert.state = data.word<AlertState>("state", 3);
  alert.kind = data.word<AlertKind>("kind", 4);
  alert.test = data.flag("test");
  alert.severity = data.word<Severity>("severity", 4);
  alert.priority = data.integer("priority");
  alert.title = data.text("title");
  alert.text = data.text("text");
  alert.customer_note = data.text("customerNote");
  alert.raised_at = data.time("raisedAt").value_or(Time{});
  alert.changed_at = data.time("changedAt").value_or(Time{});
  alert.cleared_at = data.time("clearedAt");
  alert.closed_at = data.time("closedAt");
  alert.dispatch_by = data.time("dispatchBy");
  alert.count = data.integer("count");
  alert.parent = data.text("parent");
  alert.previous = data.text("previous");
}

void read_failure(const Members& data, Alert& alert) {
  if (const auto asset = data.object("asset")) {
    alert.asset = asset->text("id");
    alert.part = asset->text("part");
  }
  const auto failure = data.object("failure");
  if (!failure) return;
  alert.mode = failure->text("mode");
  alert.iso14224 = failure->text("iso14224");
  alert.cause = failure->text("cause");
  alert.effect = failure->text("effect");
}

void read_reasons(const Members& data, const std::string& label, Alert& alert) {
  if (const auto prognosis = data.object("prognosis")) alert.prognosis = read_prognosis(*prognosis);
  if (const auto energy = data.object("energy")) alert.energy = read_energy(*energy);
  if (const auto detector = data.object("detector")) {
    alert.detector = {detector->text("id"), detector->text("version"), detector->text("method"),
                      detector->text("params")};
  }
  if (const auto evidence = data.object("evidence")) alert.evidence = read_evidence(*evidence, label);
  if (const auto action = data.object("action")) alert.advice = read_advice(*action);
}

void read_history(const Members& data, Alert& alert) {
  if (const auto ack = data.object("ack")) alert.ack = read_ack(*ack);
  if (const auto shelved = data.object("shelved")) alert.shelved = read_shelved(*shelved);
  if (const auto outcome = data.object("outcome")) alert.outcome = read_outcome(*outcome);
  for (const auto& entry : data.objects("log")) {
    alert.log.push_back({entry.integer("rev"), entry.time("at").value_or(Time{}), entry.word<AlertEvent>("event", 8),
                         entry.text("by"), entry.text("why")});
  }
}

/// The fields without which an episode cannot go on.
std::string missing(const Alert& alert) {
  const std::array<std::pair<bool, const char*>, 6> needed{{{!alert.id.empty(), "data.id"},
                                                            {alert.rev >= 1, "data.rev"},
                                                            {!alert.asset.empty(), "data.asset.id"},
                                                            {!alert.mode.empty(), "data.failure.mode"},
                                                            {alert.raised_at != Time{}, "data.raisedAt"},
                                                            {alert.changed_at != Time{}, "data.changedAt"}}};
  for (const auto& [present, name] : needed) {
    if (!present) return fmt::format("{} is missing", name);
  }
  return {};
}

}  // namespace

Result<Alert> parse_alert_document(std::string_view document) {
  boost::system::error_code code;
  const auto root = json::parse(document, code);
  if (code) return failure(Fault::malformed, "alert document: " + code.message());
  if (!root.is_object()) return failure(Fault::malformed, "alert document: is no object");
  std::string problem;
  const Members event{&root.get_object(), problem};
  const auto data = event.object("data");
  if (!data) return failure(Fault::malformed, "alert document: has no data");
  Alert alert;
  read_head(*data, alert);
  read_failure(*data, alert);
  read_reasons(*data, event.text("readingtype"), alert);
  read_history(*data, alert);
  if (problem.empty()) problem = missing(alert);
  if (!problem.empty()) return failure(Fault::malformed, "alert document: " + problem);
  return alert;
}

}  // namespace fettle::delivery
