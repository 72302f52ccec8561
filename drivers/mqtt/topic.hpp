#pragma once

#include <string>
#include <string_view>

namespace fettle::mqtt_input {

/// True for what a broker takes as a topic filter: + and # only as whole levels, # only as the last one.
bool is_filter(std::string_view filter);

/// MQTT 5, 4.7: whether a message of this topic goes to who subscribed to this filter.
bool matches(std::string_view filter, std::string_view topic);

/// "tele/{device}/SENSOR" -> "tele/boiler_plug/SENSOR"
std::string with_device(std::string_view pattern, std::string_view device);

}  // namespace fettle::mqtt_input
