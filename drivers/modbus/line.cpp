#include "modbus/line.hpp"

#include "modbus/device.hpp"

#include <algorithm>
#include <utility>

namespace fettle::modbus {

namespace {

/// `base:` of a device says where its SunSpec model begins, for a device that hides it.
acquisition::SharedProfile placed(const acquisition::DeviceProfile& profile, settings::Fields& fields) {
  constexpr long last_register = 65535;
  const auto base = static_cast<std::uint16_t>(fields.integer("base", 0, last_register));
  auto own = std::make_shared<acquisition::DeviceProfile>(profile);
  if (std::exchange(own->sunspec, {}).empty()) {
    fields.mistakes().add(fields.node()["base"], "only a SunSpec profile can be moved, and this is none");
  } else if (!acquisition::move_registers(*own, base)) {
    fields.mistakes().add(fields.node()["base"], "the model would go beyond the last register");
  }
  return own;
}

}  // namespace

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

std::unique_ptr<acquisition::Driver> Line::attach(const acquisition::SharedProfile& profile,
                                                  const settings::Node& device, settings::Mistakes& mistakes) {
  auto fields = acquisition::device_fields(device, mistakes);
  const auto key = fields.text("id", "");
  const auto unit = fields.integer("unit", settings_.lowest_unit, settings_.highest_unit);
  const bool is_known = !profile->protocol.empty();  // or the profile's own mistakes are told elsewhere
  const bool has_base = fields.child("base") && is_known;
  auto own = has_base ? placed(*profile, fields) : profile;
  fields.finish();
  acquisition::is_of_protocol(*profile, "modbus", "speaks Modbus", device, mistakes);
  const Span min_gap = std::max<Span>(settings_.min_gap, profile->min_gap);
  const Station station{static_cast<std::uint8_t>(unit), settings_.timeout, min_gap};
  return std::make_unique<Device>(key, station, std::move(own), *master_);
}

}  // namespace fettle::modbus
