#include "plants/modbus_server.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>

namespace fettle::plants {
namespace {

constexpr std::size_t unit_offset = 6;  ///< of the unit id in a Modbus TCP request
constexpr int backlog = 8;

[[noreturn]] void fail(const char* what) { throw std::system_error{errno, std::generic_category(), what}; }

std::span<std::uint16_t> registers_of(modbus_mapping_t& mapping, Table table) {
  if (table == Table::holding) return {mapping.tab_registers, static_cast<std::size_t>(mapping.nb_registers)};
  return {mapping.tab_input_registers, static_cast<std::size_t>(mapping.nb_input_registers)};
}

/// Endings are read like requests, so that none is missed between two of them.
int open_signals() {
  sigset_t endings{};
  sigemptyset(&endings);
  sigaddset(&endings, SIGTERM);
  sigaddset(&endings, SIGINT);
  if (pthread_sigmask(SIG_BLOCK, &endings, nullptr) != 0) fail("pthread_sigmask");
  const int descriptor = signalfd(-1, &endings, SFD_CLOEXEC);
  if (descriptor < 0) fail("signalfd");
  return descriptor;
}

}  // namespace

ModbusServer::ModbusServer(unsigned short port, std::span<const DeviceFace> faces)
    : modbus_{modbus_new_tcp("127.0.0.1", port), modbus_free},
      listener_{modbus_tcp_listen(modbus_.get(), backlog)},
      signals_{open_signals()} {
  if (listener_ < 0) fail("cannot listen");
  for (const auto& face : faces) {
    const auto count = static_cast<int>(face.registers);
    const bool holding = face.table == Table::holding;
    auto* mapping = modbus_mapping_new(0, 0, holding ? count : 0, holding ? 0 : count);
    if (mapping == nullptr) fail("registers");
    units_.emplace(face.unit, Unit{face, {mapping, modbus_mapping_free}});
  }
}

ModbusServer::~ModbusServer() {
  for (const int connection : connections_) close(connection);
  if (listener_ >= 0) close(listener_);
  close(signals_);
}

void ModbusServer::serve(const Prepare& prepare, const IsOver& is_over) {
  while (!is_over()) {
    std::vector<pollfd> watched{{signals_, POLLIN, 0}, {listener_, POLLIN, 0}};
    for (const int connection : connections_) watched.push_back({connection, POLLIN, 0});
    if (poll(watched.data(), watched.size(), -1) < 0 && errno != EINTR) fail("poll");
    if (watched[0].revents != 0) return;
    if (watched[1].revents != 0) accept();
    for (std::size_t n = 2; n < watched.size(); ++n) {
      if (watched[n].revents == 0 || answer(watched[n].fd, prepare)) continue;
      close(watched[n].fd);
      std::erase(connections_, watched[n].fd);
    }
  }
}

void ModbusServer::accept() {
  const int connection = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
  if (connection < 0) return;
  const int yes = 1;
  setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  connections_.push_back(connection);
}

bool ModbusServer::answer(int connection, const Prepare& prepare) {
  std::array<std::uint8_t, MODBUS_TCP_MAX_ADU_LENGTH> request{};
  modbus_set_socket(modbus_.get(), connection);
  const int length = modbus_receive(modbus_.get(), request.data());
  if (length < 0) return false;
  if (length > 0) reply({request.data(), static_cast<std::size_t>(length)}, prepare);
  return true;
}

void ModbusServer::reply(std::span<const std::uint8_t> request, const Prepare& prepare) {
  const auto unit = units_.find(request[unit_offset]);
  const auto chosen = unit == units_.end()
                          ? Answer::gateway_target_failed
                          : prepare(unit->second.face, registers_of(*unit->second.mapping, unit->second.face.table));
  switch (chosen) {
    case Answer::registers:
      modbus_reply(modbus_.get(), request.data(), static_cast<int>(request.size()), unit->second.mapping.get());
      break;
    case Answer::gateway_target_failed:
      modbus_reply_exception(modbus_.get(), request.data(), MODBUS_EXCEPTION_GATEWAY_TARGET);
      break;
    case Answer::silence: break;
  }
}

}  // namespace fettle::plants
