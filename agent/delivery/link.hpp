#pragma once

#include "core/result.hpp"
#include "delivery/backoff.hpp"
#include "delivery/broker.hpp"
#include "delivery/broker_settings.hpp"
#include "delivery/timer.hpp"

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace fettle::delivery {

/// How the connection is kept up; real times.
struct DeliveryTimes {
  std::chrono::milliseconds first_retry{1'000};
  std::chrono::milliseconds longest_retry{60'000};
  std::chrono::milliseconds connect_deadline{30'000};  ///< then the attempt is given up, whatever became of it
  std::chrono::milliseconds farewell_deadline{2'000};
  std::chrono::milliseconds return_after{3'600'000};  ///< on another broker than the first; 0: for good
  /// An end of the connection so soon after its beginning, or after a message, may be the broker's way to refuse it.
  std::chrono::milliseconds soon{10'000};
};

/// Who uses a Link.
class LinkUser {
 public:
  LinkUser() = default;
  LinkUser(const LinkUser&) = delete;
  LinkUser& operator=(const LinkUser&) = delete;
  virtual ~LinkUser() = default;

  /// The will of the next connection; asked for once for each attempt.
  virtual Will last_words() = 0;
  virtual void link_up(const Welcome& welcome) = 0;
  /// The broker or the network has ended the connection; link_down() follows. True if it is known by now what ends it.
  virtual bool link_broken(const std::string& /*reason*/) { return false; }
  virtual void link_down() = 0;
  /// The broker has answered in this connection, and has not ended it for a while.
  virtual void link_proved() = 0;
  /// Once for each outage: "mqtt://broker.example:1883: no answer".
  virtual void outage_began(const std::string& what) = 0;
  /// A broker has answered, and does not let us in, or throws us out soon after that, each time. Until link_proved().
  virtual void link_rejected(const std::string& reason) = 0;
  /// After leave(), when the broker was faster.
  virtual void link_left() = 0;
  virtual void message_published(std::uint64_t token) = 0;
  virtual void message_refused(std::uint64_t token, const std::string& reason) = 0;
  virtual void message_postponed(std::uint64_t token, const std::string& reason) { message_refused(token, reason); }
  virtual void subscription_answered(const std::string& refusal) = 0;
  virtual void extra_answered(const std::string& /*of*/, const std::string& /*refusal*/) {}
  virtual void message_received(const Incoming& message) = 0;
};

/// Keeps the gateway connected to one of its brokers. They are tried in order; when a round has failed, the next one begins after a
/// growing wait. A broker that had been of use and goes away has left every gateway alone, so they come back at a random moment, to the
/// first one again. From another than the first, the first is tried again from time to time. Of use is a broker that answers and that
/// keeps up the connection for a while: one that refuses something may have no other way to say so than to end it. Lives on home.
class Link final : private BrokerListener {
 public:
  using Done = std::function<void(Result<void>)>;

  Link(boost::asio::io_context& home, const BrokerSettings& settings, std::string name, LinkUser& user,
       const MakeBroker& make_broker, const DeliveryTimes& times);
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;
  ~Link() override;

  void start();
  bool is_up() const { return state_ == State::up; }
  /// Whether the broker has answered in this connection.
  bool is_answered() const { return is_up() && answered_; }
  /// Where it is connected to, or tries to be.
  const Address& address() const { return settings_.addresses.at(place_); }

  void publish(const Message& message) { broker_->publish(message); }
  void subscribe(const std::string& filter) { broker_->subscribe(filter); }

  /// Leaves this broker for the next one; where it is the only one, it is come back to after a moment.
  void move_on();

  /// No more attempts from now on; the present connection stays for last messages until end().
  void leave();
  void end();

  /// Whether there is a certificate in the incoming folder that may take the place of the present one, and nothing in its way.
  Result<void> can_rotate() const;
  /// Connects with that certificate. If the broker welcomes it, it takes the place of the present one; otherwise the old connection is
  /// made again. `done` is told how it ended, when there is a connection again or the first attempt at one has failed.
  void rotate(Done done);

 private:
  enum class State : std::uint8_t { down, connecting, up, leaving };
  /// A certificate on probation.
  struct Trial {
    TlsFiles files;
    Done done;
    std::optional<Result<void>> verdict;
  };

  void connected(const Welcome& welcome) override;
  void connection_lost(const std::string& reason) override;
  void rejected(const std::string& reason) override;
  void login_expires() override;
  void published(std::uint64_t token) override;
  void sent(std::uint64_t token) override { user_.message_published(token); }
  void refused(std::uint64_t token, const std::string& reason) override { user_.message_refused(token, reason); }
  void postponed(std::uint64_t token, const std::string& reason) override { user_.message_postponed(token, reason); }
  void subscribed(const std::string& refusal) override;
  void extra_answered(const std::string& of, const std::string& refusal) override { user_.extra_answered(of, refusal); }
  void received(const Incoming& message) override { user_.message_received(message); }

  void attempt();
  void give_up();
  void hold();
  void prove();
  void note_end(const std::string& reason);
  void drop();
  void return_to_first();
  std::chrono::milliseconds wait_before_next(bool was_of_use);
  bool is_on_probation() const { return trial_ && !trial_->verdict; }
  void reject_certificate(const Error& error);
  void tell_verdict();

  BrokerSettings settings_;
  std::string name_;  ///< the gateway's, which its certificate carries
  LinkUser& user_;
  DeliveryTimes times_;
  Timer retry_, watchdog_, return_, proof_;
  Backoff backoff_;
  State state_ = State::down;
  std::size_t place_ = 0;     ///< of the address
  bool answered_ = false;     ///< in this connection the broker has acknowledged something, or a subscription
  bool held_ = false;         ///< it has not ended soon
  bool of_use_ = false;       ///< both
  int early_ends_ = 0;        ///< connections in a row that were of no use, and nobody knows why
  bool outage_told_ = false;  ///< and no connection has been of use since
  bool returning_ = false;    ///< this attempt is to see whether the first broker is back
  std::optional<Trial> trial_;

  std::shared_ptr<const bool>
      alive_;                       ///< shared with queued handlers as weak pointers, so that a late one finds nobody
  std::unique_ptr<Broker> broker_;  ///< last: it speaks to us until it is gone
};

}  // namespace fettle::delivery
