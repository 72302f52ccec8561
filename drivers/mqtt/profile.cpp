#include "mqtt/profile.hpp"

#include "mqtt/payload.hpp"
#include "mqtt/topic.hpp"

#include <fmt/format.h>

#include <optional>

namespace fettle::mqtt_input {
namespace {

using acquisition::Decoded;
using acquisition::DeviceProfile;
using settings::Fields;
using settings::Mistakes;

/// A filter, whatever {device} will be.
std::string read_filter(Fields& fields, std::string_view key, const std::string& fallback) {
  auto filter = fields.text(key, fallback);
  if (filter.empty() || is_filter(with_device(filter, "x"))) return filter;
  fields.mistakes().add(
      fields.node()[key],
      fmt::format("\"{}\" is not a topic filter (+ and # stand for whole levels: application/+/device/x/#)", filter));
  return {};
}

PointSource read_source(const acquisition::ProfilePoint& point, const std::string& usual_topic, Mistakes& mistakes) {
  auto fields = acquisition::point_fields(point, mistakes);
  PointSource source;
  source.topic = read_filter(fields, "topic", usual_topic);
  if (source.topic.empty() && !fields.has("topic"))
    mistakes.add(point.node, "\"topic\" is missing, here or for all points of the profile");
  source.pointer = fields.text("pointer", "");
  if (!is_pointer(source.pointer)) {
    mistakes.add(point.node["pointer"], fmt::format("\"{0}\" is not a JSON pointer (write /{0}; ~1 stands for a / in "
                                                    "a name, ~0 for a ~)",
                                                    source.pointer));
  }
  source.states = text::read_states(fields);
  fields.finish();
  return source;
}

void check_example(const settings::Node& node, const DeviceProfile& profile, const MessageProfile& messages,
                   Mistakes& mistakes) {
  Fields fields{node, mistakes};
  const auto topic = fields.text("topic");
  const auto text = fields.text("payload");
  Payload payload{text};
  std::vector<std::optional<Decoded>> decoded(profile.points.size());
  for (std::size_t place = 0; place < decoded.size(); ++place) {
    const auto& source = messages.points[place];
    if (!matches(with_device(source.topic, "+"), topic) && !matches(with_device(source.topic, "x"), topic)) continue;
    const auto member = payload.at(source.pointer, source.states);
    if (!member) continue;
    decoded[place] = member->number.reason == Reason::none ? decode(member->number.value, profile.points[place].scaling)
                                                           : member->number;
  }
  text::compare_example(profile, fields, decoded);
  fields.finish();
}

}  // namespace

MessageProfile read_messages(const DeviceProfile& profile, Mistakes& mistakes) {
  auto fields = acquisition::profile_fields(profile, mistakes);
  MessageProfile messages;
  const auto topic = read_filter(fields, "topic", "");
  messages.availability = read_filter(fields, "availability", "");
  fields.child("examples");
  for (const auto& point : profile.points) messages.points.push_back(read_source(point, topic, mistakes));
  fields.finish();
  return messages;
}

void check_profile(const DeviceProfile& profile, Mistakes& mistakes) {
  const auto messages = read_messages(profile, mistakes);
  for (const auto& example : profile.node["examples"].items()) check_example(example, profile, messages, mistakes);
}

}  // namespace fettle::mqtt_input
