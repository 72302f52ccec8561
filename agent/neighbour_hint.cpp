#include "neighbour_hint.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace fettle {
namespace {

using acquisition::DeviceProfile;
using acquisition::ProfilePoint;

struct Band {
  Quantity quantity;
  double lowest, highest;
};

/// What few wrong numbers are: these quantities alone can tell.
constexpr std::array<Band, 4> bands{{
    {Quantity::voltage, 80, 480},
    {Quantity::frequency, 45, 65},
    {Quantity::power_factor, -1, 1},
    {Quantity::temperature, -30, 120},
}};

const Band* band_of(Quantity quantity) {
  const auto* band =
      std::find_if(bands.begin(), bands.end(), [quantity](const Band& each) { return each.quantity == quantity; });
  return band == bands.end() ? nullptr : band;
}

/// A number that is all but zero is what the halves of two floats make together; a true zero is a phase without voltage.
bool is_sensible(Quantity quantity, double value) {
  constexpr double all_but_nothing = 1e-3;
  const auto* band = band_of(quantity);
  const bool is_crumb = value != 0 && std::abs(value) < all_but_nothing;
  return band != nullptr && !is_crumb && value >= band->lowest && value <= band->highest;
}

bool is_doubtful(const ProfilePoint& point, const Reading& reading) {
  if (band_of(point.quantity) == nullptr) return false;
  if (!reading.is_good()) return reading.reason == Reason::unsupported || reading.reason == Reason::out_of_range;
  const bool may_be_zero = point.quantity == Quantity::voltage || point.quantity == Quantity::power_factor;
  return !is_sensible(point.quantity, reading.value) && !(may_be_zero && reading.value == 0);
}

std::vector<std::string> made_sense(const Look& look) {
  const auto& [points, readings] = look;
  std::vector<std::string> texts;
  for (std::size_t place = 0; place < std::min(points.size(), readings.size()); ++place) {
    const auto& reading = readings[place];
    const auto& quantity = facts(points[place].quantity);
    if (!reading.is_good() || reading.value == 0 || !is_sensible(points[place].quantity, reading.value)) continue;
    texts.push_back(fmt::format("{} {:.{}f} {}", points[place].name, reading.value, quantity.decimals, quantity.unit));
  }
  return texts;
}

}  // namespace

std::vector<std::size_t> doubtful_points(std::span<const ProfilePoint> points, std::span<const Reading> readings) {
  std::vector<std::size_t> doubtful;
  for (std::size_t place = 0; place < std::min(points.size(), readings.size()); ++place) {
    if (is_doubtful(points[place], readings[place])) doubtful.push_back(place);
  }
  return doubtful;
}

std::optional<DeviceProfile> shifted(const DeviceProfile& profile, const std::vector<std::size_t>& doubtful,
                                     int shift) {
  constexpr std::size_t registers = 65536;
  if (profile.protocol != "modbus" || !profile.sunspec.empty()) return std::nullopt;
  auto result = profile;
  result.points.clear();
  for (const auto place : doubtful) {
    auto point = profile.points.at(place);
    const auto extent = extent_of(point.field);
    if ((shift < 0 && extent.first == 0) || (shift > 0 && extent.end >= registers)) continue;
    move_by(point.field, static_cast<std::uint16_t>(shift));
    result.points.push_back(std::move(point));
  }
  return result.points.empty() ? std::nullopt : std::optional{std::move(result)};
}

std::optional<std::string> neighbour_hint(const std::string& device, std::size_t doubtful, const Look& before,
                                          const Look& after) {
  constexpr std::size_t several = 2, shown = 3;
  const auto texts_before = made_sense(before), texts_after = made_sense(after);
  if (texts_before.size() == texts_after.size()) return std::nullopt;
  const bool is_before = texts_before.size() > texts_after.size();
  const auto& texts = is_before ? texts_before : texts_after;
  if (texts.size() < several) return std::nullopt;
  const auto examples = std::span{texts}.first(std::min(shown, texts.size()));
  return fmt::format(
      "{}: {} of {} doubtful points make sense one register {} ({}): the map may count its registers from {}", device,
      texts.size(), doubtful, is_before ? "before" : "further on", fmt::join(examples, ", "),
      is_before ? "1 where the profile counts from 0" : "0 where the profile counts from 1");
}

}  // namespace fettle
