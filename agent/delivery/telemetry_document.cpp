#include "delivery/telemetry_document.hpp"

#include "delivery/json_writer.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <cmath>

namespace fettle::delivery {
namespace {

constexpr int usual_digits = 7;
constexpr int wanted_decimals = 2;

/// Most values of a poll are of the same moment, so its text is made once.
class Stamp {
 public:
  const std::string& text_of(Time time) {
    if (text_.empty() || time != time_) text_ = to_rfc3339(time);
    time_ = time;
    return text_;
  }

 private:
  Time time_{};
  std::string text_;
};

void write_value(JsonWriter& json, const TelemetryValue& value, Time batch, Stamp& stamp) {
  const auto& [point, reading] = value;
  json.open_object();
  json.text("id", point->id);
  json.text("unit", facts(point->quantity).unit);
  if (reading.quality != Quality::bad && std::isfinite(reading.value)) {
    json.number("value", telemetry_number(reading.value));
  }
  json.text("quality", name_of(reading.quality));
  if (reading.reason != Reason::none) json.text("reason", name_of(reading.reason));
  json.text("time", stamp.text_of(reading.time));
  // A clock that was set back in between makes nothing younger than it is.
  json.integer("ageMs", std::max<Duration>(Duration{}, batch - reading.time).count());
  json.close_object();
}

}  // namespace

double telemetry_number(double value) {
  const double size = std::abs(value);
  if (size < 1 || !std::isfinite(value)) return significant(value, usual_digits);
  const int before_point = static_cast<int>(std::floor(std::log10(size))) + 1;
  return significant(value, std::max(usual_digits, before_point + wanted_decimals));
}

std::string telemetry_topic(const GatewayFacts& gateway, std::string_view device) {
  return fmt::format("{}/{}/data/{}", gateway.root, gateway.id, device);
}

std::string telemetry_document(const GatewayFacts& gateway, std::string_view device, const TelemetryFacts& facts,
                               std::span<const TelemetryValue> values) {
  JsonWriter json;
  json.open_object();
  json.text("gateway", gateway.id);
  json.text("device", device);
  json.integer("seq", static_cast<std::int64_t>(facts.seq));
  json.time("time", facts.time);
  write_clock(json, gateway.clock);
  json.integer("dropped", static_cast<std::int64_t>(facts.dropped));
  if (facts.after_crash) json.flag("afterCrash", true);
  json.open_list("points");
  Stamp stamp;
  for (const auto& value : values) write_value(json, value, facts.time, stamp);
  json.close_list();
  json.close_object();
  return json.take();
}

std::string marked_replayed(std::string document) {
  document.insert(document.size() - 1, R"(,"replayed":true)");
  return document;
}

}  // namespace fettle::delivery
