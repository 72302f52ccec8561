#include "mqtt/topic.hpp"

namespace fettle::mqtt_input {
namespace {

constexpr std::string_view placeholder = "{device}";
constexpr std::size_t longest_topic = 65'535;

/// The first level, taken off together with the slash behind it. `more` is false when it was the last.
std::string_view take_level(std::string_view& text, bool& more) {
  const auto slash = text.find('/');
  const auto level = text.substr(0, slash);
  more = slash != std::string_view::npos;
  text.remove_prefix(more ? slash + 1 : text.size());
  return level;
}

}  // namespace

bool is_filter(std::string_view filter) {
  if (filter.empty() || filter.size() > longest_topic || filter.find('\0') != std::string_view::npos) return false;
  for (bool more = true; more;) {
    const auto level = take_level(filter, more);
    if (level == "#" && more) return false;
    if (level.size() > 1 && level.find_first_of("+#") != std::string_view::npos) return false;
  }
  return true;
}

bool matches(std::string_view filter, std::string_view topic) {
  // What begins with $ is the broker's own business, and no wildcard's.
  if (topic.starts_with('$') && !filter.starts_with('$')) return false;
  bool more_filter = true;
  bool more_topic = true;
  while (more_filter) {
    const auto wanted = take_level(filter, more_filter);
    if (wanted == "#") return true;
    if (!more_topic) return false;
    const auto level = take_level(topic, more_topic);
    if (wanted != "+" && wanted != level) return false;
    if (!more_topic && more_filter && filter == "#") return true;  // a/# takes a itself
  }
  return !more_topic;
}

std::string with_device(std::string_view pattern, std::string_view device) {
  std::string result{pattern};
  for (auto place = result.find(placeholder); place != std::string::npos;
       place = result.find(placeholder, place + device.size())) {
    result.replace(place, placeholder.size(), device);
  }
  return result;
}

}  // namespace fettle::mqtt_input
