#pragma once

#include "core/result.hpp"
#include "delivery/broker_settings.hpp"

#include <chrono>
#include <string>

namespace fettle {

/// Connects to one of the broker's addresses as `client`, with the site's user, password and certificate, and leaves again. Nothing is
/// published, no will is left, and the broker remembers nothing of it. The client must not be the gateway's own id: its connection would
/// end. A failure says what the broker or the network answered.
Result<void> visit_broker(delivery::BrokerSettings settings, const delivery::Address& address,
                          const std::string& client, std::chrono::seconds patience);

}  // namespace fettle
