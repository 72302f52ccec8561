#include "delivery/sparkplug_payload.hpp"

#include <fmt/format.h>
#include <protozero/pbf_builder.hpp>
#include <protozero/pbf_message.hpp>
#include <type_traits>

namespace fettle::delivery::sparkplug {
namespace {

using protozero::pbf_wire_type;

enum class PayloadField : protozero::pbf_tag_type { timestamp = 1, metrics = 2, seq = 3 };

enum class MetricField : protozero::pbf_tag_type {
  name = 1,
  timestamp = 3,
  datatype = 4,
  is_historical = 5,
  is_null = 7,
  int_value = 10,
  long_value = 11,
  float_value = 12,
  double_value = 13,
  boolean_value = 14,
  string_value = 15
};

using PayloadWriter = protozero::pbf_builder<PayloadField>;
using MetricWriter = protozero::pbf_builder<MetricField>;

std::uint64_t milliseconds(Time time) { return static_cast<std::uint64_t>(time.time_since_epoch().count()); }

/// Signed numbers travel as the unsigned one with the same bits (6.4.16).
void write_integer(MetricWriter& writer, DataType type, std::int64_t value) {
  if (type == DataType::int64) return writer.add_uint64(MetricField::long_value, static_cast<std::uint64_t>(value));
  writer.add_uint32(MetricField::int_value, static_cast<std::uint32_t>(static_cast<std::int32_t>(value)));
}

void write_value(MetricWriter& writer, const Metric& metric) {
  std::visit(
      [&](const auto& value) {
        using Kind = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<Kind, std::monostate>) writer.add_bool(MetricField::is_null, true);
        if constexpr (std::is_same_v<Kind, std::int64_t>) write_integer(writer, metric.type, value);
        if constexpr (std::is_same_v<Kind, double>) writer.add_double(MetricField::double_value, value);
        if constexpr (std::is_same_v<Kind, bool>) writer.add_bool(MetricField::boolean_value, value);
        if constexpr (std::is_same_v<Kind, std::string>) writer.add_string(MetricField::string_value, value);
      },
      metric.value);
}

void write_metric(PayloadWriter& payload, const Metric& metric) {
  MetricWriter writer{payload, PayloadField::metrics};
  writer.add_string(MetricField::name, metric.name);
  writer.add_uint64(MetricField::timestamp, milliseconds(metric.time));
  writer.add_uint32(MetricField::datatype, static_cast<std::uint32_t>(metric.type));
  if (metric.is_historical) writer.add_bool(MetricField::is_historical, true);
  write_value(writer, metric);
}

constexpr auto varint = pbf_wire_type::varint, bytes = pbf_wire_type::length_delimited;

Wish read_wish(protozero::data_view text) {
  using protozero::tag_and_type;
  protozero::pbf_message<MetricField> reader{text};
  Wish wish;
  while (reader.next()) {
    switch (reader.tag_and_type()) {
      case tag_and_type(MetricField::name, bytes): wish.name = reader.get_string(); break;
      case tag_and_type(MetricField::int_value, varint):
        wish.value = std::int64_t{static_cast<std::int32_t>(reader.get_uint32())};
        break;
      case tag_and_type(MetricField::long_value, varint):
        wish.value = static_cast<std::int64_t>(reader.get_uint64());
        break;
      case tag_and_type(MetricField::float_value, pbf_wire_type::fixed32):
        wish.value = double{reader.get_float()};
        break;
      case tag_and_type(MetricField::double_value, pbf_wire_type::fixed64): wish.value = reader.get_double(); break;
      case tag_and_type(MetricField::boolean_value, varint): wish.value = reader.get_bool(); break;
      case tag_and_type(MetricField::string_value, bytes): wish.value = reader.get_string(); break;
      default: reader.skip();
    }
  }
  return wish;
}

}  // namespace

std::string encode(const Payload& payload) {
  std::string result;
  PayloadWriter writer{result};
  writer.add_uint64(PayloadField::timestamp, milliseconds(payload.time));
  for (const auto& metric : payload.metrics) write_metric(writer, metric);
  if (payload.sequence) writer.add_uint64(PayloadField::seq, *payload.sequence);
  return result;
}

Result<std::vector<Wish>> decode_command(std::string_view payload) {
  try {
    protozero::pbf_message<PayloadField> reader{payload.data(), payload.size()};
    std::vector<Wish> wishes;
    while (reader.next(PayloadField::metrics, bytes)) wishes.push_back(read_wish(reader.get_view()));
    return wishes;
  } catch (const protozero::exception& error) {
    return failure(Fault::malformed, fmt::format("is no payload of Sparkplug B ({})", error.what()));
  }
}

}  // namespace fettle::delivery::sparkplug
