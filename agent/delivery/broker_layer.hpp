#pragma once

#include "delivery/broker.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <cstdint>
#include <memory>
#include <string>

namespace fettle::delivery {

/// A broker that stands before another one and says some things in other words. What a layer does not override passes through as it is.
class BrokerLayer : public Broker, protected BrokerListener {
 public:
  /// `listener` is called on `home`, which outlives the layer.
  BrokerLayer(boost::asio::any_io_executor home, BrokerListener& listener, const MakeBroker& make_inner)
      : home_{std::move(home)}, listener_{listener}, inner_{make_inner(*this)} {}

  void connect(const Approach& approach) override { inner_->connect(approach); }
  void subscribe(const std::string& filter) override { inner_->subscribe(filter); }
  void publish(const Message& message) override { inner_->publish(message); }
  void disconnect() override { inner_->disconnect(); }

 protected:
  /// Tokens of a layer's own messages begin here: Delivery counts its own from one.
  static constexpr std::uint64_t own_tokens = std::uint64_t{1} << 63U;

  void connected(const Welcome& welcome) override { listener_.connected(welcome); }
  void connection_lost(const std::string& reason) override { listener_.connection_lost(reason); }
  void rejected(const std::string& reason) override { listener_.rejected(reason); }
  void login_expires() override { listener_.login_expires(); }
  void published(std::uint64_t token) override { listener_.published(token); }
  void sent(std::uint64_t token) override { listener_.sent(token); }
  void refused(std::uint64_t token, const std::string& reason) override { listener_.refused(token, reason); }
  void postponed(std::uint64_t token, const std::string& reason) override {
    token < own_tokens ? listener_.postponed(token, reason) : refused(token, reason);
  }
  void subscribed(const std::string& refusal) override { listener_.subscribed(refusal); }
  void extra_answered(const std::string& of, const std::string& refusal) override {
    listener_.extra_answered(of, refusal);
  }
  void received(const Incoming& message) override { listener_.received(message); }

  Broker& inner() { return *inner_; }
  BrokerListener& listener() { return listener_; }
  const boost::asio::any_io_executor& home() const { return home_; }
  const std::shared_ptr<const bool>& alive() const { return alive_; }
  /// Answers for the inner broker, but not before the caller of the layer has returned.
  void refuse_soon(std::uint64_t token, std::string reason);
  void lose_soon(std::string reason);

 private:
  boost::asio::any_io_executor home_;
  BrokerListener& listener_;
  std::shared_ptr<const bool> alive_ = std::make_shared<const bool>(true);
  std::unique_ptr<Broker> inner_;  ///< last: it speaks to us until it is gone
};

}  // namespace fettle::delivery
