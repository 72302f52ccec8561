#pragma once

#include "support/child.hpp"

#include <cstdint>
#include <memory>

struct _modbus;

namespace fettle::test {

/// The machines of a torture, as far as the gateway can see them: one holding register each, in hundredths, held by a Modbus device in a
/// process of its own. Once set() has returned, every later poll sees the new value.
class Levers {
 public:
  explicit Levers(std::size_t count);

  unsigned short port() const { return port_; }
  void set(std::size_t lever, double value);

 private:
  struct Close {
    void operator()(_modbus* line) const;
  };

  unsigned short port_;
  Child switchboard_;
  std::unique_ptr<_modbus, Close> line_;
};

}  // namespace fettle::test
