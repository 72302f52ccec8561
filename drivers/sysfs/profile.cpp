#include "sysfs/device.hpp"
#include "sysfs/kernel_units.hpp"
#include "text/words.hpp"

#include <fmt/format.h>

#include <optional>

namespace fettle::sysfs {
namespace {

using acquisition::Decoded;
using acquisition::DeviceProfile;
using acquisition::ProfilePoint;
using settings::Fields;
using settings::Mistakes;

FilePoint read_file_point(const ProfilePoint& point, Mistakes& mistakes) {
  auto fields = acquisition::point_fields(point, mistakes);
  FilePoint result{fields.text("file"), point.scaling};
  fields.finish();
  if (result.file.find("..") != std::string::npos || result.file.starts_with('/'))
    mistakes.add(point.node["file"], fmt::format("\"{}\" is no file in the device's folder", result.file));
  const auto known = kernel_unit(result.file);
  if (!known || fields.has("unit")) return result;
  if (known->quantity == point.quantity) {
    result.scaling.conversion.scale *= known->scale;
  } else if (point.quantity != Quantity::temperature_difference || known->quantity != Quantity::temperature) {
    mistakes.add(point.node["quantity"], fmt::format("the kernel says that {} is a {}; with unit: and scale: it may be "
                                                     "anything",
                                                     result.file, facts(known->quantity).name));
  }
  return result;
}

/// An example's files lie in a folder of the text: {w1_slave: "..."}. Only what stands in one file alone can be shown so.
std::optional<Decoded> decode_example(const FilePoint& point, const settings::Node& files) {
  const auto& text = files[point.file].scalar();
  if (text.empty()) return std::nullopt;
  constexpr double nothing = std::numeric_limits<double>::quiet_NaN();
  const auto number = point.file == "w1_slave" ? parse_w1_slave(text) : [&text]() -> Result<double> {
    const auto parsed = text::parse_number(text::trimmed(text));
    return parsed ? Result<double>{*parsed} : failure(Fault::malformed, "no number");
  }();
  if (!number) return Decoded{nothing, Reason::malformed};
  if (point.file == "w1_slave" && !PowerOnFilter{}.accept(*number)) return Decoded{nothing, Reason::no_value};
  return decode(*number, point.scaling);
}

}  // namespace

std::vector<FilePoint> read_files(const DeviceProfile& profile, Mistakes& mistakes) {
  auto fields = acquisition::profile_fields(profile, mistakes);
  fields.child("examples");
  fields.finish();
  std::vector<FilePoint> points;
  points.reserve(profile.points.size());
  for (const auto& point : profile.points) points.push_back(read_file_point(point, mistakes));
  return points;
}

void check_profile(const DeviceProfile& profile, Mistakes& mistakes) {
  const auto points = read_files(profile, mistakes);
  for (const auto& node : profile.node["examples"].items()) {
    Fields example{node, mistakes};
    const auto files = example.required_child("files");
    std::vector<std::optional<Decoded>> decoded;
    decoded.reserve(points.size());
    for (const auto& point : points) decoded.push_back(decode_example(point, files));
    text::compare_example(profile, example, decoded);
    example.finish();
  }
}

}  // namespace fettle::sysfs
