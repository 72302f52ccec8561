#pragma once

#include "delivery/cloud_service.hpp"
#include "fakes.hpp"
#include "sample_alerts.hpp"

#include <gtest/gtest.h>
#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace fettle::delivery {

/// Writes down what a layer says to the one above it.
class Ear final : public BrokerListener {
 public:
  void connected(const Welcome& welcome) override {
    heard.emplace_back("connected");
    receive_maximum = welcome.receive_maximum;
  }
  void connection_lost(const std::string& reason) override { heard.push_back("lost: " + reason); }
  void rejected(const std::string& reason) override { heard.push_back("rejected: " + reason); }
  void login_expires() override { heard.emplace_back("login expires"); }
  void published(std::uint64_t token) override { heard.push_back("published " + std::to_string(token)); }
  void refused(std::uint64_t token, const std::string& reason) override {
    heard.push_back("refused " + std::to_string(token) + ": " + reason);
  }
  void subscribed(const std::string& refusal) override { heard.push_back("subscribed: " + refusal); }
  void extra_answered(const std::string& of, const std::string& refusal) override { extras[of] = refusal; }
  void received(const Incoming& message) override { incoming.push_back(message); }

  std::vector<std::string> heard;
  std::map<std::string, std::string> extras;  ///< what was said last of each
  std::vector<Incoming> incoming;
  std::size_t receive_maximum = 0;
};

/// A layer between an ear and a broker that are made up.
class LayerTest : public ::testing::Test {
 protected:
  MakeBroker inner() {
    return [this](BrokerListener& listener) {
      auto broker = std::make_unique<test::FakeBroker>(listener);
      broker_ = broker.get();
      return broker;
    };
  }
  static Message message(std::string topic, std::string payload, std::uint64_t token = 7) {
    Message result{std::move(topic), std::move(payload)};
    result.token = token;
    return result;
  }
  /// Lets the layer say what it has put off.
  void settle() {
    home_.restart();
    home_.poll();
  }
  bool hears(const std::string& text) {
    return test::run_until(home_, [&] { return std::count(ear_.heard.begin(), ear_.heard.end(), text) > 0; });
  }
  const Message& sent() const { return broker_->messages.back(); }

  boost::asio::io_context home_;
  LayerFacts facts_{"gw-0042", "fettle/v1", DomainClock{test::at("2026-11-21T09:15:00Z"), 1e-6}, home_.get_executor()};
  Ear ear_;
  test::FakeBroker* broker_ = nullptr;
};

}  // namespace fettle::delivery
