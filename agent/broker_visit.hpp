#pragma once

#include "core/result.hpp"
#include "delivery/broker_settings.hpp"

#include <chrono>
#include <string>

namespace fettle {

/// Who visits a broker on behalf of a gateway: somebody else, for the gateway's own connection would end. A cloud service knows nobody but
/// the gateway itself.
std::string visitor(const delivery::BrokerSettings& settings, const std::string& gateway);

/// Connects to one of the broker's addresses as the `gateway`'s visitor, with the site's user, password and certificate, and leaves again.
/// Nothing is published, no will is left, and a broker remembers nothing of it. A failure says what the broker or the network answered.
Result<void> visit_broker(const delivery::BrokerSettings& settings, const delivery::Address& address,
                          const std::string& gateway, std::chrono::seconds patience);

}  // namespace fettle
