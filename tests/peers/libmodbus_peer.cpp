// A Modbus TCP server on libmodbus: libmodbus_peer PORT [count]
// With `count`, register 0 counts how often it was read. It has holding registers 0 to 3 of config/devices/generic_pump_io.yaml; the fifth, the ambient temperature, is refused.
// It prints "ready" when it listens, and serves one connection after the other.

#include <modbus.h>
#include <unistd.h>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <memory>

namespace {

using Context = std::unique_ptr<modbus_t, decltype(&modbus_free)>;
using Request = std::array<std::uint8_t, MODBUS_TCP_MAX_ADU_LENGTH>;
using Mapping = std::unique_ptr<modbus_mapping_t, decltype(&modbus_mapping_free)>;

constexpr std::array<std::uint16_t, 4> registers{530, 9000, 155, 4600};

constexpr int refusal_size = 9;

bool asks_for_first(const Request& request) { return request[8] == 0 && request[9] == 0; }

void serve(modbus_t* context, modbus_mapping_t* mapping, bool count) {
  Request request{};
  while (true) {
    const int size = modbus_receive(context, request.data());
    if (size < 0) return;
    if (size > 0 && modbus_reply(context, request.data(), size, mapping) > refusal_size && count &&
        asks_for_first(request))
      ++mapping->tab_registers[0];
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2 && argc != 3) return EXIT_FAILURE;
  const Context context{modbus_new_tcp("127.0.0.1", std::atoi(argv[1])), &modbus_free};
  const Mapping mapping{modbus_mapping_new(0, 0, registers.size(), 0), &modbus_mapping_free};
  for (std::size_t place = 0; place < registers.size(); ++place) mapping->tab_registers[place] = registers[place];
  int listener = modbus_tcp_listen(context.get(), 1);
  if (listener < 0) return EXIT_FAILURE;
  std::puts("ready");
  std::fflush(stdout);
  while (modbus_tcp_accept(context.get(), &listener) >= 0) {
    serve(context.get(), mapping.get(), argc == 3);
    modbus_close(context.get());
  }
  return EXIT_SUCCESS;
}
