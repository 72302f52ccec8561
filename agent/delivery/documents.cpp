#include "delivery/documents.hpp"

#include "core/earliest.hpp"
#include "core/state.hpp"
#include "delivery/json_writer.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <chrono>

namespace fettle::delivery {
namespace {

constexpr std::size_t longest_digest = 100;
constexpr std::size_t longest_reason = 1000;

std::string_view name_of_mode(GatewayMode mode) {
  return mode == GatewayMode::commissioning ? "commissioning" : "operational";
}

/// A gateway that has just booted in 1970 says nothing of the time rather than that.
void write_time(JsonWriter& json, std::string_view key, Time time, const ClockState& clock) {
  if (time >= earliest_possible || clock.sync == ClockSync::manual) json.time(key, time);
}

void write_point(JsonWriter& json, const PointFacts& point) {
  json.open_object();
  json.text("id", point.role);
  json.text_if_any("class", point.brick);
  json.text("unit", facts(point.quantity).unit);
  json.text_if_any("src", point.source);
  json.close_object();
}

void write_mode(JsonWriter& json, const ModeFacts& mode) {
  json.open_object();
  json.text("mode", mode.mode);
  json.text_if_any("iso14224", mode.iso14224);
  json.text_if_any("action", mode.action);
  json.text_if_any("detector", mode.detector);
  json.close_object();
}

void write_asset(JsonWriter& json, const AssetFacts& facts) {
  const auto& asset = facts.asset;
  json.open_object();
  json.text("id", asset.key);
  json.text("ref", asset.ref);
  json.text("name", asset.name);
  json.text("class", class_of(asset));
  json.text_if_any("maker", asset.maker);
  json.text_if_any("model", asset.model);
  json.text_if_any("serial", asset.serial);
  json.open_list("points");
  for (const auto& point : facts.points) write_point(json, point);
  json.close_list();
  json.open_list("modes");
  for (const auto& mode : facts.modes) write_mode(json, mode);
  json.close_list();
  json.close_object();
}

/// With the command that it goes back to.
template <class Step>
void open_step(JsonWriter& json, std::string_view key, const Step& step) {
  json.open_object(key);
  json.text("jti", step.jti);
  json.text("by", step.by);
}

void write_held(JsonWriter& json, const HeldChange& held) {
  open_step(json, "held", held);
  json.integer("ring", held.ring);
  if (held.start) json.time("start", *held.start);
  json.close_object();
}

void write_change(JsonWriter& json, const ChangeReport& change) {
  open_step(json, "change", change);
  json.text("state", change.state);
  if (change.rev != 0) json.integer("rev", static_cast<std::int64_t>(change.rev));
  json.text_if_any("why", change.why, longest_reason);
  json.close_object();
}

void write_update(JsonWriter& json, const UpdateFacts& update) {
  open_step(json, "update", update);
  json.text("version", update.version);
  json.text("state", update.state);
  json.text_if_any("why", update.why, longest_reason);
  json.close_object();
}

void write_texts(JsonWriter& json, std::string_view key, std::span<const std::string> texts) {
  if (!texts.empty()) return json.texts_if_any(key, texts);
  json.open_list(key);
  json.close_list();
}

void write_digest(JsonWriter& json, std::span<const OpenSlot> open) {
  const auto listed = open.first(std::min(open.size(), longest_digest));
  json.open_object("open");
  for (const auto& slot : listed) json.text(slot.slot, slot.event_id);
  json.close_object();
  if (open.size() > listed.size()) json.integer("openMore", static_cast<std::int64_t>(open.size() - listed.size()));
}

}  // namespace

std::string_view name_of(ClockSync sync) {
  switch (sync) {
    case ClockSync::ntp: return "ntp";
    case ClockSync::ptp: return "ptp";
    case ClockSync::rtc: return "rtc";
    case ClockSync::manual: return "manual";
    case ClockSync::none: return "none";
  }
  return "?";
}

std::string GatewayFacts::configuration_text() const { return fmt::format("{:08x}", configuration & 0xFFFFFFFFU); }

std::string info_topic(const GatewayFacts& gateway) { return fmt::format("{}/{}/info", gateway.root, gateway.id); }

std::string status_topic(const GatewayFacts& gateway) { return fmt::format("{}/{}/status", gateway.root, gateway.id); }

std::string slot_topic(const GatewayFacts& gateway, std::string_view slot) {
  return fmt::format("{}/{}/alert/{}", gateway.root, gateway.id, slot);
}

std::string sequence_text(std::uint64_t sequence) { return fmt::format("{:016}", sequence); }

std::string class_of(const Asset& asset) {
  if (!asset.brick.empty()) return asset.brick;
  return "fettle:" + (asset.model_class.empty() ? std::string{"equipment"} : asset.model_class);
}

void write_clock(JsonWriter& json, const ClockState& clock) {
  json.open_object("clock");
  json.text("sync", name_of(clock.sync));
  if (clock.error_ms) json.number("errMs", significant(*clock.error_ms, 3));
  json.close_object();
}

std::string info_document(const InfoFacts& facts, std::uint64_t rev, Time time) {
  JsonWriter json;
  json.open_object();
  json.text("gateway", facts.gateway.id);
  json.integer("rev", static_cast<std::int64_t>(rev));
  json.text("contract", "1.1");
  json.text("sw", facts.gateway.software);
  json.text("config", facts.gateway.configuration_text());
  write_time(json, "time", time, facts.gateway.clock);
  json.text("site", facts.site);
  json.text("tz", facts.tz);
  write_texts(json, "ops", facts.operations);
  write_texts(json, "signed", facts.signed_operations);
  if (facts.ring) json.integer("ring", *facts.ring);
  if (facts.held) write_held(json, *facts.held);
  if (facts.change) write_change(json, *facts.change);
  if (facts.update) write_update(json, *facts.update);
  json.open_list("assets");
  for (const auto& asset : facts.assets) write_asset(json, asset);
  json.close_list();
  json.close_object();
  return json.take();
}

std::uint64_t info_hash(const InfoFacts& facts) { return hash_of(info_document(facts, 0, Time{})); }

std::string online_status(const GatewayFacts& gateway, const StatusFacts& facts) {
  JsonWriter json;
  json.open_object();
  json.text("gateway", gateway.id);
  json.text("state", "online");
  json.integer("session", static_cast<std::int64_t>(facts.session));
  write_time(json, "since", facts.since, gateway.clock);
  write_time(json, "time", facts.time, gateway.clock);
  json.integer("heartbeat", std::chrono::ceil<std::chrono::seconds>(gateway.heartbeat).count());
  json.text("mode", name_of_mode(gateway.mode));
  write_clock(json, gateway.clock);
  json.integer("info", static_cast<std::int64_t>(facts.info_rev));
  json.text("sequence", sequence_text(facts.sequence));
  json.integer("queued", static_cast<std::int64_t>(facts.queued));
  json.integer("dropped", static_cast<std::int64_t>(facts.dropped));
  write_digest(json, facts.open);
  json.close_object();
  return json.take();
}

std::string offline_status(const GatewayFacts& gateway, std::uint64_t session, Time time, std::string_view reason) {
  JsonWriter json;
  json.open_object();
  json.text("gateway", gateway.id);
  json.text("state", "offline");
  json.integer("session", static_cast<std::int64_t>(session));
  write_time(json, "time", time, gateway.clock);
  json.text("reason", reason);
  json.close_object();
  return json.take();
}

std::string lost_status(const GatewayFacts& gateway, std::uint64_t session) {
  JsonWriter json;
  json.open_object();
  json.text("gateway", gateway.id);
  json.text("state", "lost");
  json.integer("session", static_cast<std::int64_t>(session));
  json.close_object();
  return json.take();
}

}  // namespace fettle::delivery
