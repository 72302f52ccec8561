#include "pulse/kernel.hpp"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <cerrno>

namespace fettle::pulse {

int Kernel::open(const char* path) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): open() has no other form
  const int descriptor = ::open(path, O_RDONLY | O_CLOEXEC);
  return descriptor < 0 ? -errno : descriptor;
}

int Kernel::control(int descriptor, unsigned long request, void* argument) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): no other door
  const int result = ::ioctl(descriptor, request, argument);
  return result < 0 ? -errno : result;
}

}  // namespace fettle::pulse
