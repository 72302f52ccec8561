#pragma once

#include "agent_status.hpp"
#include "live_readings.hpp"

#include <map>
#include <string>
#include <vector>

namespace fettle {

/// The good values of one device's points, by name.
using PointValues = std::map<std::string, double, std::less<>>;

/// What the values of one device say about each other: power and volts times amperes, the sum of the phases, voltages between phases. One
/// sentence for each that is off by a factor that units, transformers or a missing phase make: "meter: s_total is a third of volts times
/// amperes: ...". Nothing is said about a meter without load.
std::vector<std::string> scale_hints(const std::string& device, const PointValues& values);

/// The same of an installed device by its latest readings; and its outdoor thermometers that seem to show degrees Fahrenheit.
std::vector<std::string> scale_hints(const InstalledDevice& device, const std::vector<Point>& points,
                                     const std::vector<LiveReading>& readings);

/// Adds them to the hints of the buses that the devices are on.
void add_scale_hints(const Installation& installation, const std::vector<LiveReading>& readings,
                     std::vector<BusStatus>& buses);

}  // namespace fettle
