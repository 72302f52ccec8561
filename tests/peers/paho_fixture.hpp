#pragma once

#include "delivery/paho_broker.hpp"

#include <gtest/gtest.h>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace fettle::delivery {

/// Writes down what it hears.
class Notes final : public BrokerListener {
 public:
  void connected(const Welcome& welcome) override {
    heard.emplace_back(welcome.session_present ? "connected again" : "connected");
    receive_maximum = welcome.receive_maximum;
  }
  void connection_lost(const std::string& reason) override { heard.push_back("lost: " + reason); }
  void published(std::uint64_t token) override { heard.push_back("published " + std::to_string(token)); }
  void subscribed(const std::string& refusal) override {
    heard.push_back(refusal.empty() ? "subscribed" : "not subscribed: " + refusal);
  }
  void received(const Incoming& message) override {
    heard.push_back("received on " + message.topic);
    incoming.push_back(message);
  }
  void refused(std::uint64_t token, const std::string& reason) override {
    heard.push_back("refused " + std::to_string(token) + ": " + reason);
  }

  std::vector<std::string> heard;
  std::vector<Incoming> incoming;
  std::size_t receive_maximum = 0;
};

class PahoBrokerTest : public ::testing::Test {
 protected:
  static BrokerSettings settings_for(unsigned short port) {
    BrokerSettings settings;
    settings.addresses = {{"127.0.0.1", port}};
    return settings;
  }
  static Approach approach(const BrokerSettings& settings, std::chrono::seconds delay = std::chrono::seconds{60}) {
    return {settings.addresses.front(), settings.tls, {{"wire/gw-0042/status", "lost"}, delay}};
  }
  static Message message(std::uint64_t token) {
    return {"wire/gw-0042/alert/a/b", "text", "application/json", true, std::chrono::seconds{60}, token};
  }
  /// A broker that tries to connect at once.
  std::unique_ptr<PahoBroker> connecting(const BrokerSettings& settings) {
    auto broker = std::make_unique<PahoBroker>(settings, "gw-0042", home_.get_executor(), notes_);
    broker->connect(approach(settings));
    return broker;
  }
  /// A broker that has been asked for commands, and has answered.
  std::unique_ptr<PahoBroker> listening(const BrokerSettings& settings) {
    auto broker = connecting(settings);
    hears(1);
    broker->subscribe("wire/gw-0042/cmd/#");
    hears(2);
    return broker;
  }
  bool hears(std::size_t count) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{10};
    while (notes_.heard.size() < count && std::chrono::steady_clock::now() < deadline) {
      home_.restart();
      home_.run_one_until(deadline);
    }
    return notes_.heard.size() >= count;
  }

  boost::asio::io_context home_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_ = boost::asio::make_work_guard(home_);
  Notes notes_;
};

}  // namespace fettle::delivery
