#include "torture/levers.hpp"

#include "support/ports.hpp"

#include <modbus/modbus.h>
#include <cmath>
#include <stdexcept>

namespace fettle::test {

void Levers::Close::operator()(_modbus* line) const {
  modbus_close(line);
  modbus_free(line);
}

Levers::Levers(std::size_t count)
    : port_{free_port()},
      switchboard_{{FETTLE_SWITCHBOARD, std::to_string(port_), std::to_string(count)}},
      line_{modbus_new_tcp("127.0.0.1", port_)} {
  const bool listens = switchboard_.wait_for_line("ready", std::chrono::seconds{10}).has_value();
  if (!listens || modbus_set_slave(line_.get(), 1) != 0 || modbus_connect(line_.get()) != 0) {
    throw std::runtime_error{"the switchboard does not answer:\n" + switchboard_.output()};
  }
}

void Levers::set(std::size_t lever, double value) {
  const auto hundredths = static_cast<std::uint16_t>(std::lround(value * 100));
  if (modbus_write_register(line_.get(), static_cast<int>(lever), hundredths) != 1) {
    throw std::runtime_error{std::string{"the switchboard refuses a value: "} + modbus_strerror(errno)};
  }
}

}  // namespace fettle::test
