#include "mbus/offer.hpp"

#include "mbus/profile.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <optional>
#include <utility>

namespace fettle::mbus {
namespace {

using acquisition::OfferedValue;

constexpr std::uint8_t extension_bit = 0x80;
constexpr std::uint8_t electricity = 0x02, bus_or_system = 0x0E, breaker = 0x20;
constexpr std::array<std::uint8_t, 3> media_of_heat{0x04, 0x0C, 0x0D};

/// What a kind of record measures, and what its point is called where all meters call it the same.
struct Known {
  std::string_view kind;
  Quantity quantity;
  std::string_view name;
};

constexpr std::array<Known, 31> known_kinds{{
    {"energy", Quantity::active_energy, "e_total"},
    {"power", Quantity::active_power, "p_total"},
    {"cumulated_maximum_power", Quantity::active_power, ""},
    {"reactive_energy", Quantity::reactive_energy, "er_total"},
    {"reactive_power", Quantity::reactive_power, "q_total"},
    {"apparent_energy", Quantity::apparent_energy, "es_total"},
    {"apparent_power", Quantity::apparent_power, "s_total"},
    {"voltage", Quantity::voltage, "v"},
    {"current", Quantity::current, "i"},
    {"frequency", Quantity::frequency, "f"},
    {"phase_voltage_to_voltage", Quantity::plane_angle, ""},
    {"phase_voltage_to_current", Quantity::plane_angle, ""},
    {"volume", Quantity::volume, ""},
    {"volume_flow", Quantity::volume_flow, "flow"},
    {"flow_temperature", Quantity::temperature, "t_flow"},
    {"return_temperature", Quantity::temperature, "t_return"},
    {"external_temperature", Quantity::temperature, "t_external"},
    {"temperature", Quantity::temperature, ""},
    {"temperature_limit", Quantity::temperature, ""},
    {"temperature_difference", Quantity::temperature_difference, "dt"},
    {"relative_humidity", Quantity::relative_humidity, ""},
    {"pressure", Quantity::pressure, ""},
    {"on_time", Quantity::duration, "hours"},
    {"operating_time", Quantity::duration, "hours_operating"},
    {"battery_operating_time", Quantity::duration, ""},
    {"battery_remaining", Quantity::duration, ""},
    {"heat_cost", Quantity::count, ""},
    {"dimensionless", Quantity::count, ""},
    {"reset_counter", Quantity::count, ""},
    {"error_flags", Quantity::state, ""},
    {"status", Quantity::state, ""},
}};

const Known* known(std::string_view kind) {
  const auto* const found =
      std::find_if(known_kinds.begin(), known_kinds.end(), [kind](const Known& each) { return each.kind == kind; });
  return found == known_kinds.end() ? nullptr : found;
}

bool is_heat(const SecondaryAddress& meter) {
  return std::find(media_of_heat.begin(), media_of_heat.end(), meter.medium) != media_of_heat.end();
}

/// Letters, digits and single underscores of any text.
std::string as_name(std::string_view text) {
  std::string name;
  for (const char each : text) {
    const auto letter = static_cast<unsigned char>(each);
    if (std::isalnum(letter) != 0 && letter < extension_bit) {
      name += static_cast<char>(std::tolower(letter));
    } else if (!name.empty() && name.back() != '_') {
      name += '_';
    }
  }
  while (name.ends_with('_')) name.pop_back();
  return name;
}

std::string name_of(const Selector& selector, const SecondaryAddress& meter) {
  const auto* const row = known(selector.kind);
  std::string name{row == nullptr || row->name.empty() ? selector.kind : row->name};
  if (is_heat(meter) && selector.kind == "energy") name = "e_heat";
  if (is_heat(meter) && selector.kind == "power") name = "p_heat";
  return as_name(name + selector.to_text().substr(selector.kind.size()));
}

/// As read_selector() reads it.
std::string place_of(const Selector& selector) {
  std::string further;
  if (selector.storage > 0) further += fmt::format(", storage: {}", selector.storage);
  if (selector.tariff > 0) further += fmt::format(", tariff: {}", selector.tariff);
  if (selector.subunit > 0) further += fmt::format(", subunit: {}", selector.subunit);
  if (selector.function != Function::instantaneous)
    further += fmt::format(", function: {}", name_of(selector.function));
  if (!selector.extension.empty()) further += fmt::format(", extension: \"{}\"", to_hex(selector.extension));
  if (selector.nth > 1) further += fmt::format(", nth: {}", selector.nth);
  if (further.empty()) return "record: " + selector.kind;
  return fmt::format("record: {{kind: {}{}}}", selector.kind, further);
}

/// The data and value information fields of a record, without its value.
std::string mark_of(const Record& record, const Telegram& telegram) {
  if (record.kind == kind::status) return {};
  const auto bytes = bytes_of(record, telegram);
  std::size_t end = 0;
  for (int block = 0; block < 2; ++block) {
    while (end < bytes.size() && (bytes[end] & extension_bit) != 0) ++end;
    ++end;
  }
  return to_hex(bytes.first(std::min(end, bytes.size())));
}

std::string text_of(const Record& record, const std::optional<MbusPoint>& point) {
  switch (record.value.form) {
    case Value::Form::none: return "no value";
    case Value::Form::text:
    case Value::Form::moment:
    case Value::Form::bytes: return record.value.text;
    case Value::Form::number: break;
  }
  const auto decoded = point ? point->decode(record) : acquisition::Decoded{0, Reason::unsupported};
  if (decoded.reason != Reason::none)
    return fmt::format("{:.10g}{}{}", record.value.number, record.unit.empty() ? "" : " ", record.unit);
  const auto& quantity = facts(point->quantity);
  return fmt::format("{:.7g}{}{}", decoded.value, quantity.unit == "1" ? "" : " ",
                     quantity.unit == "1" ? "" : quantity.unit);
}

/// The point of a profile that would read a record; nothing if the record measures nothing that Fettle knows.
std::optional<MbusPoint> point_for(const Record& record) {
  const auto* const row = known(record.kind);
  if (row == nullptr) return std::nullopt;
  MbusPoint point;
  point.quantity = row->quantity;
  point.scaling.lowest = facts(row->quantity).lowest;
  point.scaling.highest = facts(row->quantity).highest;
  auto probe = record;  // one without a value has a unit all the same
  if (probe.value.form == Value::Form::none) {
    probe.value.form = Value::Form::number;
    probe.value.number = 0;
  }
  if (probe.value.form != Value::Form::number) return std::nullopt;
  if (point.decode(probe).reason == Reason::unsupported) return std::nullopt;
  return point;
}

OfferedValue offer_of(const Record& record, const Selector& selector, const Telegram& telegram) {
  const auto point = point_for(record);
  OfferedValue value;
  value.name = name_of(selector, telegram.header.meter);
  value.text = text_of(record, point);
  value.mark = mark_of(record, telegram);
  value.is_current = record.storage == 0 && record.function == Function::instantaneous && !record.is_rejected;
  if (!point) return value;
  value.quantity = facts(point->quantity).name;
  value.place = place_of(selector);
  return value;
}

/// What the three letters stand for, of makers that a plant room is likely to have.
struct Maker {
  std::string_view code, name;
};

constexpr std::array<Maker, 24> makers{{
    {"ABB", "ABB"},
    {"ACW", "Itron"},
    {"AMT", "Aquametro"},
    {"BMT", "BMETERS"},
    {"DME", "Diehl"},
    {"EFE", "Engelmann"},
    {"ELS", "Elster"},
    {"ELV", "Elvaco"},
    {"EMH", "EMH"},
    {"EMU", "EMU"},
    {"GMC", "Gossen Metrawatt"},
    {"GWF", "GWF"},
    {"HYD", "Diehl"},
    {"ISK", "Iskraemeco"},
    {"ITW", "Itron"},
    {"KAM", "Kamstrup"},
    {"LGB", "Landis+Gyr"},
    {"LUG", "Landis+Gyr"},
    {"QDS", "Qundis"},
    {"REL", "Relay"},
    {"SEN", "Sensus"},
    {"SLB", "Itron"},
    {"TCH", "Techem"},
    {"ZRI", "Zenner"},
}};

}  // namespace

std::vector<OfferedValue> offer_of(const std::vector<Telegram>& readout) {
  std::vector<OfferedValue> values;
  std::map<std::string, unsigned> seen, names;
  for (const auto& telegram : readout) {
    for (const auto& record : telegram.records) {
      if (record.kind == kind::status && &telegram != &readout.front()) continue;         // each telegram has the same
      if (record.kind == kind::manufacturer_data && record.value.text.empty()) continue;  // says that more follows
      auto selector = selector_of(record);
      selector.nth = ++seen[selector.to_text()];
      values.push_back(offer_of(record, selector, telegram));
      if (const auto count = ++names[values.back().name]; count > 1) values.back().name += fmt::format("_{}", count);
    }
  }
  return values;
}

std::string description_of(const SecondaryAddress& meter) {
  auto number = to_text(meter);
  number.resize(SecondaryAddress::digit_count);
  if (!meter.names_its_maker()) return "number " + number;
  const auto code = manufacturer_code(meter.manufacturer);
  const auto* const maker =
      std::find_if(makers.begin(), makers.end(), [&code](const Maker& each) { return each.code == code; });
  const bool is_spelt = maker != makers.end() && maker->name != code;
  return fmt::format("{} {}, {}, version {:02X}", is_spelt ? fmt::format("{} ({})", maker->name, code) : code, number,
                     medium_name(meter.medium), meter.version);
}

bool is_on_battery(const SecondaryAddress& meter) {
  return meter.medium != electricity && meter.medium != bus_or_system && meter.medium != breaker;
}

}  // namespace fettle::mbus
