#include "acquisition/profile.hpp"

#include "acquisition/profile_example.hpp"
#include "acquisition/profile_point.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace fettle::acquisition {
namespace {

using settings::Fields;
using settings::Mistakes;
using settings::Node;

constexpr long most_registers = 125;  // what fits into one Modbus answer
constexpr std::string_view modbus = "modbus";

void read_protocol(const DeviceProfile& profile, Mistakes& mistakes) {
  if (profile.protocol.empty()) return;
  const auto& protocols = Registry<Protocol>::instance();
  if (const auto* protocol = protocols.find(profile.protocol)) return protocol->make(profile, mistakes);
  std::string names{modbus};
  for (const auto& entry : protocols.entries()) names += ", " + entry.first;
  mistakes.add(profile.node["protocol"],
               fmt::format("there is no protocol \"{}\" (there are {})", profile.protocol, names));
}

/// The keys that only a device with registers has.
void read_requests(Fields& fields, DeviceProfile& profile) {
  constexpr long highest_model = 65534;
  profile.max_registers = static_cast<std::size_t>(fields.integer("max_registers", 1, most_registers, most_registers));
  profile.gap = static_cast<std::size_t>(fields.integer("gap", 0, most_registers, 0));
  profile.one_value_per_request = fields.flag("one_value_per_request", false);
  profile.min_gap = fields.duration("min_gap", Duration{0}, Duration{0});
  profile.link = read_link(fields.child("link"), fields.mistakes());
  for (const auto& node : fields.list_or_empty("sunspec")) {
    const auto model = parse_bits(node.scalar());
    if (model && *model >= 1 && *model <= highest_model) {
      profile.sunspec.push_back(static_cast<long>(*model));
    } else {
      fields.mistakes().add(node, "expected the number of a SunSpec model, such as 103");
    }
  }
}

/// What one request cannot give is no value.
void check_extent(const ProfilePoint& point, const DeviceProfile& profile, Mistakes& mistakes) {
  if (extent_of(point.field).count() <= profile.max_registers) return;
  const auto* const text = point.field.terms.empty() && !point.field.exponent
                               ? "\"{}\" takes more registers than max_registers allows"
                               : "the parts of \"{}\" lie further apart than max_registers allows in one request";
  mistakes.add(point.node, fmt::format(fmt::runtime(text), point.name));
}

}  // namespace

std::optional<std::size_t> DeviceProfile::find(std::string_view point) const {
  for (std::size_t place = 0; place < points.size(); ++place) {
    if (points[place].name == point) return place;
  }
  return std::nullopt;
}

bool DeviceProfile::can_be_identified() const {
  return !sunspec.empty() ||
         std::any_of(identify.begin(), identify.end(), [](const Probe& probe) { return probe.tells(); });
}

bool move_registers(DeviceProfile& profile, std::uint16_t base) {
  constexpr std::size_t registers = 65536;
  const auto fits = [base](const ProfilePoint& point) { return extent_of(point.field).end + base <= registers; };
  if (!std::all_of(profile.points.begin(), profile.points.end(), fits)) return false;
  for (auto& point : profile.points) move_by(point.field, base);
  return true;
}

settings::Fields profile_fields(const DeviceProfile& profile, settings::Mistakes& mistakes) {
  Fields fields{profile.node, mistakes};
  for (const auto* const key :
       {"name", "title", "maker", "models", "protocol", "verified", "weak", "defaults", "points"})
    fields.child(key);
  return fields;
}

settings::Fields device_fields(const settings::Node& device, settings::Mistakes& mistakes) {
  Fields fields{device, mistakes};
  for (const auto* const key : {"id", "bus", "profile", "every"}) fields.child(key);
  return fields;
}

bool is_of_protocol(const DeviceProfile& profile, std::string_view protocol, std::string_view bus,
                    const settings::Node& device, settings::Mistakes& mistakes) {
  if (profile.protocol == protocol) return true;
  if (!profile.protocol.empty()) {
    mistakes.add(device["profile"], fmt::format("this is a profile for {}, and the bus {}", profile.protocol, bus));
  }
  return false;
}

DeviceProfile read_device_profile(const settings::Node& root, settings::Mistakes& mistakes) {
  DeviceProfile profile;
  profile.node = root;
  Fields fields{root, mistakes};
  profile.name = fields.text("name", std::filesystem::path{root.mark().file}.stem().string());
  profile.title = fields.text("title", profile.name);
  profile.maker = fields.text("maker", "");
  profile.models = fields.texts("models");
  profile.protocol = fields.text("protocol");
  profile.verified = fields.flag("verified", false);
  profile.weak = fields.texts("weak");
  const auto defaults = read_defaults(fields.child("defaults"), mistakes);
  const bool in_registers = profile.protocol == modbus;
  if (in_registers) read_requests(fields, profile);
  const auto place = in_registers ? PointPlace::in_registers : PointPlace::elsewhere;
  for (const auto& [name, node] : fields.required_child("points").entries()) {
    profile.points.push_back(read_point(name, node, place, defaults, mistakes));
    if (in_registers) check_extent(profile.points.back(), profile, mistakes);
  }
  if (profile.points.empty() && fields.has("points"))
    mistakes.add(root["points"], "a device without points is of no use");
  if (!in_registers) {
    read_protocol(profile, mistakes);
    return profile;
  }
  const auto& registers = defaults.registers;
  for (const auto& node : fields.list_or_empty("identify"))
    profile.identify.push_back(read_probe(node, registers.table, registers.order, mistakes));
  for (const auto& node : fields.list_or_empty("examples"))
    profile.examples.push_back(read_example(node, profile, registers.table, mistakes));
  fields.finish();
  return profile;
}

}  // namespace fettle::acquisition
