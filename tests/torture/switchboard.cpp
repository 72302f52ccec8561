// A Modbus TCP device whose holding registers are levers: switchboard PORT REGISTERS
// Whoever writes a register (function 6) sets what the next reader sees. It prints "ready" when it listens.

#include "plants/modbus_server.hpp"

#include <array>
#include <cstdio>
#include <cstdlib>

int main(int argc, char** argv) {
  using namespace fettle::plants;
  if (argc != 3) return EXIT_FAILURE;
  DeviceFace face;
  face.unit = 1;
  face.registers = static_cast<std::size_t>(std::atoi(argv[2]));
  face.table = Table::holding;
  const std::array faces{face};
  ModbusServer server{static_cast<unsigned short>(std::atoi(argv[1])), faces};
  std::puts("ready");
  std::fflush(stdout);
  server.serve([](const DeviceFace&, std::span<std::uint16_t>) { return Answer::registers; }, [] { return false; });
  return EXIT_SUCCESS;
}
