#include "delivery/alert_document.hpp"

#include "delivery/alert_members.hpp"
#include "delivery/json_writer.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <cmath>
#include <span>

namespace fettle::delivery {
namespace {

constexpr std::size_t target_size = 4096;
constexpr std::size_t largest_size = 16384;
constexpr std::size_t most_points = 8;
constexpr std::size_t longest_trend = 32;
constexpr std::size_t longest_log = 16;
constexpr int shown_digits = 4;

/// What is left out to keep a document small, in this order.
struct Detail {
  std::size_t trends = most_points;  ///< so many indicators keep theirs
  bool log = true;
};

double probability(double value) { return decimals(std::clamp(value, 0.0, 1.0), 2); }

/// Whole hours; below ten, tenths of them.
double shown_hours(double hours) { return decimals(hours, hours < 10 ? 1 : 0); }

/// The unit as a person reads it behind a label; nothing for a plain number.
std::string in_brackets(Quantity quantity) {
  const auto unit = facts(quantity).unit;
  return unit == "1" ? std::string{} : fmt::format(" ({})", unit);
}

/// The flat summary under the names that Dynamics 365 Connected Field Service reads.
void write_summary(JsonWriter& json, const Alert& alert, const Asset& asset) {
  json.text("deviceid", asset.ref);
  if (alert.evidence && !alert.evidence->points.empty()) {
    const auto& point = alert.evidence->points.front();
    json.text("readingtype", (point.label.empty() ? point.id : point.label) + in_brackets(point.quantity));
    if (std::isfinite(point.value)) json.text("reading", number_text(significant(point.value, shown_digits)));
    if (point.limit) json.text("threshold", number_text(significant(*point.limit, shown_digits)));
  }
  json.text("ruleoutput", alert.mode);
  json.text("eventtoken", alert.id);
}

/// A cleared alert asks nothing of anybody, and the gateway's own troubles are none of the occupant's.
bool has_customer_note(const Alert& alert) {
  return !alert.customer_note.empty() && alert.kind != AlertKind::system && alert.state != AlertState::cleared;
}

void write_head(JsonWriter& json, const Alert& alert) {
  json.text("id", alert.id);
  json.integer("rev", alert.rev);
  json.text("state", name_of(alert.state));
  json.text("kind", name_of(alert.kind));
  json.flag("test", alert.test);
  json.text("severity", name_of(alert.severity));
  json.integer("priority", alert.priority);
  json.text("title", alert.title, 100);
  json.text_if_any("text", alert.text, 1000);
  if (has_customer_note(alert)) json.text("customerNote", alert.customer_note, 300);
  json.time("raisedAt", alert.raised_at);
  json.time("changedAt", alert.changed_at);
  if (alert.cleared_at) json.time("clearedAt", *alert.cleared_at);
  if (alert.closed_at && alert.state == AlertState::closed) json.time("closedAt", *alert.closed_at);
  if (alert.dispatch_by) json.time("dispatchBy", *alert.dispatch_by);
  json.integer("count", alert.count);
  json.text_if_any("parent", alert.parent);
  json.text_if_any("previous", alert.previous);
  if (alert.ack) write_ack(json, *alert.ack);
  if (alert.shelved) write_shelved(json, *alert.shelved);
}

void write_asset(JsonWriter& json, const Asset& asset, const std::string& part) {
  json.open_object("asset");
  json.text("id", asset.key);
  json.text("ref", asset.ref);
  json.text("name", asset.name);
  json.text("class", class_of(asset));
  json.text_if_any("part", part);
  json.text_if_any("maker", asset.maker);
  json.text_if_any("model", asset.model);
  json.text_if_any("serial", asset.serial);
  json.close_object();
}

void write_location(JsonWriter& json, const Location& location) {
  json.open_object("location");
  json.text("site", location.site);
  json.text_if_any("building", location.building);
  json.text_if_any("floor", location.floor);
  json.text_if_any("space", location.space);
  json.text("tz", location.tz);
  if (location.geo) json.numbers("geo", *location.geo);
  json.text_if_any("access", location.access);
  json.close_object();
}

void write_gateway(JsonWriter& json, const GatewayFacts& gateway) {
  json.open_object("gateway");
  json.text("id", gateway.id);
  json.text("sw", gateway.software);
  json.text("config", gateway.configuration_text());
  json.close_object();
}

void write_failure(JsonWriter& json, const Alert& alert) {
  json.open_object("failure");
  json.text("mode", alert.mode);
  json.text_if_any("iso14224", alert.iso14224);
  json.text_if_any("cause", alert.cause);
  json.text_if_any("effect", alert.effect);
  json.close_object();
}

void write_prognosis(JsonWriter& json, const TimeToFailure& prognosis) {
  json.open_object("prognosis");
  json.open_object("ttfHours");
  json.number("low", shown_hours(prognosis.low));
  json.number("mid", shown_hours(prognosis.mid));
  if (prognosis.high) {
    json.number("high", shown_hours(*prognosis.high));
  } else {
    json.null("high");
  }
  json.number("level", std::clamp(decimals(prognosis.level, 2), 0.01, 0.99));
  json.close_object();
  json.number("confidence", probability(prognosis.confidence));
  json.text("basis", "calendar");
  json.number("health", probability(prognosis.health));
  if (prognosis.within_7_days) json.number("p7d", probability(*prognosis.within_7_days));
  if (prognosis.within_30_days) json.number("p30d", probability(*prognosis.within_30_days));
  json.close_object();
}

void write_detector(JsonWriter& json, const DetectorStamp& detector) {
  json.open_object("detector");
  json.text("id", detector.id);
  json.text("version", detector.version);
  json.text_if_any("method", detector.method);
  json.text_if_any("params", detector.params);
  json.close_object();
}

void write_trend(JsonWriter& json, const EvidencePoint& point) {
  const std::span all{point.trend};
  std::vector<double> shown;
  for (const double value : all.last(std::min(all.size(), longest_trend))) {
    shown.push_back(significant(value, shown_digits));
  }
  json.text("step", to_iso8601(point.step));
  json.numbers("trend", shown);
}

void write_point(JsonWriter& json, const EvidencePoint& point, bool with_trend) {
  json.open_object();
  json.text("id", point.id);
  json.text_if_any("class", point.brick);
  json.text("unit", facts(point.quantity).unit);
  json.number("value", significant(point.value, shown_digits));
  if (point.baseline) json.number("baseline", significant(*point.baseline, shown_digits));
  if (point.limit) json.number("limit", significant(*point.limit, shown_digits));
  if (with_trend && !point.trend.empty()) write_trend(json, point);
  json.text("quality", name_of(point.quality));
  json.close_object();
}

void write_evidence(JsonWriter& json, const Evidence& evidence, std::size_t trends) {
  json.open_object("evidence");
  json.time("from", evidence.from);
  json.time("to", evidence.to);
  if (evidence.coverage) json.number("coverage", probability(*evidence.coverage));
  if (!evidence.points.empty()) {
    json.open_list("points");
    for (std::size_t place = 0; place < std::min(evidence.points.size(), most_points); ++place) {
      write_point(json, evidence.points[place], place < trends);
    }
    json.close_list();
  }
  json.close_object();
}

void write_log(JsonWriter& json, std::span<const AlertLogEntry> log) {
  if (log.empty()) return;
  json.open_list("log");
  for (const auto& entry : log.last(std::min(log.size(), longest_log))) {
    json.open_object();
    json.integer("rev", entry.rev);
    json.time("at", entry.at);
    json.text("event", name_of(entry.event));
    json.text_if_any("by", entry.by, 128);
    json.text_if_any("why", entry.why);
    json.close_object();
  }
  json.close_list();
}

void write_reasons(JsonWriter& json, const Alert& alert, const Detail& detail) {
  if (alert.prognosis) write_prognosis(json, *alert.prognosis);
  if (alert.energy) write_energy(json, *alert.energy, alert.state != AlertState::closed);
  if (alert.detector) write_detector(json, *alert.detector);
  if (alert.evidence) write_evidence(json, *alert.evidence, detail.trends);
  if (alert.advice) write_action(json, *alert.advice);
  if (alert.outcome && alert.state == AlertState::closed) write_outcome(json, *alert.outcome);
}

struct Frame {
  const Alert& alert;
  const Asset& asset;
  const GatewayFacts& gateway;
  std::uint64_t sequence;
};

std::string rendered(const Frame& frame, const Detail& detail) {
  const auto& [alert, asset, gateway, sequence] = frame;
  JsonWriter json;
  json.open_object();
  json.text("specversion", "1.0");
  json.text("id", event_id(alert.id, alert.rev));
  json.text("source", gateway.root + "/" + gateway.id);
  json.text("type", "fettle.alert.v1");
  json.text("subject", alert.slot());
  json.time("time", alert.changed_at);
  json.text("datacontenttype", "application/json");
  json.text("dataschema", "urn:fettle:schema:alert:1");
  json.text("sequence", sequence_text(sequence));
  write_summary(json, alert, asset);
  json.open_object("data");
  write_head(json, alert);
  write_asset(json, asset, alert.part);
  write_location(json, asset.location);
  write_gateway(json, gateway);
  write_failure(json, alert);
  write_reasons(json, alert, detail);
  write_clock(json, gateway.clock);
  if (detail.log) write_log(json, alert.log);
  json.close_object();
  json.close_object();
  return json.take();
}

}  // namespace

std::string event_id(std::string_view episode, int rev) { return fmt::format("{}-{}", episode, rev); }

std::string alert_document(const Alert& alert, const Asset& asset, const GatewayFacts& gateway,
                           std::uint64_t sequence) {
  const Frame frame{alert, asset, gateway, sequence};
  Detail detail;
  if (alert.evidence) detail.trends = std::min(alert.evidence->points.size(), most_points);
  auto document = rendered(frame, detail);
  while (document.size() > target_size && detail.trends > 0) {
    --detail.trends;
    document = rendered(frame, detail);
  }
  if (document.size() <= largest_size) return document;
  detail.log = false;
  return rendered(frame, detail);
}

}  // namespace fettle::delivery
