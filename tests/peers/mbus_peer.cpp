// Simulated M-Bus meters on a TCP port of 127.0.0.1, or on a serial port:
//   mbus_peer tcp PORT [echo]
//   mbus_peer serial PATH [echo]
// Says "ready" when they can be asked.

#include "support/mbus_meters.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using boost::asio::ip::tcp;

void say_ready() {
  fmt::print("ready\n");
  std::fflush(stdout);
}

void serve_tcp(unsigned short port, fettle::test::MeterLine& line) {
  boost::asio::io_context context;
  tcp::acceptor acceptor{context, {boost::asio::ip::address_v4::loopback(), port}};
  say_ready();
  std::array<std::uint8_t, 256> bytes{};
  while (true) {
    auto socket = acceptor.accept();
    boost::system::error_code error;
    while (!error) {
      const auto count = socket.read_some(boost::asio::buffer(bytes), error);
      if (error) break;
      boost::asio::write(socket, boost::asio::buffer(line.hear(std::span{bytes}.first(count))), error);
    }
  }
}

void serve_serial(const std::string& path, fettle::test::MeterLine& line) {
  const int port = ::open(path.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (port < 0) throw std::runtime_error{"cannot open " + path};
  say_ready();
  std::array<std::uint8_t, 256> bytes{};
  while (true) {
    const auto count = ::read(port, bytes.data(), bytes.size());
    if (count <= 0) break;
    const auto heard = line.hear(std::span{bytes}.first(static_cast<std::size_t>(count)));
    // Byte by byte, as a line is.
    for (const auto byte : heard) {
      if (::write(port, &byte, 1) != 1) break;
    }
  }
  ::close(port);
}

}  // namespace

int main(int count, char** words) {
  const std::vector<std::string> arguments(words, words + count);
  if (arguments.size() < 3) return 64;
  fettle::test::MeterLine line;
  line.meters = fettle::test::three_meters();
  line.has_echo = arguments.size() > 3 && arguments[3] == "echo";
  if (arguments[1] == "tcp") serve_tcp(static_cast<unsigned short>(std::stoi(arguments[2])), line);
  if (arguments[1] == "serial") serve_serial(arguments[2], line);
  return 0;
}
