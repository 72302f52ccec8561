#include "delivery/merged_status.hpp"

#include "delivery/json_writer.hpp"

#include <array>
#include <boost/json.hpp>

namespace fettle::delivery {
namespace {

namespace json = boost::json;

/// In the order of documents.cpp.
constexpr std::array<const char*, 15> members{"gateway",   "state",   "session", "since",    "time",
                                              "heartbeat", "mode",    "clock",   "info",     "sequence",
                                              "queued",    "dropped", "open",    "openMore", "reason"};

/// What an info document may have and may not, and the same of its steps.
constexpr std::array<const char*, 4> info_members{"ring", "held", "change", "update"};
constexpr std::array<const char*, 3> step_members{"start", "rev", "why"};

void remove_points(json::object& info) {
  auto* const assets = info["assets"].if_array();
  if (assets == nullptr) return;
  for (auto& asset : *assets) {
    if (asset.is_object()) asset.get_object().erase("points");
  }
}

json::array as_list(const json::value& open) {
  json::array list;
  if (!open.is_object()) return list;
  for (const auto& [slot, id] : open.get_object()) list.push_back({{"slot", slot}, {"id", id}});
  return list;
}

void leave_out_one(json::object& status) {
  auto& more = status["openMore"];
  status["open"].as_array().pop_back();
  more = more.is_null() ? 1 : more.to_number<std::int64_t>() + 1;
}

}  // namespace

std::optional<std::string> merged_status(std::string_view status, std::size_t limit) {
  boost::system::error_code code;
  const auto root = json::parse(status, code);
  if (code || !root.is_object()) return std::nullopt;
  const auto& given = root.get_object();
  json::object result;
  for (const auto* const name : members) {
    const auto* const value = given.if_contains(name);
    result[name] = value == nullptr ? json::value{} : *value;
  }
  if (auto* const clock = result["clock"].if_object(); clock != nullptr) clock->emplace("errMs", nullptr);
  const bool is_online = given.contains("open");
  if (is_online) result["open"] = as_list(given.at("open"));
  auto text = json_text(result);
  while (text.size() > limit && is_online && !result["open"].as_array().empty()) {
    leave_out_one(result);
    text = json_text(result);
  }
  return text;
}

std::optional<std::string> merged_info(std::string_view info, std::size_t limit) {
  boost::system::error_code code;
  auto root = json::parse(info, code);
  if (code || !root.is_object()) return std::nullopt;
  auto& result = root.get_object();
  for (const auto* const name : info_members) {
    auto* const step = result.emplace(name, nullptr).first->value().if_object();
    if (step == nullptr) continue;
    for (const auto* const member : step_members) step->emplace(member, nullptr);
  }
  if (auto text = json_text(result); text.size() <= limit) return text;
  remove_points(result);
  return json_text(result);
}

}  // namespace fettle::delivery
