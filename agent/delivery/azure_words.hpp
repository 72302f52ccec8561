#pragma once

#include "core/result.hpp"
#include "delivery/broker.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Between our topics and documents and those of Azure IoT Hub (contract 7.2).
namespace fettle::delivery::azure {

/// Whose topics are spoken of.
struct Names {
  std::string gateway, root;
};

/// What of ours a topic is about.
enum class Kind : std::uint8_t { alert, status, info, answer, data, other };
Kind kind_of(const Names& names, std::string_view topic);

/// Messages of the hub at most; properties of a twin as a whole, divided among our two documents.
constexpr std::size_t largest_message = std::size_t{256} * 1024;
constexpr std::size_t largest_status = std::size_t{12} * 1024;
constexpr std::size_t largest_info = std::size_t{20} * 1024;

/// An alert, a batch of data, an answer or the will as an event of the device, with the properties that routes look at. `in_array`: the
/// body is a list with the document as its only element. Fails for what is no document of ours.
Result<Message> as_event(const Names& names, const Message& message, bool in_array);

/// Status or info as a change of the twin's reported properties, which the hub answers with the number `request`. An info that is too
/// large goes without its points. Fault::refused if it is too large all the same.
Result<Message> as_twin_patch(const Names& names, const Message& message, std::uint64_t request);

/// The answer to a direct method; nothing if it does not answer one.
std::optional<Message> as_method_response(const Message& answer);

/// The hub's answer to a change of the twin.
struct TwinAnswer {
  int status = 0;
  std::uint64_t request = 0;
};
std::optional<TwinAnswer> parse_twin_answer(std::string_view topic);

/// A direct method, or a message from the cloud to the device, as a command of the requester "azure"; nothing for anything else.
/// `id` is the command's, unless the message brings one. The correlation leads the answer back.
std::optional<Incoming> as_command(const Names& names, const Incoming& message, const std::string& id, Time now);

/// What the hub wants to hear subscribed to.
constexpr auto twin_answers = "$iothub/twin/res/#";
constexpr auto methods = "$iothub/methods/POST/#";
std::string messages_from_cloud(const Names& names);

/// What a status of the hub's answer to a change of the twin means, with the remedy; empty for success.
std::string meaning_of(int status);

}  // namespace fettle::delivery::azure
