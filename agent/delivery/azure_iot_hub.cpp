#include "delivery/azure_iot_hub.hpp"

#include "core/earliest.hpp"
#include "core/password.hpp"
#include "delivery/broker_settings.hpp"
#include "delivery/sas_token.hpp"
#include "settings/fields.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <algorithm>
#include <utility>

namespace fettle::delivery {
namespace {

using azure::Kind;

Time real_now() { return std::chrono::floor<Duration>(std::chrono::system_clock::now()); }

std::string user_of(const std::string& hub, const std::string& device) {
  return fmt::format("{}/{}/?api-version=2021-04-12", hub, device);
}

}  // namespace

AzureIotHub::AzureIotHub(const LayerFacts& facts, AzureSettings settings, BrokerListener& listener,
                         const MakeBroker& make_inner, AzureTimes times)
    : BrokerLayer{facts.home, listener, make_inner},
      names_{facts.gateway, facts.root},
      settings_{std::move(settings)},
      times_{std::move(times)},
      clock_{facts.clock},
      renewal_{facts.home},
      patience_{facts.home} {
  if (!times_.wall_clock) times_.wall_clock = real_now;
}

void AzureIotHub::connect(const Approach& approach) {
  renewal_.cancel();
  patience_.cancel();
  patches_.clear();
  auto ours = approach;
  auto entry = login(approach.address);
  if (!entry) {
    inner().disconnect();
    return lose_soon(entry.error().detail);
  }
  ours.login = std::move(*entry);
  if (!approach.will.message.topic.empty()) {
    auto last_words = azure::as_event(names_, approach.will.message, false);
    if (last_words) ours.will.message = std::move(*last_words);
  }
  inner().connect(ours);
}

Result<Login> AzureIotHub::login(const Address& address) const {
  auto user = user_of(address.host, names_.gateway);
  if (settings_.key_file.empty()) return Login{std::move(user), {}};
  const auto now = times_.wall_clock();
  if (now < earliest_possible) {
    return failure(Fault::offline,
                   fmt::format("the clock is wrong: it is {} here, and IoT Hub takes a login by its time; "
                               "check the network's way to a time server",
                               to_rfc3339(now)));
  }
  const auto key = read_password(settings_.key_file);
  if (!key) return key.error();
  const auto token =
      sas_token(fmt::format("{}/devices/{}", address.host, names_.gateway), *key, now + times_.token_life);
  if (!token) return failure(Fault::malformed, fmt::format("\"{}\" {}", settings_.key_file, token.error().detail));
  return Login{std::move(user), *token};
}

void AzureIotHub::subscribe(const std::string& /*filter*/) {
  for (const auto& each : {std::string{azure::methods}, azure::messages_from_cloud(names_)}) {
    filters_.await(1);
    inner().subscribe(each);
  }
}

void AzureIotHub::publish(const Message& message) {
  auto theirs = translated(message);
  if (!theirs) return refuse_soon(message.token, message.topic + " " + theirs.error().detail);
  inner().publish(*theirs);
}

Result<Message> AzureIotHub::translated(const Message& message) {
  const auto kind = azure::kind_of(names_, message.topic);
  if (kind == Kind::status || kind == Kind::info) return twin_patch(message);
  if (auto response = azure::as_method_response(message)) return std::move(*response);
  return azure::as_event(names_, message, settings_.in_array && kind == Kind::alert);
}

Result<Message> AzureIotHub::twin_patch(const Message& message) {
  auto patch = azure::as_twin_patch(names_, message, last_request_ + 1);
  if (!patch) return patch;
  patches_.emplace(++last_request_, message.token);
  patience_.run_after(times_.twin_patience, alive(), this, &AzureIotHub::give_up_patches);
  return patch;
}

void AzureIotHub::connected(const Welcome& welcome) {
  if (!settings_.key_file.empty()) renewal_.run_after(times_.renew_after, alive(), this, &AzureIotHub::renew);
  filters_.begin_anew();
  filters_.await(1);
  inner().subscribe(azure::twin_answers);
  listener().connected(welcome);
}

void AzureIotHub::rejected(const std::string& reason) {
  const auto remedy =
      settings_.key_file.empty()
          ? fmt::format("check that device {} is there, enabled, and known with this certificate", names_.gateway)
          : fmt::format(
                "check that device {} is there and enabled, that {} holds its key, and the clock (it is {} here)",
                names_.gateway, settings_.key_file, to_rfc3339(times_.wall_clock()));
  listener().rejected(reason + "; " + remedy);
}

void AzureIotHub::published(std::uint64_t token) {
  if (!is_patch(token)) listener().published(token);
}

void AzureIotHub::refused(std::uint64_t token, const std::string& reason) {
  std::erase_if(patches_, [token](const auto& each) { return each.second == token; });
  listener().refused(token, reason);
}

/// One answer for all that was asked for.
void AzureIotHub::subscribed(const std::string& refusal) {
  if (const auto answer = filters_.take(refusal)) listener().subscribed(*answer);
}

void AzureIotHub::received(const Incoming& message) {
  if (const auto answer = azure::parse_twin_answer(message.topic)) return end_patch(*answer);
  const auto now = clock_.now();
  const auto id = fmt::format("azure-{}-{}", now.time_since_epoch().count(), ++last_command_);
  if (const auto command = azure::as_command(names_, message, id, now)) return listener().received(*command);
  spdlog::debug("nothing is known about {}", message.topic);
}

void AzureIotHub::end_patch(const azure::TwinAnswer& answer) {
  const auto found = patches_.find(answer.request);
  if (found == patches_.end()) return;
  const auto token = found->second;
  patches_.erase(found);
  const auto why = azure::meaning_of(answer.status);
  why.empty() ? listener().published(token) : listener().refused(token, why);
}

void AzureIotHub::give_up_patches() {
  for (const auto& each : std::exchange(patches_, {})) {
    listener().refused(each.second, "IoT Hub has not said whether it changed the twin");
  }
}

bool AzureIotHub::is_patch(std::uint64_t token) const {
  return std::any_of(patches_.begin(), patches_.end(), [token](const auto& each) { return each.second == token; });
}

namespace {

constexpr auto hub_path = "/$iothub/websocket";
constexpr std::chrono::seconds longest_keep_alive{1'177};

class AzureService final : public CloudService {
 public:
  void prepare(settings::Fields& fields, BrokerSettings& broker) override {
    settings_.in_array = fields.flag("wrap_in_array", false);
    settings_.key_file = broker.password_file;
    check_connection(fields, broker);
    broker.protocol = Protocol::mqtt_3_1_1;
    broker.retain = Retain::off;
    for (auto& address : broker.addresses) {
      if (address.transport == Transport::websocket_tls) address.path = hub_path;
    }
  }

  std::unique_ptr<Broker> make_layer(const LayerFacts& facts, BrokerListener& listener,
                                     const MakeBroker& make_inner) const override {
    return std::make_unique<AzureIotHub>(facts, settings_, listener, make_inner);
  }

 private:
  static void check_connection(settings::Fields& fields, const BrokerSettings& broker) {
    const auto complain = [&fields](const char* key, const std::string& why) {
      fields.mistakes().add(fields.child(key), why);
    };
    const bool in_clear = std::any_of(broker.addresses.begin(), broker.addresses.end(),
                                      [](const Address& each) { return !each.is_secured(); });
    if (in_clear)
      complain(fields.has("url") ? "url" : "urls", "IoT Hub is reached with TLS only (mqtts://HUB.azure-devices.net)");
    if (fields.has("protocol") && broker.protocol != Protocol::mqtt_3_1_1) {
      complain("protocol", "IoT Hub speaks MQTT 3.1.1 only; leave protocol out");
    }
    if (fields.has("retain") && broker.retain == Retain::on) {
      complain("retain", "IoT Hub keeps no messages; leave retain out");
    }
    if (fields.has("username")) complain("username", "is made from hub and gateway.id; leave it out");
    if (broker.keep_alive > longest_keep_alive) complain("keep_alive", "IoT Hub wants 1177s at most");
    if (broker.password_file.empty() == broker.tls.has_pair()) return;
    fields.mistakes().add(fields.node(),
                          broker.password_file.empty()
                              ? "needs the device's key in password_file, or certificate and key under tls"
                              : "has both the device's key (password_file) and a certificate; leave out one");
  }

  AzureSettings settings_;
};

const Registration<CloudService> entry{"azure_iot_hub", "Azure IoT Hub, also for Dynamics 365 Connected Field Service",
                                       [] { return std::make_unique<AzureService>(); }};

}  // namespace
}  // namespace fettle::delivery
