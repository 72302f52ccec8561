#include "modbus/serial_port.hpp"

#include "core/files.hpp"

// The kernel's own terminal settings, because glibc's know only a fixed list of baud rates; the two cannot be included together.
#include <asm/ioctls.h>
#include <asm/termbits.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <linux/serial.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <cerrno>
#include <system_error>
#include <utility>

namespace fettle::modbus {
namespace {

std::string reason(int error) { return std::generic_category().message(error); }

template <class Argument>
bool control(const Descriptor& port, unsigned long request, Argument argument) {
  return ::ioctl(port.number(), request, argument) == 0;  // NOLINT(cppcoreguidelines-pro-type-vararg): no other door
}

termios2 raw_mode(const SerialSettings& settings) {
  termios2 mode{};
  mode.c_cflag = CREAD | CLOCAL | CS8 | BOTHER;
  if (settings.parity != Parity::none) mode.c_cflag |= PARENB;
  if (settings.parity == Parity::odd) mode.c_cflag |= PARODD;
  if (settings.stop_bits == 2) mode.c_cflag |= CSTOPB;
  mode.c_iflag = settings.parity == Parity::none ? 0U : INPCK;
  mode.c_ispeed = mode.c_ospeed = settings.baud;
  mode.c_cc[VMIN] = 1;
  return mode;
}

/// FTDI adapters hold bytes back for 16 ms otherwise. Whatever is no such adapter does not know the call.
void prefer_low_latency(const Descriptor& port) {
  serial_struct driver{};
  if (!control(port, TIOCGSERIAL, &driver)) return;
  driver.flags = static_cast<int>(static_cast<unsigned>(driver.flags) | ASYNC_LOW_LATENCY);
  control(port, TIOCSSERIAL, &driver);
}

bool switch_direction_in_kernel(const Descriptor& port, const Rs485& settings) {
  serial_rs485 mode{};
  mode.flags = SER_RS485_ENABLED | (settings.send_with_rts_high ? SER_RS485_RTS_ON_SEND : SER_RS485_RTS_AFTER_SEND);
  mode.delay_rts_before_send = settings.before;
  mode.delay_rts_after_send = settings.after;
  return control(port, TIOCSRS485, &mode);
}

}  // namespace

Result<int> open_serial_port(const std::string& path, const SerialSettings& settings) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): open() has no other form
  Descriptor port{::open(path.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)};
  const auto cause = errno;
  if (port.number() < 0 && cause != EBUSY) {
    return failure(Fault::offline, fmt::format("cannot open {} ({})", path, reason(cause)));
  }
  if (port.number() < 0 || ::flock(port.number(), LOCK_EX | LOCK_NB) != 0) {
    return failure(Fault::offline, fmt::format("{} is held by another process (a running agent?)", path));
  }
  control(port, TIOCEXCL, 0);
  auto mode = raw_mode(settings);
  if (!control(port, TCSETS2, &mode)) {
    return failure(Fault::offline,
                   fmt::format("{} is not a serial port that can do {} baud ({})", path, settings.baud, reason(errno)));
  }
  if (settings.rs485 && !switch_direction_in_kernel(port, *settings.rs485)) {
    return failure(Fault::offline,
                   fmt::format("the kernel cannot switch the direction of {} ({}); leave rs485 out if the "
                               "adapter does that itself, as USB adapters do",
                               path, reason(errno)));
  }
  prefer_low_latency(port);
  control(port, TCFLSH, TCIOFLUSH);
  return port.release();
}

}  // namespace fettle::modbus
