#pragma once

#include "delivery/alert_document.hpp"
#include "delivery/sparkplug_payload.hpp"
#include "sample_alerts.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <algorithm>
#include <map>
#include <optional>
#include <protozero/pbf_reader.hpp>
#include <string>
#include <vector>

namespace fettle::test {

/// A metric as a host reads it, its value as text: "null", "true", "7.5", "'active'".
struct HostMetric {
  std::string name, value = "none";
  std::uint64_t time = 0;
  std::uint32_t type = 0;
  bool is_historical = false;
};

/// A payload as a host reads it.
struct HostPayload {
  std::uint64_t time = 0;
  std::optional<std::uint64_t> sequence;
  std::vector<HostMetric> metrics;

  /// The value of a metric; "absent" if there is none.
  std::string value(const std::string& name) const {
    const auto found =
        std::find_if(metrics.begin(), metrics.end(), [&](const auto& each) { return each.name == name; });
    return found == metrics.end() ? "absent" : found->value;
  }
};

inline HostMetric host_metric(protozero::pbf_reader reader) {
  HostMetric metric;
  while (reader.next()) {
    switch (reader.tag()) {
      case 1: metric.name = reader.get_string(); break;
      case 3: metric.time = reader.get_uint64(); break;
      case 4: metric.type = reader.get_uint32(); break;
      case 5: metric.is_historical = reader.get_bool(); break;
      case 7: metric.value = reader.get_bool() ? "null" : "not null"; break;
      case 10: metric.value = fmt::format("{}", static_cast<std::int32_t>(reader.get_uint32())); break;
      case 11: metric.value = fmt::format("{}", reader.get_uint64()); break;
      case 13: metric.value = fmt::format("{}", reader.get_double()); break;
      case 14: metric.value = reader.get_bool() ? "true" : "false"; break;
      case 15: metric.value = "'" + reader.get_string() + "'"; break;
      default: ADD_FAILURE() << "field " << reader.tag(); reader.skip();
    }
  }
  return metric;
}

inline HostPayload host_payload(const std::string& bytes) {
  HostPayload payload;
  protozero::pbf_reader reader{bytes};
  while (reader.next()) {
    switch (reader.tag()) {
      case 1: payload.time = reader.get_uint64(); break;
      case 2: payload.metrics.push_back(host_metric(reader.get_message())); break;
      case 3: payload.sequence = reader.get_uint64(); break;
      default: ADD_FAILURE() << "field " << reader.tag(); reader.skip();
    }
  }
  return payload;
}

inline std::string sample_document(const Alert& alert) {
  return delivery::alert_document(alert, sample_asset(), sample_gateway(), 5512);
}

/// A command as a host sends it, with one metric.
inline std::string host_command(const std::string& name, delivery::sparkplug::Value value) {
  using delivery::sparkplug::DataType;
  constexpr DataType types[]{DataType::string, DataType::int32, DataType::float64, DataType::boolean, DataType::string};
  const auto type = types[value.index()];
  return encode(delivery::sparkplug::Payload{at("2026-11-21T09:15:00Z"), {}, {{name, {}, type, std::move(value)}}});
}

}  // namespace fettle::test
