#pragma once

#include "modbus/serial_port.hpp"
#include "modbus/stream_wire.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>
#include <string>

namespace fettle::modbus {

/// A serial line; its path may be a USB id, which is looked for whenever it is opened: adapters come back under other names.
class SerialWire final : public StreamWire<boost::asio::posix::stream_descriptor> {
 public:
  SerialWire(const std::string& path, const SerialSettings& settings)
      : StreamWire{path}, path_{path}, settings_{settings} {}

  Result<void> open(Moment deadline) override;

 private:
  std::string path_;
  SerialSettings settings_;
};

}  // namespace fettle::modbus
