#pragma once

#include "core/clock.hpp"
#include "delivery/delivery.hpp"
#include "delivery/filter_answers.hpp"
#include "delivery/link.hpp"
#include "delivery/rate_limit.hpp"
#include "delivery/sparkplug_node.hpp"
#include "delivery/sparkplug_slot.hpp"
#include "delivery/timer.hpp"

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace fettle::delivery {

/// What an edge node asks of the gateway.
struct SparkplugDoors {
  std::function<std::uint8_t()>
      next_session;  ///< bdSeq of the next connection: one more than of the last, over restarts
  CommandEar ear;    ///< hears commands of the requester `sparkplug_requester`
};

constexpr auto sparkplug_requester = "sparkplug";

/// Speaks for the gateway as an edge node of Sparkplug B 3.0, over a connection of its own beside the one for documents. Where a primary
/// host is named, it is born only while that host is online. Lives on home.
class Sparkplug final : private LinkUser {
 public:
  Sparkplug(boost::asio::io_context& home, DomainClock clock, const GatewayFacts& gateway,
            const SparkplugSettings& settings, SparkplugDoors doors, const MakeBroker& make_broker,
            const DeliveryTimes& times = {});
  Sparkplug(const Sparkplug&) = delete;
  Sparkplug& operator=(const Sparkplug&) = delete;
  ~Sparkplug() override;

  /// The latest document of a slot from before a restart. Before start().
  void recall(const std::string& slot, std::string document) { node_.recall(slot, std::move(document)); }
  /// Before start(), or whenever they have changed.
  void set_devices(const SparkplugNode::Devices& devices);
  /// Connects; the time has to be known by now. Calling again is without effect.
  void start();
  /// A slot has a new document.
  void revise(const std::string& slot, std::string document);
  /// What came of a command that the ear has heard.
  void answer(const std::string& document);
  /// Says that the node dies, waiting a moment for the broker to hear it, then calls `done`.
  void stop(std::function<void()> done);

  /// What the broker does not take.
  const std::optional<BrokerRefusal>& refusal() const { return link_refusal_ ? link_refusal_ : filter_refusal_; }

 private:
  Will last_words() override;
  void link_up(const Welcome& welcome) override;
  void link_down() override;
  void link_proved() override { link_refusal_.reset(); }
  void outage_began(const std::string& what) override;
  void link_rejected(const std::string& reason) override;
  void link_left() override { finish_stop(); }
  void message_published(std::uint64_t token) override;
  void message_refused(std::uint64_t token, const std::string& reason) override;
  void subscription_answered(const std::string& refusal) override;
  void message_received(const Incoming& message) override;

  void subscribe();
  void be_born();
  void be_born_again();
  void hear_host(const std::string& payload);
  void leave_host();
  void obey_node_command(const std::string& payload);
  void obey_device_command(const std::string& device, const std::string& payload);
  Result<sparkplug::Order> order_for(const std::string& device, const sparkplug::Wish& wish) const;
  void pass_on(const sparkplug::Order& order);
  void say_farewell();
  void farewell_ended();
  void finish_stop();
  void send(SparkplugNode::Outgoing messages);
  void complain(const std::string& what);
  std::string state_topic() const { return "spBv1.0/STATE/" + settings_.primary_host; }

  DomainClock clock_;
  GatewayFacts gateway_;
  SparkplugSettings settings_;
  SparkplugDoors doors_;
  DeliveryTimes times_;
  boost::asio::io_context& home_;
  Timer rebirth_, farewell_, hearing_;
  SparkplugNode node_;
  RateLimit complaints_;

  bool started_ = false;
  std::uint8_t session_ = 0;  ///< bdSeq of the present connection
  bool in_session_ = false;   ///< it has seen a birth
  std::chrono::steady_clock::time_point born_at_{};
  double host_time_ = 0;  ///< of the latest STATE in this connection; what is older does not count
  std::uint64_t last_token_ = 0, farewell_token_ = 0;
  std::uint64_t commands_ = 0;
  std::size_t told_forgotten_ = 0;
  FilterAnswers filters_;
  std::optional<BrokerRefusal> link_refusal_, filter_refusal_;  ///< of us, and of what we want to hear

  std::function<void()> stopped_;
  std::shared_ptr<const bool>
      alive_;  ///< shared with queued handlers as weak pointers, so that a late one finds nobody
  Link link_;  ///< last: it speaks to us until it is gone
};

}  // namespace fettle::delivery
