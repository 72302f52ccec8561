#pragma once

namespace fettle::pulse {

/// The system calls that a GPIO character device takes. A door that tests replace. A negative result is an errno.
class Kernel {
 public:
  Kernel() = default;
  Kernel(const Kernel&) = delete;
  Kernel& operator=(const Kernel&) = delete;
  virtual ~Kernel() = default;

  virtual int open(const char* path);
  virtual int control(int descriptor, unsigned long request, void* argument);
};

}  // namespace fettle::pulse
