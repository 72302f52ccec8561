#include "live_readings.hpp"

#include "local_door.hpp"

#include <boost/json.hpp>

namespace fettle {
namespace {

constexpr const char* question_read = R"({"op":"read"})";

double milliseconds_of(std::size_t device, const std::vector<BusWatch>& buses) {
  for (const auto& bus : buses) {
    for (std::size_t place = 0; place < bus.devices.size(); ++place) {
      if (bus.devices[place] == device) return bus.states[place].milliseconds;
    }
  }
  return 0;
}

Quality quality_named(std::string_view name) {
  for (const auto quality : {Quality::good, Quality::uncertain}) {
    if (name == name_of(quality)) return quality;
  }
  return Quality::bad;
}

Reason reason_named(std::string_view name) {
  for (auto reason = Reason::none; reason <= Reason::not_learned;
       reason = Reason{static_cast<std::uint8_t>(static_cast<int>(reason) + 1)}) {
    if (name == name_of(reason)) return reason;
  }
  return Reason::undefined;
}

LiveReading parse_one(const boost::json::object& object) {
  LiveReading live;
  live.device = object.at("device").as_string();
  live.point = object.at("point").as_string();
  live.milliseconds = object.at("milliseconds").to_number<double>();
  live.reading.quality = quality_named(object.at("quality").as_string());
  live.reading.reason = reason_named(object.at("reason").as_string());
  if (const auto& value = object.at("value"); value.is_number()) live.reading.value = value.to_number<double>();
  live.reading.time = parse_rfc3339(object.at("time").as_string()).value_or(Time{});
  return live;
}

}  // namespace

std::vector<LiveReading> live_readings(const Installation& installation, const std::vector<Reading>& latest,
                                       const std::vector<BusWatch>& buses) {
  std::vector<LiveReading> result;
  for (std::size_t device = 0; device < installation.devices.size(); ++device) {
    const auto& installed = installation.devices[device];
    std::vector<bool> done(installed.profile->points.size());
    for (const auto& wire : installed.wiring) {
      if (done.at(wire.profile_point)) continue;
      done[wire.profile_point] = true;
      result.push_back({installed.settings.key, installed.profile->points[wire.profile_point].name,
                        latest.at(wire.point.index), milliseconds_of(device, buses)});
    }
  }
  return result;
}

std::string to_json(const std::vector<LiveReading>& readings) {
  boost::json::array list;
  for (const auto& [device, point, reading, milliseconds] : readings) {
    boost::json::object object{{"device", device}, {"point", point}, {"milliseconds", milliseconds}};
    object["value"] = reading.is_good() ? boost::json::value(reading.value) : boost::json::value(nullptr);
    object["quality"] = name_of(reading.quality);
    object["reason"] = name_of(reading.reason);
    object["time"] = to_rfc3339(reading.time);
    list.push_back(std::move(object));
  }
  return boost::json::serialize(boost::json::object{{"readings", std::move(list)}});
}

std::vector<LiveReading> parse_live_readings(const std::string& json) {
  std::vector<LiveReading> result;
  try {
    const auto document = boost::json::parse(json);
    for (const auto& each : document.as_object().at("readings").as_array())
      result.push_back(parse_one(each.as_object()));
  } catch (const std::exception&) {
    result.clear();  // an agent of another version; as good as no answer
  }
  return result;
}

std::optional<std::vector<LiveReading>> ask_live_readings(const std::string& store_folder) {
  auto readings = parse_live_readings(ask_agent(store_folder, question_read));
  if (readings.empty()) return std::nullopt;
  return readings;
}

}  // namespace fettle
