#include "delivery/broker_layer.hpp"

#include <boost/asio/post.hpp>
#include <utility>

namespace fettle::delivery {

void BrokerLayer::refuse_soon(std::uint64_t token, std::string reason) {
  boost::asio::post(home_, [this, alive = std::weak_ptr{alive_}, token, reason = std::move(reason)] {
    if (!alive.expired()) listener_.refused(token, reason);
  });
}

void BrokerLayer::lose_soon(std::string reason) {
  boost::asio::post(home_, [this, alive = std::weak_ptr{alive_}, reason = std::move(reason)] {
    if (!alive.expired()) listener_.connection_lost(reason);
  });
}

}  // namespace fettle::delivery
