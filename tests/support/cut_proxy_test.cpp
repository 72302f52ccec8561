#include "support/cut_proxy.hpp"

#include <gtest/gtest.h>
#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <string>

namespace fettle::test {
namespace {

using boost::asio::ip::tcp;
using Code = boost::system::error_code;

/// A server and a client with the proxy between them.
class Cable : public testing::Test {
 protected:
  void connect() {
    client = tcp::socket{context};
    server = tcp::socket{context};
    client.connect({boost::asio::ip::address_v4::loopback(), proxy.port()}, code);
    if (!code) acceptor.accept(server);
  }
  static void send(tcp::socket& from, const std::string& text) { boost::asio::write(from, boost::asio::buffer(text)); }
  /// What arrives; "" when the connection ends instead.
  std::string receive(tcp::socket& at, std::size_t size) {
    std::string text(size, ' ');
    boost::asio::read(at, boost::asio::buffer(text), code);
    return code ? "" : text;
  }

  boost::asio::io_context context;
  tcp::acceptor acceptor{context, {boost::asio::ip::address_v4::loopback(), 0}};
  CutProxy proxy{acceptor.local_endpoint().port()};
  tcp::socket client{context}, server{context};
  Code code;
};

TEST_F(Cable, carries_both_ways) {
  connect();
  send(client, "ping");
  EXPECT_EQ(receive(server, 4), "ping");
  send(server, "pong");
  EXPECT_EQ(receive(client, 4), "pong");
  EXPECT_EQ(proxy.connections(), 1U);
  EXPECT_EQ(proxy.forwarded(), 4U);
}

TEST_F(Cable, ends_both_sides_and_refuses_when_it_is_cut) {
  connect();
  send(client, "ping");
  EXPECT_EQ(receive(server, 4), "ping");
  proxy.cut();
  EXPECT_EQ(receive(client, 1), "");
  EXPECT_EQ(receive(server, 1), "");
  connect();
  EXPECT_EQ(code, boost::asio::error::connection_refused);
  proxy.restore();
  connect();
  send(client, "again");
  EXPECT_EQ(receive(server, 5), "again");
}

TEST_F(Cable, holds_everything_back_while_it_is_frozen) {
  connect();
  proxy.freeze();
  send(client, "late");
  EXPECT_EQ(server.available(), 0U);
  EXPECT_EQ(proxy.forwarded(), 0U);
  proxy.restore();
  EXPECT_EQ(receive(server, 4), "late");
}

}  // namespace
}  // namespace fettle::test
