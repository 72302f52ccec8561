#pragma once

#include "modbus/stream_wire.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <string>
#include <vector>

namespace fettle::modbus {

/// A TCP connection to a host, which is a name or an address.
class TcpWire final : public StreamWire<boost::asio::ip::tcp::socket> {
 public:
  TcpWire(std::string host, unsigned short port);

  Result<void> open(Moment deadline) override;
  void expect_more() override;

 private:
  using Endpoints = std::vector<boost::asio::ip::tcp::endpoint>;

  Result<Endpoints> resolve(Moment deadline);
  boost::system::error_code connect(const boost::asio::ip::tcp::endpoint& endpoint, Moment deadline);

  std::string host_;
  unsigned short port_;
};

}  // namespace fettle::modbus
