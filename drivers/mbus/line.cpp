#include "mbus/line.hpp"

#include "acquisition/whole_pace.hpp"
#include "mbus/device.hpp"
#include "mbus/profile.hpp"
#include "modbus/serial_wire.hpp"
#include "modbus/tcp_wire.hpp"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <string_view>
#include <utility>

namespace fettle::mbus {
namespace {

using namespace std::chrono_literals;

constexpr auto serial_margin = 100ms, network_margin = 400ms;

constexpr std::array<std::pair<std::string_view, modbus::Parity>, 3> parities{{
    {"even", modbus::Parity::even},
    {"none", modbus::Parity::none},
    {"odd", modbus::Parity::odd},
}};

enum class Supply : std::uint8_t { battery, mains };

constexpr std::array<std::pair<std::string_view, Supply>, 2> supplies{{
    {"battery", Supply::battery},
    {"mains", Supply::mains},
}};

/// `address: 5` or `secondary: "12345678"`.
Address read_address(settings::Fields& fields) {
  const bool is_secondary = fields.has("secondary");
  if (is_secondary && fields.has("address")) {
    fields.child("address");
    fields.mistakes().add(fields.node()["address"],
                          "a meter is asked by its address or by its secondary address, not both");
  }
  if (!is_secondary) {
    if (!fields.has("address")) {
      fields.child("address");
      fields.mistakes().add(fields.node(),
                            "\"address\" (0 to 250) or \"secondary\" (the number on the meter) is missing");
      return std::uint8_t{0};
    }
    return static_cast<std::uint8_t>(fields.integer("address", 0, link_address::highest_meter));
  }
  const auto text = fields.text("secondary");
  const auto found = parse_secondary(text);
  if (!found && !text.empty()) {
    fields.mistakes().add(
        fields.node()["secondary"],
        fmt::format("\"{}\" is no secondary address (try \"12345678\", with eight digits and in quotes, or "
                    "\"12345678 KAM 1B 04\")",
                    text));
  }
  return found.value_or(SecondaryAddress{});
}

/// Battery meters are made for a readout a day; what asks too often empties them years too early.
void spare_the_battery(settings::Fields& fields, const MbusProfile& profile, settings::Mistakes& mistakes) {
  const auto by_default = profile.on_battery ? Supply::battery : Supply::mains;
  const auto supply = fields.choice<Supply>("supply", supplies, by_default);
  const auto known = mistakes.size();
  const auto every = acquisition::whole_pace(fields, kind_to_batteries, "an M-Bus meter sends all its values at once");
  if (mistakes.size() > known) return;
  if (supply == Supply::mains || every >= kind_to_batteries) return;
  mistakes.add(
      fields.node()["every"],
      fmt::format("a meter on battery is empty years too early if it is read every {} (at least {}; if this one has "
                  "mains supply, write `supply: mains`)",
                  fettle::to_text(every), fettle::to_text(kind_to_batteries)));
}

}  // namespace

LineSettings read_line_settings(settings::Fields& fields) {
  constexpr long highest_port = 65535, lowest_baud = 300, highest_baud = 115'200;
  LineSettings line;
  fields.child("id");
  fields.child("driver");
  line.host = fields.text("host", "");
  if (fields.has("host")) {
    line.tcp_port = static_cast<unsigned short>(fields.integer("port", 1, highest_port, line.tcp_port));
  } else if (fields.has("port")) {
    line.port = fields.text("port");
  } else {
    fields.child("port");
    fields.mistakes().add(fields.node(),
                          "\"port\" (of a level converter: /dev/...) or \"host\" (of a network converter) is missing");
  }
  line.baud = static_cast<unsigned>(fields.integer("baud", lowest_baud, highest_baud, static_cast<long>(line.baud)));
  line.parity = fields.choice<modbus::Parity>("parity", parities, line.parity);
  line.margin = fields.duration("margin", Duration{1}, line.host.empty() ? serial_margin : network_margin);
  line.retries = static_cast<int>(fields.integer("retries", 0, 10, line.retries));
  fields.finish();
  return line;
}

std::unique_ptr<Wire> make_wire(const LineSettings& settings) {
  if (!settings.host.empty()) return std::make_unique<modbus::TcpWire>(settings.host, settings.tcp_port);
  return std::make_unique<modbus::SerialWire>(settings.port,
                                              modbus::SerialSettings{settings.baud, settings.parity, 1, {}});
}

LinkTiming timing_of(const LineSettings& settings) {
  const Span usual = settings.host.empty() ? serial_margin : network_margin;
  return LinkTiming::of(settings.baud, settings.margin > Span{0} ? settings.margin : usual);
}

Line::Line(const LineSettings& settings)
    : wire_{make_wire(settings)}, master_{*wire_, timing_of(settings), settings.retries} {}

std::unique_ptr<acquisition::Driver> Line::attach(const acquisition::SharedProfile& profile,
                                                  const settings::Node& device, settings::Mistakes& mistakes) {
  auto fields = acquisition::device_fields(device, mistakes);
  const auto key = fields.text("id", "");
  const auto address = read_address(fields);
  settings::Mistakes told_when_the_profile_was_read;
  auto own = read_profile(*profile, told_when_the_profile_was_read);
  spare_the_battery(fields, own, mistakes);
  fields.finish();
  acquisition::is_of_protocol(*profile, "mbus", "speaks M-Bus", device, mistakes);
  std::vector<std::string> names;
  for (const auto& point : profile->points) names.push_back(point.name);
  return std::make_unique<Device>(key, address, std::move(names), std::move(own), master_);
}

}  // namespace fettle::mbus
