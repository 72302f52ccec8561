#include "mqtt/paho_client.hpp"

#include "mqtt/paho_options.hpp"

#include <fmt/format.h>
#include <mqtt/async_client.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <set>
#include <utility>

namespace fettle::mqtt_input {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::seconds first_wait{1};
constexpr std::chrono::seconds longest_wait{60};
/// A connect that has neither succeeded nor failed by then is given up, whatever Paho still thinks of it.
constexpr std::chrono::seconds connect_deadline{30};
constexpr int quality_of_service = 0;  // what is sent again later would seem to have been said later

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

/// One client of Paho from CONNECT to its end.
struct Attempt {
  Attempt(const BrokerSettings& settings, Ending::Tell connected, Ending::Tell subscribed)
      : connecting{std::move(connected)},
        subscribing{std::move(subscribed)},
        client{paho_address(settings), settings.client_id, mqtt::create_options{version_of(settings.version)}} {}

  Ending connecting, subscribing;
  mqtt::async_client client;  ///< last: its callbacks use what stands above until it is gone
};

}  // namespace

/// What lies on the thread's desk. Touched by its tasks only; what Paho's threads have to say is posted there with the number of the
/// attempt that it belongs to.
class PahoClient::Desk : public std::enable_shared_from_this<Desk> {
 public:
  Desk(BrokerSettings settings, Ears ears, boost::asio::thread_pool::executor_type thread)
      : settings_{std::move(settings)}, ears_{std::move(ears)}, thread_{thread}, retry_{thread}, watchdog_{thread} {}

  void attempt() {
    attempt_.reset();
    ++number_;
    try {
      make_attempt();
      mqtt::connect_options options;
      if (const auto filled = fill_in(options, settings_); !filled) return lost(number_, filled.error().detail);
      watchdog_.expires_after(connect_deadline);
      watchdog_.async_wait([self = shared_from_this(), number = number_](const auto& error) {
        if (!error) self->lost(number, "does not answer");
      });
      attempt_->client.connect(options, nullptr, attempt_->connecting);
    } catch (const mqtt::exception& error) {
      lost(number_, error.to_string());
    }
  }

  void listen_to(const std::string& filter) {
    if (filters_.insert(filter).second && up_) subscribe(filter);
  }

  void close() {
    ++number_;
    retry_.cancel();
    watchdog_.cancel();
    attempt_.reset();
  }

 private:
  /// Runs on the thread, unless another attempt has begun by then.
  template <class Task>
  void later(std::uint64_t number, Task task) {
    boost::asio::post(thread_, [desk = weak_from_this(), number, task = std::move(task)] {
      const auto self = desk.lock();
      if (self && self->number_ == number) task(*self);
    });
  }

  void make_attempt() {
    const auto number = number_;
    attempt_ = std::make_unique<Attempt>(
        settings_, [this, number](const mqtt::token& token, bool ok) { connect_ended(number, token, ok); },
        [this, number](const mqtt::token& token, bool ok) { subscribe_ended(number, token, ok); });
    auto& client = attempt_->client;
    client.set_connection_lost_handler([this, number](const std::string& cause) {
      const auto why = cause.empty() ? std::string{"the connection is lost"} : cause;
      later(number, [number, why](Desk& desk) { desk.lost(number, why); });
    });
    client.set_disconnected_handler([this, number](const mqtt::properties&, mqtt::ReasonCode code) {
      const auto why = fmt::format("ends the connection, reason code 0x{:02x}", static_cast<int>(code));
      later(number, [number, why](Desk& desk) { desk.lost(number, why); });
    });
    client.set_message_callback([this](const mqtt::const_message_ptr& message) {
      ears_.arrived({message->get_topic(), message->to_string(), message->is_retained(), steady_clock::now()});
    });
  }

  /// On Paho's thread, like all that ends.
  void connect_ended(std::uint64_t number, const mqtt::token& token, bool succeeded) {
    if (!succeeded) {
      return later(number, [number, why = rejection(token, settings_.secured)](Desk& desk) { desk.lost(number, why); });
    }
    later(number, [](Desk& desk) { desk.connected(); });
  }

  void subscribe_ended(std::uint64_t number, const mqtt::token& token, bool succeeded) {
    auto why = refused_subscription(token, succeeded);
    const auto topics = token.get_topics();
    if (why.empty() || !topics || topics->empty()) return;
    later(number, [filter = (*topics)[0], why = std::move(why)](Desk& desk) { desk.ears_.refused(filter, why); });
  }

  void connected() {
    watchdog_.cancel();
    up_ = true;
    wait_ = first_wait;
    ears_.link(std::nullopt);
    for (const auto& filter : filters_) subscribe(filter);
  }

  void subscribe(const std::string& filter) {
    try {
      attempt_->client.subscribe(filter, quality_of_service, nullptr, attempt_->subscribing);
    } catch (const mqtt::exception& error) {
      lost(number_, error.to_string());
    }
  }

  void lost(std::uint64_t number, const std::string& why) {
    if (number != number_) return;
    ++number_;  // whatever else this attempt says is of no interest
    up_ = false;
    watchdog_.cancel();
    ears_.link(failure(Fault::offline, fmt::format("the broker {}: {}", settings_.url(), why)));
    retry_.expires_after(std::exchange(wait_, std::min<steady_clock::duration>(2 * wait_, longest_wait)));
    retry_.async_wait([self = shared_from_this()](const auto& error) {
      if (!error) self->attempt();
    });
  }

  BrokerSettings settings_;
  Ears ears_;
  boost::asio::thread_pool::executor_type thread_;
  boost::asio::steady_timer retry_, watchdog_;
  steady_clock::duration wait_ = first_wait;
  std::set<std::string> filters_;
  std::uint64_t number_ = 0;
  bool up_ = false;
  std::unique_ptr<Attempt> attempt_;  ///< last: Paho's threads use what stands above until it is gone
};

PahoClient::PahoClient(BrokerSettings settings, Ears ears)
    : desk_{std::make_shared<Desk>(std::move(settings), std::move(ears), thread_.get_executor())} {}

PahoClient::~PahoClient() {
  boost::asio::post(thread_, [desk = std::move(desk_)] { desk->close(); });
  thread_.join();
}

void PahoClient::start() {
  boost::asio::post(thread_, [desk = desk_] { desk->attempt(); });
}

void PahoClient::subscribe(const std::string& filter) {
  boost::asio::post(thread_, [desk = desk_, filter] { desk->listen_to(filter); });
}

}  // namespace fettle::mqtt_input
