#include "delivery/paho_broker.hpp"

#include <fmt/format.h>
#include <mqtt/async_client.h>
#include <spdlog/spdlog.h>
#include <boost/asio/post.hpp>
#include <functional>
#include <map>
#include <utility>

namespace fettle::delivery {
namespace {

using std::chrono::seconds;

constexpr int quality_of_service = 1;
constexpr seconds connect_timeout{20};
/// The broker keeps our session for a day, so that it can tell us that it has not forgotten us.
constexpr std::int32_t session_expiry = 86'400;
constexpr long disconnect_patience = 1'000;

/// True where MQTT 5 says no; MQTT 3.1.1 has no reason codes, for which Paho puts one of its own.
bool says_no(mqtt::ReasonCode code) {
  return code >= mqtt::ReasonCode::UNSPECIFIED_ERROR && code != mqtt::ReasonCode::MQTTPP_V3_CODE;
}

/// Why a message was not taken.
std::string refusal(const mqtt::token& token) {
  if (says_no(token.get_reason_code())) return mqtt::exception::reason_code_str(token.get_reason_code());
  return "not sent: " + mqtt::exception::error_str(token.get_return_code());
}

/// Why there is no connection. Paho says MQTT 5's reason in the return code here, and has -1 for whatever went wrong before.
std::string rejection(const mqtt::token& token, bool secured) {
  const int code = token.get_return_code();
  if (code >= mqtt::ReasonCode::UNSPECIFIED_ERROR) return "rejects us: " + mqtt::exception::reason_code_str(code);
  switch (code) {  // of a CONNACK, MQTT 3.1.1 table 3.1
    case 1: return "rejects us: does not speak this version of MQTT; try another broker.protocol";
    case 2: return "rejects us: does not take the gateway's id as a client id";
    case 3: return "rejects us: is not available";
    case 4: return "rejects us: does not accept user name and password";
    case 5: return "rejects us: does not let this gateway in";
    default: break;
  }
  return secured ? "cannot be reached, or the certificates do not match; check address, authority and the clock"
                 : "cannot be reached";
}

mqtt::message_ptr as_message(const Message& message, Protocol protocol) {
  auto result = mqtt::make_message(message.topic, message.payload, quality_of_service, message.retain);
  if (protocol != Protocol::mqtt_5) return result;
  mqtt::properties properties;
  properties.add({mqtt::property::PAYLOAD_FORMAT_INDICATOR, 1});
  properties.add({mqtt::property::CONTENT_TYPE, message.content_type});
  if (message.expiry) {
    properties.add({mqtt::property::MESSAGE_EXPIRY_INTERVAL, static_cast<std::int32_t>(message.expiry->count())});
  }
  result->set_properties(std::move(properties));
  return result;
}

mqtt::will_options as_will(const Will& will, Protocol protocol) {
  mqtt::will_options result{*as_message(will.message, protocol)};
  if (protocol != Protocol::mqtt_5) return result;
  mqtt::properties properties{as_message(will.message, protocol)->get_properties()};
  properties.add({mqtt::property::WILL_DELAY_INTERVAL, static_cast<std::int32_t>(will.delay.count())});
  result.set_properties(std::move(properties));
  return result;
}

mqtt::ssl_options as_tls(const TlsFiles& files) {
  mqtt::ssl_options result;
  if (!files.authority.empty()) result.set_trust_store(files.authority);
  if (!files.certificate.empty()) result.set_key_store(files.certificate);
  if (!files.key.empty()) result.set_private_key(files.key);
  result.set_enable_server_cert_auth(true);
  result.set_verify(true);
  // No error handler: the C structure would keep a pointer to this very object, which is only copied from (Paho C++ 1.2.0).
  return result;
}

int version_of(Protocol protocol) { return protocol == Protocol::mqtt_5 ? MQTTVERSION_5 : MQTTVERSION_3_1_1; }

mqtt::connect_options as_options(const BrokerSettings& settings, const Will& will) {
  mqtt::connect_options options;
  options.set_mqtt_version(version_of(settings.protocol));
  options.set_keep_alive_interval(settings.keep_alive);
  options.set_connect_timeout(connect_timeout);
  if (settings.protocol == Protocol::mqtt_5) {
    options.set_clean_start(false);
    mqtt::properties properties;
    properties.add({mqtt::property::SESSION_EXPIRY_INTERVAL, session_expiry});
    options.set_properties(std::move(properties));
  } else {
    options.set_clean_session(false);
  }
  if (!settings.username.empty()) options.set_user_name(settings.username);
  if (!settings.password.empty()) options.set_password(settings.password);
  if (settings.tls) options.set_ssl(as_tls(*settings.tls));
  options.set_will(as_will(will, settings.protocol));
  return options;
}

std::string address_of(const BrokerSettings& settings) {
  return fmt::format("{}://{}:{}", settings.tls ? "ssl" : "tcp", settings.host, settings.port);
}

/// Tells a function how an operation of Paho has ended.
class Ending final : public mqtt::iaction_listener {
 public:
  using Tell = std::function<void(const mqtt::token&, bool succeeded)>;
  explicit Ending(Tell tell) : tell_{std::move(tell)} {}

  void on_success(const mqtt::token& token) override { tell_(token, true); }
  void on_failure(const mqtt::token& token) override { tell_(token, false); }

 private:
  Tell tell_;
};

}  // namespace

/// Where home listens, and to which connection. Touched on home only.
struct PahoBroker::Ear {
  BrokerListener& listener;
  std::uint64_t connection = 0;
};

/// What lies on the thread's desk. Touched by its tasks only.
struct PahoBroker::Desk {
  std::shared_ptr<Connection> connection;
};

/// One client of Paho from CONNECT to its end. Lives on the thread; its callbacks come from Paho's threads, and only post.
/// Shared with nobody for longer than a task of the thread; the pointer is there to be looked up weakly.
class PahoBroker::Connection : public std::enable_shared_from_this<Connection> {
 public:
  using Event = std::function<void(BrokerListener&)>;
  using Report = std::function<void(Event)>;
  using Executor = boost::asio::thread_pool::executor_type;

  Connection(const BrokerSettings& settings, const std::string& client_id, Executor thread, Report report)
      : settings_{settings},
        thread_{std::move(thread)},
        report_{std::move(report)},
        connecting_{[this](const mqtt::token& token, bool succeeded) { report_connect(token, succeeded); }},
        publishing_{[this](const mqtt::token& token, bool succeeded) { post_ending(token, succeeded); }},
        client_{address_of(settings), client_id, mqtt::create_options{version_of(settings.protocol)}} {
    client_.set_connection_lost_handler([report = report_](const std::string& cause) {
      report([why = cause.empty() ? std::string{"connection lost"} : cause](BrokerListener& listener) {
        listener.connection_lost(why);
      });
    });
    client_.set_disconnected_handler([report = report_](const mqtt::properties&, mqtt::ReasonCode code) {
      report([why = fmt::format("the broker ended the connection, reason code 0x{:02x}", static_cast<int>(code))](
                 BrokerListener& listener) { listener.connection_lost(why); });
    });
  }

  void connect(const Will& will) {
    const auto options = as_options(settings_, will);
    client_.connect(options, nullptr, connecting_);
  }

  void publish(const Message& message) {
    try {
      const auto delivery = client_.publish(as_message(message, settings_.protocol), nullptr, publishing_);
      flying_.emplace(delivery.get(), Flying{delivery, message.token});
    } catch (const mqtt::exception& error) {
      report_(
          [token = message.token, why = error.to_string()](BrokerListener& listener) { listener.refused(token, why); });
    }
  }

  void disconnect() {
    if (client_.is_connected()) client_.disconnect()->wait_for(disconnect_patience);
  }

 private:
  struct Flying {
    mqtt::delivery_token_ptr delivery;  ///< keeps the address, by which an ending is told, from being used again
    std::uint64_t token = 0;
  };

  void report_connect(const mqtt::token& token, bool succeeded) const {
    if (!succeeded) {
      return report_([why = rejection(token, settings_.tls.has_value())](BrokerListener& listener) {
        listener.connection_lost(why);
      });
    }
    const auto response = token.get_connect_response();
    Welcome welcome;
    welcome.session_present = response.is_session_present();
    const auto& properties = response.get_properties();
    if (properties.contains(mqtt::property::RECEIVE_MAXIMUM)) {
      welcome.receive_maximum = mqtt::get<std::uint16_t>(properties, mqtt::property::RECEIVE_MAXIMUM);
    }
    report_([welcome](BrokerListener& listener) { listener.connected(welcome); });
  }

  /// An ending may overtake the return of publish(); the thread looks it up only after that.
  void post_ending(const mqtt::token& token, bool succeeded) {
    const bool taken = succeeded && !says_no(token.get_reason_code());
    boost::asio::post(thread_,
                      [self = weak_from_this(), delivery = &token, why = taken ? std::string{} : refusal(token)] {
                        if (const auto connection = self.lock()) connection->end(delivery, why);
                      });
  }

  void end(const mqtt::token* delivery, const std::string& why_not) {
    const auto found = flying_.find(delivery);
    if (found == flying_.end()) return;
    report_([token = found->second.token, why_not](BrokerListener& listener) {
      why_not.empty() ? listener.published(token) : listener.refused(token, why_not);
    });
    flying_.erase(found);
  }

  BrokerSettings settings_;
  Executor thread_;
  Report report_;
  Ending connecting_, publishing_;
  std::map<const mqtt::token*, Flying> flying_;
  mqtt::async_client client_;  ///< last: its callbacks use what stands above until it is gone
};

PahoBroker::PahoBroker(BrokerSettings settings, std::string client_id, boost::asio::any_io_executor home,
                       BrokerListener& listener)
    : settings_{std::move(settings)},
      client_id_{std::move(client_id)},
      home_{std::move(home)},
      ear_{std::make_shared<Ear>(Ear{listener})},
      desk_{std::make_shared<Desk>()} {}

PahoBroker::~PahoBroker() {
  ear_.reset();
  boost::asio::post(thread_, [desk = std::move(desk_)] { desk->connection.reset(); });
  thread_.join();
}

void PahoBroker::connect(const Will& will) {
  const auto number = ++ear_->connection;
  auto report = [home = home_, ear = std::weak_ptr{ear_}, number](Connection::Event event) {
    boost::asio::post(home, [ear, number, event = std::move(event)] {
      const auto heard = ear.lock();
      if (heard && heard->connection == number) event(heard->listener);
    });
  };
  boost::asio::post(thread_, [desk = desk_, settings = settings_, id = client_id_, thread = thread_.get_executor(),
                              report = std::move(report), will] {
    desk->connection.reset();
    try {
      desk->connection = std::make_shared<Connection>(settings, id, thread, report);
      desk->connection->connect(will);
    } catch (const mqtt::exception& error) {
      report([why = error.to_string()](BrokerListener& listener) { listener.connection_lost(why); });
    }
  });
}

void PahoBroker::publish(const Message& message) {
  boost::asio::post(thread_, [desk = desk_, message] {
    if (desk->connection) desk->connection->publish(message);
  });
}

void PahoBroker::disconnect() {
  ++ear_->connection;
  boost::asio::post(thread_, [desk = desk_] {
    if (!desk->connection) return;
    try {
      desk->connection->disconnect();
    } catch (const mqtt::exception& error) {
      spdlog::debug("saying goodbye to the broker: {}", error.to_string());
    }
    desk->connection.reset();
  });
}

}  // namespace fettle::delivery
