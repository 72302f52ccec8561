#include "delivery/home_assistant.hpp"

#include "delivery/json_members.hpp"
#include "delivery/json_writer.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <boost/json.hpp>
#include <cctype>
#include <utility>

namespace fettle::delivery {
namespace {

namespace json = boost::json;

const json::array& list_of(const json::object& object, std::string_view key) {
  static const json::array none;
  const auto* const value = object.if_contains(key);
  return value != nullptr && value->is_array() ? value->get_array() : none;
}

/// "filter-clog" -> "Filter clog"
std::string title_of(std::string mode) {
  std::replace(mode.begin(), mode.end(), '-', ' ');
  if (!mode.empty()) mode[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(mode[0])));
  return mode;
}

void add_if_any(json::object& object, std::string_view key, std::string text) {
  if (!text.empty()) object[key] = std::move(text);
}

json::object device(const std::string& id, const json::object& asset) {
  json::object device{{"ids", {id}}};
  add_if_any(device, "name", text_of(asset, "name"));
  add_if_any(device, "mf", text_of(asset, "maker"));
  add_if_any(device, "mdl", text_of(asset, "model"));
  add_if_any(device, "sn", text_of(asset, "serial"));
  return device;
}

json::object sensor(const std::string& id, const std::string& mode, const std::string& alert_topic) {
  return {{"p", "binary_sensor"},
          {"device_class", "problem"},
          {"unique_id", id + "_" + mode},
          {"name", title_of(mode)},
          {"state_topic", alert_topic},
          {"value_template", "{{ 'ON' if value_json.data.state=='active' else 'OFF' }}"},
          {"json_attributes_topic", alert_topic},
          {"json_attributes_template", "{{ value_json.data | tojson }}"}};
}

json::object sensors(const std::string& base, const std::string& id, const json::object& asset) {
  json::object result;
  for (const auto& each : list_of(asset, "modes")) {
    const auto mode = each.is_object() ? text_of(each.get_object(), "mode") : std::string{};
    if (mode.empty()) continue;
    result[mode] = sensor(id, mode, fmt::format("{}/alert/{}/{}", base, text_of(asset, "id"), mode));
  }
  return result;
}

}  // namespace

std::map<std::string, std::string> announcements(const LayerFacts& facts, std::string_view info) {
  std::map<std::string, std::string> result;
  boost::system::error_code code;
  const auto root = json::parse(info, code);
  if (code || !root.is_object()) return result;
  const auto base = fmt::format("{}/{}", facts.root, facts.gateway);
  const json::object availability{{"topic", base + "/status"},
                                  {"value_template", "{{ 'online' if value_json.state=='online' else 'offline' }}"}};
  for (const auto& each : list_of(root.get_object(), "assets")) {
    if (!each.is_object()) continue;
    const auto& asset = each.get_object();
    const auto id = fmt::format("{}_{}", facts.gateway, text_of(asset, "id"));
    auto components = sensors(base, id, asset);
    if (components.empty()) continue;
    const json::object document{{"dev", device(id, asset)},
                                {"o", {{"name", "fettle"}, {"sw", text_of(root.get_object(), "sw")}}},
                                {"availability", json::array{availability}},
                                {"cmps", std::move(components)}};
    result.emplace(fmt::format("homeassistant/device/{}/config", id), json_text(document));
  }
  return result;
}

HomeAssistant::HomeAssistant(const LayerFacts& facts, bool wanted, AnnouncedTopics announced, BrokerListener& listener,
                             const MakeBroker& make_inner)
    : BrokerLayer{facts.home, listener, make_inner}, facts_{facts}, wanted_{wanted}, announced_{std::move(announced)} {}

void HomeAssistant::connect(const Approach& approach) {
  drop();
  inner().connect(approach);
}

void HomeAssistant::publish(const Message& message) {
  inner().publish(message);
  if (message.topic == fmt::format("{}/{}/info", facts_.root, facts_.gateway)) announce(message);
}

/// One message of ours flies beside the listener's.
void HomeAssistant::connected(const Welcome& welcome) {
  auto less = welcome;
  if (less.receive_maximum > 1) --less.receive_maximum;
  listener().connected(less);
}

void HomeAssistant::announce(const Message& info) {
  drop();
  info_token_ = info.token;
  const auto wanted = wanted_ ? announcements(facts_, info.payload) : std::map<std::string, std::string>{};
  auto known = announced_.recall();
  for (const auto& topic : known) {
    if (!wanted.contains(topic)) waiting_.push_back({topic, {}});
  }
  for (const auto& [topic, document] : wanted) {
    now_announced_.insert(topic);
    waiting_.push_back({topic, document});
  }
  // Before they are there: what is known and is not there is taken back for nothing, the reverse never.
  const auto known_before = known.size();
  known.insert(now_announced_.begin(), now_announced_.end());
  if (known.size() != known_before) announced_.keep(known);
  send_next();
}

void HomeAssistant::send_next() {
  if (!waiting_.empty()) {
    waiting_.front().token = ++last_own_token_;
    return inner().publish(waiting_.front());
  }
  if (announced_.recall() != now_announced_) announced_.keep(now_announced_);
  if (!info_published_) return;
  const auto token = std::exchange(info_token_, 0);
  if (token != 0) listener().published(token);
}

void HomeAssistant::published(std::uint64_t token) {
  if (token == info_token_) {
    info_published_ = true;
    if (waiting_.empty()) send_next();
    return;
  }
  if (token < own_tokens) return listener().published(token);
  if (waiting_.empty() || waiting_.front().token != token) return;
  waiting_.pop_front();
  send_next();
}

/// The info is tried again with the next heartbeat, and all that follows from it.
void HomeAssistant::refused(std::uint64_t token, const std::string& reason) {
  if (token < own_tokens && token != info_token_) return listener().refused(token, reason);
  const bool is_ours = token != info_token_;
  if (is_ours && (waiting_.empty() || waiting_.front().token != token)) return;
  const auto what = is_ours ? waiting_.front().topic + ": " + reason : reason;
  const auto info = info_token_;
  drop();
  listener().refused(info, what);
}

void HomeAssistant::drop() {
  waiting_.clear();
  now_announced_.clear();
  info_token_ = 0;
  info_published_ = false;
}

}  // namespace fettle::delivery
