#pragma once

#include "delivery/address.hpp"
#include "delivery/certificate.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace fettle::delivery {

/// A document on its way to a topic.
struct Message {
  std::string topic, payload;
  std::string content_type = "application/json";
  bool retain = true;
  std::optional<std::chrono::seconds> expiry = std::nullopt;  ///< the broker forgets it after this real time (MQTT 5)
  std::uint64_t token = 0;                                    ///< comes back with the acknowledgement
  std::string correlation = {};                               ///< Correlation Data of an answer (MQTT 5)
  int quality_of_service = 1;                                 ///< at 0 nobody acknowledges it
};

/// A message from the broker on a topic that was subscribed to.
struct Incoming {
  std::string topic, payload;
  std::string content_type;    ///< MQTT 5; empty: none
  std::string response_topic;  ///< MQTT 5; where the sender wants its answer
  std::string correlation;     ///< MQTT 5 Correlation Data, given back as it came
  bool retained = false;       ///< the broker had kept it
  std::uint64_t missed = 0;    ///< how many before it were dropped, because too many came at once
};

/// As much of an incoming payload as is passed on; whoever limits it more sees that it was too large.
constexpr std::size_t longest_incoming = std::size_t{64} * 1024;

/// What the broker publishes when we fall silent.
struct Will {
  Message message;
  std::chrono::seconds delay{};  ///< how long it waits for us to come back (MQTT 5)
};

/// Who a broker is told that we are.
struct Login {
  std::string username, password;
};

/// One attempt to connect: where to, with whose certificate, and what is to be said should we fall silent.
struct Approach {
  Address address;
  TlsFiles tls;
  Will will;
  std::optional<Login> login = std::nullopt;  ///< instead of the settings'
  std::string alpn = {};                      ///< what TLS is told to speak inside; empty: nothing
};

/// What a broker says about a connection it has accepted.
struct Welcome {
  bool session_present = false;      ///< it remembers us
  std::size_t receive_maximum = 16;  ///< messages it lets us have unacknowledged
};

/// Hears what happens to a connection. Called on home only, and never after the Broker is gone.
class BrokerListener {
 public:
  BrokerListener() = default;
  BrokerListener(const BrokerListener&) = delete;
  BrokerListener& operator=(const BrokerListener&) = delete;
  virtual ~BrokerListener() = default;

  virtual void connected(const Welcome& welcome) = 0;
  /// A connection has ended, or could not be made.
  virtual void connection_lost(const std::string& reason) = 0;
  /// Instead of connection_lost(), where the broker has answered and does not let us in.
  virtual void rejected(const std::string& reason) { connection_lost(reason); }
  /// What it has let us in by ends soon: the connection is better made anew now than ended by the broker.
  virtual void login_expires() {}
  /// The broker has acknowledged it.
  virtual void published(std::uint64_t token) = 0;
  /// A message at QoS 0 is under way: nothing more is heard of it, and it says nothing about the broker.
  virtual void sent(std::uint64_t token) { published(token); }
  /// The broker does not take this message; the connection goes on.
  virtual void refused(std::uint64_t token, const std::string& reason) = 0;
  /// The same, but it is not the message's fault: it has too much of them at present, or it was not asked.
  virtual void postponed(std::uint64_t token, const std::string& reason) { refused(token, reason); }
  /// The broker has answered a subscription; with a reason if it refuses it.
  virtual void subscribed(const std::string& refusal) = 0;
  /// What a layer sends beside our messages, such as "the shadow", is refused, with the remedy; without a reason: it is taken.
  virtual void extra_answered(const std::string& /*of*/, const std::string& /*refusal*/) {}
  /// A message has come on a topic that was subscribed to.
  virtual void received(const Incoming& message) = 0;
};

/// The door to an MQTT broker. Calls return at once, whatever the network does; what follows is told to the listener.
class Broker {
 public:
  Broker() = default;
  Broker(const Broker&) = delete;
  Broker& operator=(const Broker&) = delete;
  virtual ~Broker() = default;

  /// Drops what there was, unfinished or hanging, and connects anew; nothing is heard of the former connection any more.
  virtual void connect(const Approach& approach) = 0;
  /// Asks for what comes on topics that match, until the connection ends.
  virtual void subscribe(const std::string& filter) = 0;
  virtual void publish(const Message& message) = 0;
  /// Says goodbye, so that no will is published.
  virtual void disconnect() = 0;
};

using MakeBroker = std::function<std::unique_ptr<Broker>(BrokerListener&)>;

}  // namespace fettle::delivery
