#include "delivery/paho_broker.hpp"

#include "delivery/paho_words.hpp"

#include <fmt/format.h>
#include <mqtt/async_client.h>
#include <spdlog/spdlog.h>
#include <atomic>
#include <boost/asio/post.hpp>
#include <chrono>
#include <functional>
#include <map>
#include <utility>

namespace fettle::delivery {
namespace {

constexpr long disconnect_patience = 1'000;
constexpr std::chrono::seconds visit_patience{3};
/// So many messages of the broker may be on their way to home; what comes beyond is dropped.
constexpr int most_waiting = 32;

/// Paho would load all of OpenSSL's algorithms and texts even for a connection without TLS; OpenSSL does so by itself when they are wanted.
/// Once in the life of the program: Paho makes its locks anew each time, also under the threads of a client that holds them.
void leave_openssl_alone() {
  [[maybe_unused]] static const bool done = [] {
    MQTTAsync_init_options options = MQTTAsync_init_options_initializer;
    options.do_openssl_init = 0;
    MQTTAsync_global_init(&options);
    return true;
  }();
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

  Connection(const BrokerSettings& settings, Approach approach, const std::string& client_id, Executor thread,
             Report report)
      : settings_{settings},
        approach_{std::move(approach)},
        thread_{std::move(thread)},
        report_{std::move(report)},
        connecting_{[this](const mqtt::token& token, bool succeeded) { report_connect(token, succeeded); }},
        publishing_{[this](const mqtt::token& token, bool succeeded) { post_ending(token, succeeded); }},
        subscribing_{[this](const mqtt::token& token, bool succeeded) { report_subscription(token, succeeded); }},
        client_{paho_address(approach_.address), client_id, mqtt::create_options{version_of(settings.protocol)}} {
    client_.set_connection_lost_handler([report = report_](const std::string& cause) {
      report([why = cause.empty() ? std::string{"connection lost"} : cause](BrokerListener& listener) {
        listener.connection_lost(why);
      });
    });
    client_.set_disconnected_handler([report = report_](const mqtt::properties&, mqtt::ReasonCode code) {
      report([why = farewell(code)](BrokerListener& listener) { listener.connection_lost(why); });
    });
    client_.set_message_callback([this](const mqtt::const_message_ptr& message) { pass_on(*message); });
  }

  void connect() {
    mqtt::connect_options options;
    if (const auto filled = fill_in(options, settings_, approach_); !filled) {
      return report_([why = filled.error().detail](BrokerListener& listener) { listener.connection_lost(why); });
    }
    login_ = client_.connect(options, nullptr, connecting_);
  }

  void subscribe(const std::string& filter) {
    try {
      client_.subscribe(filter, 1, nullptr, subscribing_);
    } catch (const mqtt::exception& error) {
      report_([why = error.to_string()](BrokerListener& listener) { listener.subscribed(why); });
    }
  }

  void publish(const Message& message) {
    try {
      const auto delivery = client_.publish(as_message(message, settings_.protocol), nullptr, publishing_);
      flying_.emplace(delivery.get(), Flying{delivery, message.token, message.quality_of_service > 0});
    } catch (const mqtt::exception& error) {
      report_([token = message.token, why = error.to_string()](BrokerListener& listener) {
        listener.postponed(token, why);
      });
    }
  }

  void disconnect() {
    if (client_.is_connected()) client_.disconnect()->wait_for(disconnect_patience);
  }

 private:
  struct Flying {
    mqtt::delivery_token_ptr delivery;  ///< keeps the address, by which an ending is told, from being used again
    std::uint64_t token = 0;
    bool is_acknowledged = true;  ///< when it has ended well
  };

  void report_connect(const mqtt::token& token, bool succeeded) {
    if (!succeeded) {
      return boost::asio::post(thread_, [self = weak_from_this()] {
        if (const auto connection = self.lock()) connection->report_rejection();
      });
    }
    report_([welcome = as_welcome(token.get_connect_response())](BrokerListener& listener) {
      listener.connected(welcome);
    });
  }

  /// A failure may overtake the return of connect(); the thread looks at it only after that. Paho keeps to itself what TLS has said.
  void report_rejection() const {
    auto rejected = rejection(*login_, approach_.address.is_secured());
    if (rejected.is_of_tls) rejected = explained(rejected, visit_tls(approach_.address, approach_.tls, visit_patience));
    report_([why = std::move(rejected)](BrokerListener& listener) {
      why.is_of_broker ? listener.rejected(why.reason) : listener.connection_lost(why.reason);
    });
  }

  void report_subscription(const mqtt::token& token, bool succeeded) const {
    report_([why = refused_subscription(token, succeeded)](BrokerListener& listener) { listener.subscribed(why); });
  }

  /// On Paho's thread, one message at a time. Paho has acknowledged it when this returns.
  void pass_on(const mqtt::message& message) {
    if (*waiting_ >= most_waiting) {
      ++missed_;
      return;
    }
    auto incoming = as_incoming(message);
    incoming.missed = std::exchange(missed_, 0);
    ++*waiting_;
    report_([waiting = waiting_, incoming = std::move(incoming)](BrokerListener& listener) {
      --*waiting;
      listener.received(incoming);
    });
  }

  /// An ending may overtake the return of publish(); the thread looks it up only after that.
  void post_ending(const mqtt::token& token, bool succeeded) {
    boost::asio::post(thread_, [self = weak_from_this(), delivery = &token, why = refusal(token, succeeded),
                                for_now = is_for_now(token)] {
      if (const auto connection = self.lock()) connection->end(delivery, why, for_now);
    });
  }

  void end(const mqtt::token* delivery, const std::string& why_not, bool for_now) {
    const auto found = flying_.find(delivery);
    if (found == flying_.end()) return;
    report_([flying = found->second, why_not, for_now](BrokerListener& listener) {
      if (why_not.empty())
        return flying.is_acknowledged ? listener.published(flying.token) : listener.sent(flying.token);
      for_now ? listener.postponed(flying.token, why_not) : listener.refused(flying.token, why_not);
    });
    flying_.erase(found);
  }

  BrokerSettings settings_;
  Approach approach_;
  Executor thread_;
  mqtt::token_ptr login_;
  Report report_;
  Ending connecting_, publishing_, subscribing_;
  std::uint64_t missed_ = 0;  ///< touched by Paho's thread only
  /// How many messages are on their way to home; shared with them, for they may outlive the connection.
  std::shared_ptr<std::atomic<int>> waiting_ = std::make_shared<std::atomic<int>>(0);
  std::map<const mqtt::token*, Flying> flying_;
  mqtt::async_client client_;  ///< last: its callbacks use what stands above until it is gone
};

PahoBroker::PahoBroker(BrokerSettings settings, std::string client_id, boost::asio::any_io_executor home,
                       BrokerListener& listener)
    : settings_{std::move(settings)},
      client_id_{std::move(client_id)},
      home_{std::move(home)},
      ear_{std::make_shared<Ear>(Ear{listener})},
      desk_{std::make_shared<Desk>()} {
  leave_openssl_alone();
}

PahoBroker::~PahoBroker() {
  ear_.reset();
  boost::asio::post(thread_, [desk = std::move(desk_)] { desk->connection.reset(); });
  thread_.join();
}

void PahoBroker::connect(const Approach& approach) {
  const auto number = ++ear_->connection;
  auto report = [home = home_, ear = std::weak_ptr{ear_}, number](Connection::Event event) {
    boost::asio::post(home, [ear, number, event = std::move(event)] {
      const auto heard = ear.lock();
      if (heard && heard->connection == number) event(heard->listener);
    });
  };
  boost::asio::post(thread_, [desk = desk_, settings = settings_, id = client_id_, thread = thread_.get_executor(),
                              report = std::move(report), approach] {
    desk->connection.reset();
    try {
      desk->connection = std::make_shared<Connection>(settings, approach, id, thread, report);
      desk->connection->connect();
    } catch (const mqtt::exception& error) {
      report([why = error.to_string()](BrokerListener& listener) { listener.connection_lost(why); });
    }
  });
}

void PahoBroker::subscribe(const std::string& filter) {
  boost::asio::post(thread_, [desk = desk_, filter] {
    if (desk->connection) desk->connection->subscribe(filter);
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
