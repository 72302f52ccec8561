#include "doctor/baud.hpp"

// The kernel's own terminal settings: glibc's know only a fixed list of baud rates.
#include <asm/ioctls.h>
#include <asm/termbits.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <cerrno>
#include <cmath>
#include <system_error>

namespace fettle::doctor {
namespace {

constexpr double tolerance = 0.03;  ///< that a receiver forgives

std::string reason(int error) { return std::generic_category().message(error); }

bool control(int port, unsigned long request, termios2& mode) {
  return ::ioctl(port, request, &mode) == 0;  // NOLINT(cppcoreguidelines-pro-type-vararg): no other door
}

std::string trouble_at(int port, unsigned baud) {
  termios2 before{};
  if (!control(port, TCGETS2, before)) return fmt::format("is no serial port ({})", reason(errno));
  auto wanted = before;
  wanted.c_cflag = (wanted.c_cflag & ~static_cast<tcflag_t>(CBAUD | CBAUDEX)) | BOTHER;
  wanted.c_ispeed = wanted.c_ospeed = baud;
  if (!control(port, TCSETS2, wanted)) return fmt::format("cannot do {} baud ({})", baud, reason(errno));
  auto got = before;
  control(port, TCGETS2, got);
  control(port, TCSETS2, before);
  if (std::abs(double{1} * got.c_ospeed - baud) <= tolerance * baud) return {};
  return fmt::format("does {} baud instead of {}", got.c_ospeed, baud);
}

}  // namespace

std::string trouble_with_baud(const std::filesystem::path& port, unsigned baud) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): open() has no other form
  const int opened = ::open(port.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (opened < 0) return fmt::format("cannot be opened ({})", reason(errno));
  const auto trouble =
      ::flock(opened, LOCK_EX | LOCK_NB) != 0 ? "is held by another program" : trouble_at(opened, baud);
  ::close(opened);
  return trouble;
}

}  // namespace fettle::doctor
