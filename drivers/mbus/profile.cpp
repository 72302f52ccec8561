#include "mbus/profile.hpp"

#include "mbus/frame.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <system_error>

namespace fettle::mbus {
namespace {

using acquisition::Decoded;

Decoded nothing(Reason reason) { return {std::numeric_limits<double>::quiet_NaN(), reason}; }

/// The conversion of a record's own unit; nothing if it has none, or one that does not measure the quantity.
std::optional<Conversion> own_conversion(std::string_view unit, Quantity quantity) {
  constexpr double kilo = 1e-3;
  if (unit.empty()) return std::nullopt;
  if (unit != "J") return conversion(unit, quantity);
  auto of_kilojoule = conversion("kJ", quantity);
  if (of_kilojoule) of_kilojoule->scale *= kilo;
  return of_kilojoule;
}

/// In the form that readings are compared in.
std::string as_text(const Decoded& decoded) {
  return decoded.reason == Reason::none ? fmt::format("{:.6g}", decoded.value) : std::string{name_of(decoded.reason)};
}

/// A number in that form; anything else, such as "no value", as it is.
std::string as_text(std::string_view expected) {
  double number = 0;
  const auto* const end = expected.data() + expected.size();
  const auto [stop, error] = std::from_chars(expected.data(), end, number);
  if (error != std::errc{} || stop != end) return std::string{expected};
  return as_text(Decoded{number, Reason::none});
}

/// `frames:`, one telegram each, as a meter sends them in one readout.
std::vector<Telegram> read_frames(settings::Fields& fields) {
  std::vector<Telegram> readout;
  for (const auto& node : fields.list("frames")) {
    const auto bytes = from_hex(node.scalar());
    const auto frame = bytes ? find_frame(*bytes, true) : std::nullopt;
    const auto telegram = frame ? decode_telegram(*frame)
                                : Result<Telegram>{failure(Fault::malformed, "this is no whole frame in hexadecimal")};
    if (!telegram) {
      fields.mistakes().add(node, telegram.error().detail);
    } else if (!telegram->mistake.empty()) {
      fields.mistakes().add(node, telegram->mistake);
    } else {
      readout.push_back(*telegram);
    }
  }
  return readout;
}

/// What is wrong with a promise of an example; nothing if it holds.
std::optional<std::string> broken_promise(const std::vector<Telegram>& readout, const MbusPoint& point,
                                          const std::string& expected) {
  const auto found = find_record(readout, point.selector);
  if (found.record == nullptr) return fmt::format("{} is not in the frames", point.selector.to_text());
  const auto decoded = as_text(point.decode(*found.record));
  if (decoded == as_text(std::string_view{expected})) return std::nullopt;
  return fmt::format("the frames give {}, not {}", decoded, expected);
}

void check_example(const settings::Node& node, const acquisition::DeviceProfile& profile,
                   const std::vector<MbusPoint>& points, settings::Mistakes& mistakes) {
  settings::Fields fields{node, mistakes};
  const auto readout = read_frames(fields);
  for (const auto& [name, expected] : fields.required_child("readings").entries()) {
    const auto point = profile.find(name);
    if (!point) {
      mistakes.add(expected, fmt::format("the profile has no point \"{}\"", name));
    } else if (!readout.empty()) {
      auto broken = broken_promise(readout, points.at(*point), expected.scalar());
      if (broken) mistakes.add(expected, std::move(*broken));
    }
  }
  fields.finish();
}

MbusPoint read_point(const acquisition::ProfilePoint& point, settings::Mistakes& mistakes) {
  auto fields = acquisition::point_fields(point, mistakes);
  MbusPoint result;
  result.quantity = point.quantity;
  result.scaling = point.scaling;
  const auto record = fields.required_child("record");
  if (record) result.selector = read_selector(record, mistakes);
  settings::Mistakes told_already;
  settings::Fields numbers{point.node, told_already};
  result.scale = numbers.number("scale", -1e12, 1e12, 1);
  result.offset = numbers.number("offset", -1e12, 1e12, 0);
  fields.finish();
  return result;
}

/// `recognise: {maker: KAM, media: [heat]}`
void read_recognition(const settings::Node& node, MbusProfile& profile, settings::Mistakes& mistakes) {
  if (!node) return;
  settings::Fields fields{node, mistakes};
  profile.maker = fields.text("maker", "");
  for (const auto& name : fields.list_or_empty("media")) {
    const auto medium = medium_named(name.scalar());
    if (medium) profile.media.push_back(*medium);
    if (!medium) mistakes.add(name, fmt::format("\"{}\" is no medium (try heat, water or electricity)", name.scalar()));
  }
  fields.finish();
}

}  // namespace

Decoded MbusPoint::decode(const Record& record) const {
  if (record.value.form != Value::Form::number) return nothing(Reason::no_value);
  const auto own = own_conversion(record.unit, quantity);
  if (!own && !record.unit.empty()) return nothing(Reason::unsupported);
  if (!own) return acquisition::decode(record.value.number, scaling);
  auto in_own_unit = scaling;
  in_own_unit.conversion = *own;
  return acquisition::decode(record.value.number * scale + offset, in_own_unit);
}

MbusProfile read_profile(const acquisition::DeviceProfile& profile, settings::Mistakes& mistakes) {
  MbusProfile result;
  auto fields = acquisition::profile_fields(profile, mistakes);
  result.application_reset = fields.flag("application_reset", false);
  result.on_battery = fields.flag("battery", false);
  read_recognition(fields.child("recognise"), result, mistakes);
  for (const auto& point : profile.points) result.points.push_back(read_point(point, mistakes));
  for (const auto& example : fields.list_or_empty("examples")) {
    check_example(example, profile, result.points, mistakes);
  }
  fields.finish();
  return result;
}

bool fits(const MbusProfile& profile, const std::vector<Telegram>& readout) {
  if (readout.empty()) return false;
  const auto& meter = readout.front().header.meter;
  if (!profile.maker.empty() && profile.maker != manufacturer_code(meter.manufacturer)) return false;
  const auto& media = profile.media;
  if (!media.empty() && std::find(media.begin(), media.end(), meter.medium) == media.end()) return false;
  return std::all_of(profile.points.begin(), profile.points.end(), [&readout](const MbusPoint& point) {
    const auto* const record = find_record(readout, point.selector).record;
    if (record == nullptr) return false;
    const auto reason = point.decode(*record).reason;
    return reason == Reason::none || reason == Reason::no_value;
  });
}

}  // namespace fettle::mbus
