#pragma once

#include "delivery/broker.hpp"
#include "delivery/outbox.hpp"

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace fettle::test {

/// A broker that writes down what it is asked, and says only what the test tells it to say.
class FakeBroker final : public delivery::Broker {
 public:
  explicit FakeBroker(delivery::BrokerListener& heard_by) : listener{heard_by} {}

  void connect(const delivery::Approach& approach) override {
    approaches.push_back(approach);
    wills.push_back(approach.will);
  }
  void subscribe(const std::string& filter) override { filters.push_back(filter); }
  void publish(const delivery::Message& message) override { messages.push_back(message); }
  void disconnect() override { ++farewells; }

  /// The topics' last words, in order: {"info", "status", "belt-slip"}.
  std::vector<std::string> topics() const {
    std::vector<std::string> result;
    for (const auto& message : messages) result.push_back(message.topic.substr(message.topic.rfind('/') + 1));
    return result;
  }
  void acknowledge(std::size_t place) {
    const auto& message = messages.at(place);
    message.quality_of_service == 0 ? listener.sent(message.token) : listener.published(message.token);
  }
  /// Acknowledges whatever comes until nothing comes any more.
  void acknowledge_all() {
    while (acknowledged < messages.size()) acknowledge(acknowledged++);
  }
  /// The messages that were sent to topics which end so.
  std::vector<delivery::Message> to(const std::string& ending) const {
    std::vector<delivery::Message> result;
    std::copy_if(messages.begin(), messages.end(), std::back_inserter(result),
                 [&ending](const auto& message) { return message.topic.ends_with(ending); });
    return result;
  }

  delivery::BrokerListener& listener;
  std::vector<delivery::Approach> approaches;
  std::vector<delivery::Will> wills;
  std::vector<std::string> filters;  ///< of subscriptions
  std::vector<delivery::Message> messages;
  std::size_t acknowledged = 0;
  int farewells = 0;
};

/// An outbox in memory.
class FakeOutbox final : public delivery::Outbox {
 public:
  void put(const std::string& slot, const std::string& id, int rev, AlertState state = AlertState::active,
           Time changed_at = {}) {
    std::erase_if(alerts, [&id](const auto& each) { return each.id == id; });
    alerts.push_back({slot, id, rev, state, changed_at, id + "-" + std::to_string(rev)});
    dirty[id] = true;
    ++last_sequence;
  }

  std::vector<delivery::QueuedAlert> changed(std::size_t at_most) override {
    ++asked;
    std::vector<delivery::QueuedAlert> result;
    for (const auto& each : alerts) {
      if (dirty[each.id] && result.size() < at_most) result.push_back(each);
    }
    return result;
  }
  std::size_t count_changed() override { return changed(1000).size(); }
  bool mark_sent(const std::string& id, int rev) override {
    if (disk_full) return false;
    for (const auto& each : alerts) {
      if (each.id == id && each.rev == rev) dirty[id] = false;
    }
    return true;
  }
  void mark_open_changed() override {
    for (const auto& each : alerts) dirty[each.id] = dirty[each.id] || each.state != AlertState::closed;
  }
  std::vector<delivery::OpenSlot> open() override {
    std::vector<delivery::OpenSlot> result;
    for (const auto& each : alerts) {
      if (each.state != AlertState::closed) result.push_back({each.slot, each.document});
    }
    return result;
  }
  std::uint64_t sequence() override { return last_sequence; }
  std::uint64_t next_session() override { return ++session; }
  std::uint64_t info_acknowledged() override { return info_sent; }
  void mark_info_sent(std::uint64_t rev) override { info_sent = rev; }
  std::vector<delivery::Withdrawal> to_withdraw(Time closed_before) override {
    asked_before = closed_before;
    return old;
  }
  void mark_withdrawn(const std::string& id) override {
    std::erase_if(old, [&id](const auto& each) { return each.id == id; });
  }
  bool is_awaiting_clock() override { return awaiting_clock; }
  void clock_is_right(Time) override { awaiting_clock = false; }

  std::vector<delivery::QueuedAlert> alerts;
  std::map<std::string, bool> dirty;
  std::vector<delivery::Withdrawal> old;
  Time asked_before{};
  std::uint64_t last_sequence = 0, session = 1811, info_sent = 0;
  bool awaiting_clock = false, disk_full = false;
  int asked = 0;  ///< how often for what has changed
};

/// Lets home work until something has come true; false when that takes longer than ten seconds.
inline bool run_until(boost::asio::io_context& home, const std::function<bool()>& true_now) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{10};
  while (!true_now()) {
    home.restart();
    if (home.run_one_until(deadline) == 0 && std::chrono::steady_clock::now() >= deadline) return false;
  }
  return true;
}

}  // namespace fettle::test
