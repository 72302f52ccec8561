#include "delivery/azure_words.hpp"

#include "delivery/json_writer.hpp"
#include "delivery/merged_status.hpp"
#include "delivery/sas_token.hpp"
#include "delivery/service_command.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <cstddef>
#include <iterator>
#include <map>

namespace fettle::delivery::azure {
namespace {

namespace json = boost::json;

constexpr std::string_view requester = "azure";
constexpr std::string_view json_in_utf8 = "$.ct=application%2Fjson%3Bcharset%3Dutf-8&$.ce=utf-8";
constexpr std::string_view of_method = "method/", of_message = "message/";
constexpr std::string_view method_call = "$iothub/methods/POST/", twin_answer = "$iothub/twin/res/";
constexpr std::size_t longest_id = 64;
constexpr std::uint64_t highest_status = 599;

std::string own(const Names& names, std::string_view rest) {
  return fmt::format("{}/{}/{}", names.root, names.gateway, rest);
}

std::string events(const Names& names) { return fmt::format("devices/{}/messages/events/", names.gateway); }

std::string_view after_last_slash(std::string_view topic) { return topic.substr(topic.rfind('/') + 1); }

std::optional<json::object> parsed(std::string_view text) {
  boost::system::error_code code;
  auto value = json::parse(text, code);
  if (code || !value.is_object()) return std::nullopt;
  return std::move(value.get_object());
}

/// A member as a property of a message; a text that is none, or no such member, reads as empty.
std::string property(const json::object& object, std::string_view name) {
  const auto* const value = object.if_contains(name);
  if (value == nullptr) return {};
  return percent_encoded(value->is_string() ? std::string_view{value->get_string()}
                                            : std::string_view{json_text(*value)});
}

Result<std::string> alert_properties(const Names& names, const Message& message) {
  const auto document = parsed(message.payload);
  const auto* const data = document ? document->if_contains("data") : nullptr;
  if (data == nullptr || !data->is_object()) return failure(Fault::malformed, "is no alert document");
  const auto& alert = data->get_object();
  const auto slot = std::string_view{message.topic}.substr(own(names, "alert/").size());
  return fmt::format("{}&$.mid={}&t=alert&rev={}&state={}&severity={}&test={}&slot={}", json_in_utf8,
                     property(*document, "id"), property(alert, "rev"), property(alert, "state"),
                     property(alert, "severity"), property(alert, "test"), percent_encoded(slot));
}

Result<std::string> properties(const Names& names, const Message& message) {
  switch (kind_of(names, message.topic)) {
    case Kind::alert: return alert_properties(names, message);
    case Kind::data:
      return fmt::format("{}&t=data&device={}", json_in_utf8, percent_encoded(after_last_slash(message.topic)));
    case Kind::status: {
      const auto status = parsed(message.payload).value_or(json::object{});
      return fmt::format("{}&t=status&state={}", json_in_utf8, property(status, "state"));
    }
    case Kind::answer: {
      const bool answers_message = message.correlation.starts_with(of_message);
      const auto about = answers_message ? message.correlation.substr(of_message.size()) : std::string{};
      const auto correlation = about.empty() ? std::string{} : "&$.cid=" + percent_encoded(about);
      return fmt::format("{}{}&t=res&status={}", json_in_utf8, correlation, status_of_answer(message.payload));
    }
    case Kind::info:
    case Kind::other: break;
  }
  return failure(Fault::unsupported, "has no place in IoT Hub");
}

/// "a=1&b=2", decoded.
std::map<std::string, std::string> parse_bag(std::string_view bag) {
  std::map<std::string, std::string> result;
  while (!bag.empty()) {
    const auto end = std::min(bag.find('&'), bag.size());
    const auto pair = bag.substr(0, end);
    const auto equals = std::min(pair.find('='), pair.size());
    result.emplace(percent_decoded(pair.substr(0, equals)),
                   percent_decoded(pair.substr(std::min(equals + 1, pair.size()))));
    bag.remove_prefix(std::min(end + 1, bag.size()));
  }
  return result;
}

/// "{name}/?$rid={rid}"
struct Request {
  std::string name, rid;
};

std::optional<Request> parse_request(std::string_view rest) {
  constexpr std::string_view mark = "/?";
  const auto place = rest.find(mark);
  if (place == std::string_view::npos) return std::nullopt;
  auto bag = parse_bag(rest.substr(place + mark.size()));
  return Request{percent_decoded(rest.substr(0, place)), std::move(bag["$rid"])};
}

std::optional<std::uint64_t> number(const std::string& text) {
  std::uint64_t value = 0;
  const auto* const end = std::next(text.data(), static_cast<std::ptrdiff_t>(text.size()));
  const auto [stopped, error] = std::from_chars(text.data(), end, value);
  return error == std::errc{} && stopped == end ? std::optional{value} : std::nullopt;
}

Incoming command(const Names& names, const Incoming& message, ServiceCommand said, std::string correlation, Time now) {
  said.requester = requester;
  said.gateway = names.gateway;
  said.payload = message.payload;
  auto ours = as_own(said, now);
  Incoming result = message;
  result.topic = own(names, fmt::format("cmd/{}/{}", requester, ours.op));
  result.payload = std::move(ours.payload);
  result.correlation = std::move(correlation);
  return result;
}

}  // namespace

Kind kind_of(const Names& names, std::string_view topic) {
  const auto prefix = own(names, "");
  if (!topic.starts_with(prefix)) return Kind::other;
  const auto rest = topic.substr(prefix.size());
  if (rest == "status") return Kind::status;
  if (rest == "info") return Kind::info;
  if (rest.starts_with("alert/")) return Kind::alert;
  if (rest.starts_with("res/")) return Kind::answer;
  return rest.starts_with("data/") ? Kind::data : Kind::other;
}

Result<Message> as_event(const Names& names, const Message& message, bool in_array) {
  const auto bag = properties(names, message);
  if (!bag) return bag.error();
  auto event = message;
  event.topic = events(names) + *bag;
  if (in_array) event.payload = "[" + event.payload + "]";
  event.retain = false;
  if (event.payload.size() <= largest_message) return event;
  return failure(Fault::refused,
                 fmt::format("is {} bytes long; IoT Hub takes {}", event.payload.size(), largest_message));
}

Result<Message> as_twin_patch(const Names& names, const Message& message, std::uint64_t request) {
  const bool is_status = kind_of(names, message.topic) == Kind::status;
  const auto document =
      is_status ? merged_status(message.payload, largest_status) : merged_info(message.payload, largest_info);
  if (!document) return failure(Fault::malformed, "is no document for a twin");
  const auto limit = is_status ? largest_status : largest_info;
  if (document->size() > limit) {
    return failure(Fault::refused, fmt::format("is {} bytes long; a twin has room for {}. Divide the machines among "
                                               "several gateways",
                                               document->size(), limit));
  }
  auto patch = message;
  patch.topic = fmt::format("$iothub/twin/PATCH/properties/reported/?$rid={}", request);
  patch.payload = fmt::format("{{\"{}\":{}}}", is_status ? "status" : "info", *document);
  patch.retain = false;
  return patch;
}

std::optional<Message> as_method_response(const Message& answer) {
  if (!answer.correlation.starts_with(of_method)) return std::nullopt;
  auto response = answer;
  response.topic = fmt::format("$iothub/methods/res/{}/?$rid={}", status_of_answer(answer.payload),
                               answer.correlation.substr(of_method.size()));
  response.correlation.clear();
  response.retain = false;
  return response;
}

std::optional<TwinAnswer> parse_twin_answer(std::string_view topic) {
  if (!topic.starts_with(twin_answer)) return std::nullopt;
  const auto request = parse_request(topic.substr(twin_answer.size()));
  if (!request) return std::nullopt;
  const auto status = number(request->name), rid = number(request->rid);
  if (!status || !rid || *status > highest_status) return std::nullopt;
  return TwinAnswer{static_cast<int>(*status), *rid};
}

std::optional<Incoming> as_command(const Names& names, const Incoming& message, const std::string& id, Time now) {
  const std::string_view topic = message.topic;
  if (topic.starts_with(method_call)) {
    const auto request = parse_request(topic.substr(method_call.size()));
    if (!request) return std::nullopt;
    return command(names, message, {{}, {}, request->name, id, {}}, std::string{of_method} + request->rid, now);
  }
  const auto prefix = fmt::format("devices/{}/messages/devicebound/", names.gateway);
  if (!topic.starts_with(prefix)) return std::nullopt;
  const auto mid = parse_bag(topic.substr(prefix.size()))["$.mid"];
  const bool is_id = !mid.empty() && mid.size() <= longest_id;
  return command(names, message, {{}, {}, {}, is_id ? mid : id, {}}, std::string{of_message} + mid, now);
}

std::string messages_from_cloud(const Names& names) {
  return fmt::format("devices/{}/messages/devicebound/#", names.gateway);
}

std::string meaning_of(int status) {
  constexpr int first_failure = 300, malformed = 400, too_large = 413, throttled = 429;
  if (status < first_failure) return {};
  switch (status) {
    case malformed: return "IoT Hub calls the twin's change malformed (400)";
    case too_large:
      return "IoT Hub calls the twin's change too large (413); divide the machines among several gateways";
    case throttled: return "IoT Hub is throttling (429); a tier with more units takes more";
    default: return fmt::format("IoT Hub answers {} to the twin's change", status);
  }
}

}  // namespace fettle::delivery::azure
