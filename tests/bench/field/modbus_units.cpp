#include "field/modbus_units.hpp"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <stdexcept>
#include <system_error>

namespace fettle::bench {
namespace {

using Millis = std::chrono::milliseconds;

constexpr std::size_t header_size = 6, request_size = header_size + 6;
constexpr std::size_t most_registers = 125;
constexpr int patience_in_ms = 100;  ///< after which is looked whether anybody still wants this

[[noreturn]] void fail(const char* what) { throw std::system_error{errno, std::generic_category(), what}; }

std::uint16_t word(std::span<const std::uint8_t> bytes, std::size_t at) {
  return static_cast<std::uint16_t>(bytes[at] << 8U | bytes[at + 1]);
}

void put(std::vector<std::uint8_t>& bytes, unsigned number) {
  bytes.push_back(static_cast<std::uint8_t>(number >> 8U & 0xFFU));
  bytes.push_back(static_cast<std::uint8_t>(number & 0xFFU));
}

std::uint64_t now() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(std::chrono::floor<Millis>(since).count());
}

void watch(int events, int descriptor) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = descriptor;
  if (epoll_ctl(events, EPOLL_CTL_ADD, descriptor, &event) != 0) fail("epoll_ctl");
}

}  // namespace

ModbusUnits::ModbusUnits(std::size_t servers) : events_{epoll_create1(EPOLL_CLOEXEC)} {
  for (std::size_t number = 0; number < servers; ++number) listen();
  thread_ = std::jthread{[this](const std::stop_token& stop) { serve(stop); }};
}

ModbusUnits::~ModbusUnits() {
  thread_ = {};
  for (const auto& [connection, received] : connections_) close(connection);
  for (const int listener : listeners_) close(listener);
  close(events_);
}

Millis ModbusUnits::age_of(std::uint16_t value, unsigned number, std::chrono::sys_time<Millis> time) {
  const auto then = static_cast<std::uint16_t>(value - number);
  const auto stamp = static_cast<std::uint16_t>(time.time_since_epoch().count());
  return Millis{static_cast<std::int16_t>(stamp - then)};
}

void ModbusUnits::listen() {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const any =
      reinterpret_cast<sockaddr*>(&address);  // NOLINT(*-reinterpret-cast): the socket interface's own shape
  if (listener < 0 || bind(listener, any, size) != 0 || ::listen(listener, 8) != 0 ||
      getsockname(listener, any, &size) != 0) {
    fail("cannot listen");
  }
  listeners_.push_back(listener);
  ports_.push_back(ntohs(address.sin_port));
  watch(events_, listener);
}

void ModbusUnits::serve(const std::stop_token& stop) {
  std::array<epoll_event, 64> ready{};
  while (!stop.stop_requested()) {
    const int count = epoll_wait(events_, ready.data(), ready.size(), patience_in_ms);
    for (int place = 0; place < count; ++place) {
      const int descriptor = ready.at(static_cast<std::size_t>(place)).data.fd;
      const auto connection = connections_.find(descriptor);
      if (connection == connections_.end()) {
        accept(descriptor);
      } else if (!receive(descriptor, connection->second)) {
        close(descriptor);
        connections_.erase(connection);
      }
    }
  }
}

void ModbusUnits::accept(int listener) {
  const int connection = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
  if (connection < 0) return;
  const int yes = 1;
  setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  connections_[connection];
  watch(events_, connection);
}

bool ModbusUnits::receive(int connection, std::vector<std::uint8_t>& received) {
  std::array<std::uint8_t, 4096> chunk{};
  const auto count = read(connection, chunk.data(), chunk.size());
  if (count <= 0) return false;
  received.insert(received.end(), chunk.begin(), chunk.begin() + count);
  while (received.size() >= header_size && received.size() >= header_size + word(received, 4)) {
    const auto size = header_size + word(received, 4);
    answer(connection, {received.data(), size});
    received.erase(received.begin(), received.begin() + static_cast<std::ptrdiff_t>(size));
  }
  return true;
}

void ModbusUnits::answer(int connection, std::span<const std::uint8_t> request) {
  if (request.size() < request_size) return;
  const auto unit = request[header_size];
  const auto function = request[header_size + 1];
  ++requests_.at(unit);
  if (mute_.at(unit)) return;
  const unsigned first = word(request, header_size + 2), count = word(request, header_size + 4);
  std::vector<std::uint8_t> reply{request.begin(), request.begin() + 4};
  if ((function != 3 && function != 4) || count == 0 || count > most_registers) {
    put(reply, 3);
    reply.insert(reply.end(), {unit, static_cast<std::uint8_t>(function | 0x80U), 1});
  } else {
    put(reply, 3 + 2 * count);
    reply.insert(reply.end(), {unit, function, static_cast<std::uint8_t>(2 * count)});
    const auto moment = now();
    for (unsigned number = first; number < first + count; ++number) put(reply, static_cast<unsigned>(moment + number));
  }
  if (write(connection, reply.data(), reply.size()) < 0 && errno != EPIPE && errno != ECONNRESET) fail("write");
}

}  // namespace fettle::bench
