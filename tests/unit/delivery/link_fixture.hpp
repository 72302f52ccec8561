#pragma once

#include "delivery_fixture.hpp"

#include <cstddef>
#include <string>

namespace fettle::delivery {

/// A gateway with three brokers.
class LinkTest : public DeliveryTest {
 protected:
  LinkTest() { settings_.addresses = {{"a", 1883}, {"b", 1883}, {"c", 1883}}; }

  bool attempts(std::size_t count) {
    return test::run_until(home_, [this, count] { return broker_->approaches.size() >= count; });
  }
  std::string hosts() const {
    std::string result;
    for (const auto& each : broker_->approaches) result += each.address.host;
    return result;
  }
  void lose() { broker_->listener.connection_lost("broken"); }
};

}  // namespace fettle::delivery
