#pragma once

#include "delivery/broker_layer.hpp"
#include "delivery/cloud_service.hpp"
#include "delivery/filter_answers.hpp"
#include "delivery/heartbeat_pause.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

/// Between our topics and documents and those of AWS IoT Core (contract 7.3), whose thing has the gateway's id for its name.
namespace fettle::delivery::aws {

/// A message at most, and a shadow's document.
constexpr std::size_t largest_message = std::size_t{128} * 1024;
constexpr std::size_t largest_shadow = std::size_t{8} * 1024;

/// The status as the reported state of the thing's shadow `fettle`; nothing if it is no status document.
std::optional<Message> as_shadow(const std::string& gateway, const std::string& status);

/// "$aws/things/{gw}/shadow/name/fettle/update/rejected"
std::string shadow_rejections(const std::string& gateway);

/// Why a shadow was rejected: "413 The payload exceeds the maximum size allowed".
std::string rejection_of(const std::string& payload);

/// "$aws/commands/things/{gw}/executions/+/request/json"
std::string command_requests(const std::string& gateway);

/// An execution of a command as a command of the requester "aws", whose `jti` is the execution's id; nothing for anything else.
/// The payload names the operation.
std::optional<Incoming> as_command(const LayerFacts& facts, const Incoming& message, Time now);

/// Our answer as the end of that execution; nothing if it answers another requester.
std::optional<Message> as_execution_end(const LayerFacts& facts, const Message& answer);

}  // namespace fettle::delivery::aws

namespace fettle::delivery {

/// What AWS IoT Core has beside a broker: the status is also a shadow, and its commands become ours. Our own topics stay as they are.
class AwsIotCore final : public BrokerLayer {
 public:
  AwsIotCore(const LayerFacts& facts, bool with_shadow, BrokerListener& listener, const MakeBroker& make_inner);

  void connect(const Approach& approach) override;
  void subscribe(const std::string& filter) override;
  void publish(const Message& message) override;

 private:
  void connection_lost(const std::string& reason) override;
  void rejected(const std::string& reason) override;
  void published(std::uint64_t token) override;
  void refused(std::uint64_t token, const std::string& reason) override;
  void subscribed(const std::string& refusal) override;
  void received(const Incoming& message) override;

  void follow_status();
  void reject_shadow(const std::string& why);
  void report_refusal(const std::string& why);

  LayerFacts facts_;
  bool with_shadow_;
  std::uint64_t status_token_ = 0;  ///< of the status that the shadow is to follow
  std::string status_;
  std::uint64_t last_own_token_ = own_tokens;
  bool shadow_flies_ = false, shadow_rejected_ = false;
  int ended_with_shadow_ = 0;  ///< connections in a row
  HeartbeatPause pause_;       ///< of the shadow, after that
  FilterAnswers filters_;
};

}  // namespace fettle::delivery
