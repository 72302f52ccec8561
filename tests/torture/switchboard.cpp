// A Modbus TCP device whose holding registers are levers: switchboard PORT REGISTERS [counting]
// Whoever writes a register (function 6) sets what the next reader sees. It prints "ready" when it listens.
// With "counting", the first register counts the requests, and each of them is a line: "poll 17".

#include "plants/modbus_server.hpp"

#include <array>
#include <cstdio>
#include <cstdlib>

namespace {

using namespace fettle::plants;

Answer count(const DeviceFace&, std::span<std::uint16_t> registers) {
  std::printf("poll %d\n", ++registers.front());
  std::fflush(stdout);
  return Answer::registers;
}

Answer hold_still(const DeviceFace&, std::span<std::uint16_t>) { return Answer::registers; }

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3 && argc != 4) return EXIT_FAILURE;
  DeviceFace face;
  face.unit = 1;
  face.registers = static_cast<std::size_t>(std::atoi(argv[2]));
  face.table = Table::holding;
  const std::array faces{face};
  ModbusServer server{static_cast<unsigned short>(std::atoi(argv[1])), faces};
  std::puts("ready");
  std::fflush(stdout);
  server.serve(argc == 4 ? count : hold_still, [] { return false; });
  return EXIT_SUCCESS;
}
