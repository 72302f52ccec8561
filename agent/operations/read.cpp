#include "operations/alert_operation.hpp"
#include "point_names.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <cmath>

namespace fettle::operations {
namespace {

constexpr std::size_t most_points = 200;

boost::json::object as_json(const NamedPoint& named, const Reading& reading) {
  boost::json::object object{{"id", named.name}, {"unit", facts(named.quantity).unit}};
  object["value"] = reading.is_good() ? boost::json::value(reading.value) : boost::json::value(nullptr);
  object["quality"] = name_of(reading.quality);
  if (!reading.is_good()) object["reason"] = name_of(reading.reason);
  object["time"] = reading.time == Time{} ? boost::json::value(nullptr) : boost::json::value(to_rfc3339(reading.time));
  return object;
}

bool wire_is_silent(const Reading& reading) {
  return reading.reason == Reason::offline || reading.reason == Reason::timeout;
}

std::vector<NamedPoint> wanted_points(const Desk& desk, Arguments& arguments) {
  const auto asset = arguments.text_if_any("asset", 64);
  const auto points = arguments.texts_if_any("points", most_points);
  if (asset.empty() == points.empty()) arguments.reject("asset", "or points is needed, one of both");
  std::vector<NamedPoint> wanted;
  for (auto& each : named_points(desk.works.installation)) {
    const bool listed = std::find(points.begin(), points.end(), each.name) != points.end() ||
                        std::find(points.begin(), points.end(), each.origin) != points.end();
    if (listed || (!asset.empty() && each.asset == asset)) wanted.push_back(std::move(each));
  }
  return wanted;
}

Deed read(Desk& desk, const Claims& claims) {
  Arguments arguments{claims.args};
  const auto wanted = wanted_points(desk, arguments);
  if (!arguments.mistake().empty()) return malformed(arguments);
  if (wanted.empty()) return refusal(404, "there is no such asset or point", "info lists assets and their points");
  boost::json::array points;
  bool silent = true;
  for (const auto& each : wanted) {
    const auto& reading = desk.works.latest.at(each.point.index);
    silent = silent && wire_is_silent(reading);
    points.push_back(as_json(each, reading));
  }
  if (silent) return refusal(503, "no device behind these points answers", "ask diag for the state of the buses");
  Deed deed;
  deed.answer.body["points"] = std::move(points);
  return deed;
}

const Registration<Operation<Tier::read>> entry{"read", "the latest readings of an asset or of points", read};

}  // namespace
}  // namespace fettle::operations
