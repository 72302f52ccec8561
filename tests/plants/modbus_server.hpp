#pragma once

#include <modbus/modbus.h>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <vector>

#include "plants/registers.hpp"

namespace fettle::plants {

/// What a master gets for its request.
enum class Answer : std::uint8_t { registers, gateway_target_failed, silence };

/// Several Modbus units behind one TCP port of the loopback, spoken by libmodbus.
class ModbusServer {
 public:
  /// Called before each request to a unit that exists; may change its registers.
  using Prepare = std::function<Answer(const DeviceFace& face, std::span<std::uint16_t> registers)>;
  /// Asked after every request; true ends serve().
  using IsOver = std::function<bool()>;

  ModbusServer(unsigned short port, std::span<const DeviceFace> faces);
  ~ModbusServer();
  ModbusServer(const ModbusServer&) = delete;
  ModbusServer& operator=(const ModbusServer&) = delete;

  /// Serves all connections until SIGTERM, SIGINT or the end.
  void serve(const Prepare& prepare, const IsOver& is_over);

 private:
  struct Unit {
    DeviceFace face;
    std::unique_ptr<modbus_mapping_t, void (*)(modbus_mapping_t*)> mapping;
  };

  void accept();
  /// False when the master has gone.
  bool answer(int connection, const Prepare& prepare);
  void reply(std::span<const std::uint8_t> request, const Prepare& prepare);

  std::unique_ptr<modbus_t, void (*)(modbus_t*)> modbus_;
  std::map<int, Unit> units_;
  std::vector<int> connections_;
  int listener_;
  int signals_;
};

}  // namespace fettle::plants
