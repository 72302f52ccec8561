#include "modbus/line.hpp"

#include "modbus/device.hpp"

#include <algorithm>
#include <utility>

namespace fettle::modbus {

LineSettings read_line_settings(settings::Fields& fields, Duration timeout) {
  LineSettings line;
  line.key = fields.text("id", "");
  fields.child("driver");
  line.timeout = fields.duration("timeout", Duration{1}, timeout);
  line.min_gap = fields.duration("min_gap", Duration{0}, Duration{0});
  return line;
}

Line::Line(LineSettings settings, std::unique_ptr<Wire> wire, std::unique_ptr<Master> master)
    : settings_{std::move(settings)}, wire_{std::move(wire)}, master_{std::move(master)} {}

std::unique_ptr<acquisition::Driver> Line::attach(const acquisition::DeviceProfile& profile,
                                                  const settings::Node& device, settings::Mistakes& mistakes) {
  settings::Fields fields{device, mistakes};
  const auto key = fields.text("id", "");
  for (const auto* const of_the_site : {"bus", "profile", "every"}) fields.child(of_the_site);
  const auto unit = fields.integer("unit", settings_.lowest_unit, settings_.highest_unit);
  fields.finish();
  if (!profile.protocol.empty() && profile.protocol != "modbus") {
    mistakes.add(device["profile"], "this is a profile for " + profile.protocol + ", and the bus speaks Modbus");
  }
  const Span min_gap = std::max<Span>(settings_.min_gap, profile.min_gap);
  const Station station{static_cast<std::uint8_t>(unit), settings_.timeout, min_gap};
  return std::make_unique<Device>(key, station, profile, *master_);
}

}  // namespace fettle::modbus
