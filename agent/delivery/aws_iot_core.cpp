#include "delivery/aws_iot_core.hpp"

#include "delivery/broker_settings.hpp"
#include "delivery/json_members.hpp"
#include "delivery/json_writer.hpp"
#include "delivery/merged_status.hpp"
#include "delivery/service_command.hpp"
#include "settings/fields.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <algorithm>
#include <boost/json.hpp>
#include <utility>

namespace fettle::delivery {
namespace aws {
namespace {

namespace json = boost::json;

constexpr std::string_view requester = "aws", of_execution = "execution/";
constexpr auto the_shadow = "the shadow";
constexpr std::size_t room_for_frame = 64;
constexpr int first_refusal = 400, first_failure = 500;

std::string executions(const std::string& gateway) {
  return fmt::format("$aws/commands/things/{}/executions/", gateway);
}

std::string shadow_update(const std::string& gateway) {
  return fmt::format("$aws/things/{}/shadow/name/fettle/update", gateway);
}

std::string_view word_for(int status) {
  if (status < first_refusal) return "SUCCEEDED";
  return status < first_failure ? "REJECTED" : "FAILED";
}

}  // namespace

std::optional<Message> as_shadow(const std::string& gateway, const std::string& status) {
  const auto reported = merged_status(status, largest_shadow - room_for_frame);
  if (!reported) return std::nullopt;
  Message message{shadow_update(gateway), fmt::format(R"({{"state":{{"reported":{}}}}})", *reported)};
  message.retain = false;
  return message;
}

std::string shadow_rejections(const std::string& gateway) { return shadow_update(gateway) + "/rejected"; }

std::string rejection_of(const std::string& payload) {
  constexpr std::size_t longest = 200;
  boost::system::error_code code;
  const auto parsed = json::parse(payload, code);
  const auto* const rejection = code ? nullptr : parsed.if_object();
  if (rejection == nullptr || !rejection->contains("code")) return plain_text(payload, longest);
  return plain_text(fmt::format("{} {}", json::serialize(rejection->at("code")), text_of(*rejection, "message")),
                    longest);
}

std::string command_requests(const std::string& gateway) { return executions(gateway) + "+/request/json"; }

std::optional<Incoming> as_command(const LayerFacts& facts, const Incoming& message, Time now) {
  constexpr std::string_view ending = "/request/json";
  const auto prefix = executions(facts.gateway);
  if (!message.topic.starts_with(prefix) || !message.topic.ends_with(ending)) return std::nullopt;
  const auto id = message.topic.substr(prefix.size(), message.topic.size() - prefix.size() - ending.size());
  auto ours = as_own({std::string{requester}, facts.gateway, {}, id, message.payload}, now);
  Incoming command = message;
  command.topic = fmt::format("{}/{}/cmd/{}/{}", facts.root, facts.gateway, requester, ours.op);
  command.payload = std::move(ours.payload);
  command.response_topic.clear();
  command.correlation = std::string{of_execution} + id;
  return command;
}

std::optional<Message> as_execution_end(const LayerFacts& facts, const Message& answer) {
  if (answer.topic != fmt::format("{}/{}/res/{}", facts.root, facts.gateway, requester) ||
      !answer.correlation.starts_with(of_execution)) {
    return std::nullopt;
  }
  boost::system::error_code code;
  const auto document = json::parse(answer.payload, code);
  const auto why = document.is_object() ? text_of(document.get_object(), "error") : std::string{};
  const auto status = status_of_answer(answer.payload);
  json::object end{{"status", word_for(status)}};
  if (status >= first_refusal) {
    end["statusReason"] = {{"reasonCode", std::to_string(status)}, {"reasonDescription", why}};
  }
  end["result"] = {{"answer", {{"s", answer.payload}}}};
  auto message = answer;
  message.topic =
      fmt::format("{}{}/response/json", executions(facts.gateway), answer.correlation.substr(of_execution.size()));
  message.payload = json_text(end);
  message.correlation.clear();
  return message;
}

}  // namespace aws

AwsIotCore::AwsIotCore(const LayerFacts& facts, bool with_shadow, BrokerListener& listener,
                       const MakeBroker& make_inner)
    : BrokerLayer{facts.home, listener, make_inner}, facts_{facts}, with_shadow_{with_shadow} {}

void AwsIotCore::connect(const Approach& approach) {
  constexpr std::uint16_t https = 443;
  auto ours = approach;
  if (approach.address.transport == Transport::tls && approach.address.port == https) ours.alpn = "x-amzn-mqtt-ca";
  filters_.begin_anew();
  shadow_flies_ = false;
  inner().connect(ours);
}

void AwsIotCore::subscribe(const std::string& filter) {
  std::vector<std::string> filters{filter, aws::command_requests(facts_.gateway)};
  if (with_shadow_) filters.push_back(aws::shadow_rejections(facts_.gateway));
  filters_.await(filters.size());
  for (const auto& each : filters) inner().subscribe(each);
}

void AwsIotCore::publish(const Message& message) {
  if (message.payload.size() > aws::largest_message) {
    return refuse_soon(message.token, fmt::format("is {} bytes long; AWS IoT Core takes {}", message.payload.size(),
                                                  aws::largest_message));
  }
  if (message.topic == fmt::format("{}/{}/status", facts_.root, facts_.gateway)) {
    status_token_ = message.token;
    status_ = message.payload;
  }
  const auto end = aws::as_execution_end(facts_, message);
  inner().publish(end ? *end : message);
}

/// AWS ends the connection of whoever publishes what the policy forbids. Once it may have been the network; then the shadow is held back:
/// documents come first.
void AwsIotCore::connection_lost(const std::string& reason) {
  if (std::exchange(shadow_flies_, false) && ++ended_with_shadow_ > 1)
    report_refusal("the connection ends whenever it is sent");
  listener().connection_lost(reason);
}

void AwsIotCore::rejected(const std::string& reason) {
  listener().rejected(
      fmt::format("{}; check that the certificate is active, and that its policy allows iot:Connect for {}", reason,
                  facts_.gateway));
}

void AwsIotCore::published(std::uint64_t token) {
  if (token >= own_tokens) {
    shadow_flies_ = false;
    ended_with_shadow_ = 0;
    pause_ = {};
    return;
  }
  if (token == status_token_) follow_status();
  listener().published(token);
}

void AwsIotCore::refused(std::uint64_t token, const std::string& reason) {
  if (token < own_tokens) return listener().refused(token, reason);
  shadow_flies_ = false;
  reject_shadow(reason);
}

/// One answer for all that was asked for.
void AwsIotCore::subscribed(const std::string& refusal) {
  if (const auto answer = filters_.take(refusal)) listener().subscribed(*answer);
}

void AwsIotCore::received(const Incoming& message) {
  if (message.topic == aws::shadow_rejections(facts_.gateway)) return reject_shadow(aws::rejection_of(message.payload));
  const auto command = aws::as_command(facts_, message, facts_.clock.now());
  listener().received(command ? *command : message);
}

void AwsIotCore::follow_status() {
  status_token_ = 0;
  if (!with_shadow_ || shadow_flies_) return;
  if (ended_with_shadow_ > 0 && !pause_.ends_with_this_one()) return;
  // The one before was acknowledged, and by now it would have been rejected.
  if (ended_with_shadow_ == 0 && !std::exchange(shadow_rejected_, false))
    listener().extra_answered(aws::the_shadow, {});
  auto shadow = aws::as_shadow(facts_.gateway, status_);
  if (!shadow) return;
  shadow->token = ++last_own_token_;
  shadow_flies_ = true;
  inner().publish(*shadow);
}

void AwsIotCore::reject_shadow(const std::string& why) {
  shadow_rejected_ = true;
  report_refusal(why);
}

void AwsIotCore::report_refusal(const std::string& why) {
  listener().extra_answered(
      aws::the_shadow,
      fmt::format("AWS IoT Core does not take the shadow: {}; check iot:Publish on {} in the policy, or set "
                  "broker.shadow: false",
                  why, aws::shadow_update(facts_.gateway)));
}

namespace {

constexpr std::chrono::seconds shortest_keep_alive{30}, longest_keep_alive{1'200};

class AwsService final : public CloudService {
 public:
  void prepare(settings::Fields& fields, BrokerSettings& broker) override {
    with_shadow_ = fields.flag("shadow", true);
    const auto complain = [&fields](const char* key, const std::string& why) {
      fields.mistakes().add(fields.child(key), why);
    };
    const bool in_clear = std::any_of(broker.addresses.begin(), broker.addresses.end(),
                                      [](const Address& each) { return !each.is_secured(); });
    if (in_clear) complain(fields.has("url") ? "url" : "urls", "AWS IoT Core is reached with TLS only (mqtts://)");
    if (!broker.tls.has_pair()) {
      fields.mistakes().add(fields.node(),
                            "AWS IoT Core knows gateways by their certificates: needs certificate and key under tls");
    }
    if (broker.keep_alive < shortest_keep_alive || broker.keep_alive > longest_keep_alive) {
      complain("keep_alive", "AWS IoT Core wants 30s to 1200s");
    }
  }

  std::unique_ptr<Broker> make_layer(const LayerFacts& facts, BrokerListener& listener,
                                     const MakeBroker& make_inner) const override {
    return std::make_unique<AwsIotCore>(facts, with_shadow_, listener, make_inner);
  }

 private:
  bool with_shadow_ = true;
};

const Registration<CloudService> entry{"aws_iot_core", "AWS IoT Core", [] { return std::make_unique<AwsService>(); }};

}  // namespace
}  // namespace fettle::delivery
