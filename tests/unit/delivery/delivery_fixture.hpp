#pragma once

#include "delivery/delivery.hpp"
#include "fakes.hpp"
#include "sample_alerts.hpp"

#include <gtest/gtest.h>
#include <chrono>
#include <memory>
#include <optional>

namespace fettle::delivery {

/// A delivery between a broker and an outbox that are made up, on a domain clock that stands still unless the test gives it another.
class DeliveryTest : public ::testing::Test {
 protected:
  /// All but start().
  Delivery& prepare(DomainClock clock) {
    if (settings_.addresses.empty()) settings_.addresses = {{"127.0.0.1", 1883}};
    delivery_.emplace(
        home_, clock, gateway_, settings_, outbox_,
        [this](BrokerListener& listener) {
          auto broker = std::make_unique<test::FakeBroker>(listener);
          broker_ = broker.get();
          return broker;
        },
        times_);
    delivery_->set_info(17, "info 17");
    return *delivery_;
  }
  Delivery& start(DomainClock clock = DomainClock{test::at("2026-11-21T09:15:00Z"), 1e-6}) {
    prepare(clock).start();
    return *delivery_;
  }
  void welcome(bool session_present = false, std::size_t receive_maximum = 16) {
    broker_->listener.connected({session_present, receive_maximum});
  }
  void settle() {
    home_.restart();
    home_.poll();
    broker_->acknowledge_all();
  }

  boost::asio::io_context home_;
  GatewayFacts gateway_ = test::sample_gateway();
  BrokerSettings settings_;
  test::FakeOutbox outbox_;
  DeliveryTimes times_{std::chrono::milliseconds{1},  std::chrono::milliseconds{4}, std::chrono::seconds{30},
                       std::chrono::milliseconds{20}, std::chrono::hours{1},        std::chrono::milliseconds{0}};
  test::FakeBroker* broker_ = nullptr;
  std::optional<Delivery> delivery_;
};

}  // namespace fettle::delivery
