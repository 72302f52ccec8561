#pragma once

#include "modbus/pdu.hpp"
#include "modbus/wire.hpp"

#include <cstdint>

namespace fettle::modbus {

/// Who is asked, and how it wants to be asked.
struct Station {
  std::uint8_t unit = 1;
  Span timeout{};  ///< from the end of the request to the beginning of the answer
  Span min_gap{};  ///< silence before a request
};

/// Asks one question at a time on one wire, and takes nothing for its answer that is not.
class Master {
 public:
  Master() = default;
  Master(const Master&) = delete;
  Master& operator=(const Master&) = delete;
  virtual ~Master() = default;

  virtual Result<Words> ask(const Station& station, const Request& request) = 0;
};

}  // namespace fettle::modbus
