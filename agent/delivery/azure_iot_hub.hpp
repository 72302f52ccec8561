#pragma once

#include "delivery/azure_words.hpp"
#include "delivery/broker_layer.hpp"
#include "delivery/cloud_service.hpp"
#include "delivery/filter_answers.hpp"
#include "delivery/timer.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <string>

namespace fettle::delivery {

/// How a gateway is let into a hub, and what stock receivers want.
struct AzureSettings {
  std::string key_file;   ///< the device's key; empty: it has a certificate
  bool in_array = false;  ///< alerts as lists with one element
};

/// Real times.
struct AzureTimes {
  std::function<Time()> wall_clock;  ///< dates tokens, whatever the domain clock says; empty: the system's
  std::chrono::seconds token_life{86'400};
  std::chrono::milliseconds renew_after{std::chrono::hours{20}};
  std::chrono::milliseconds twin_patience{30'000};  ///< then a change of the twin counts as refused
};

/// The topics, the login and the habits of Azure IoT Hub: alerts, data and the will become events, status and info reported properties of
/// the twin, direct methods and messages from the cloud become commands. A change of the twin counts as published when the hub says that
/// it has made it, not when it has heard of it.
class AzureIotHub final : public BrokerLayer {
 public:
  AzureIotHub(const LayerFacts& facts, AzureSettings settings, BrokerListener& listener, const MakeBroker& make_inner,
              AzureTimes times = {});

  void connect(const Approach& approach) override;
  /// Commands come by the hub's own ways, whatever the filter.
  void subscribe(const std::string& filter) override;
  void publish(const Message& message) override;

 private:
  void connected(const Welcome& welcome) override;
  void rejected(const std::string& reason) override;
  void published(std::uint64_t token) override;
  void refused(std::uint64_t token, const std::string& reason) override;
  void subscribed(const std::string& refusal) override;
  void received(const Incoming& message) override;

  Result<Login> login(const Address& address) const;
  Result<Message> translated(const Message& message);
  Result<Message> twin_patch(const Message& message);
  void renew() { listener().login_expires(); }
  void end_patch(const azure::TwinAnswer& answer);
  void give_up_patches();
  bool is_patch(std::uint64_t token) const;

  azure::Names names_;
  AzureSettings settings_;
  AzureTimes times_;
  DomainClock clock_;
  Timer renewal_, patience_;
  std::map<std::uint64_t, std::uint64_t> patches_;  ///< by the number of the request: the token of the message
  std::uint64_t last_request_ = 0, last_command_ = 0;
  FilterAnswers filters_;
};

}  // namespace fettle::delivery
