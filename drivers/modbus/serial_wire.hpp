#pragma once

#include "modbus/serial_port.hpp"
#include "modbus/stream_wire.hpp"
#include "modbus/usb_port.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>
#include <string>
#include <utility>

namespace fettle::modbus {

/// A serial line; its path may be a USB id, which is looked for whenever it is opened: adapters come back under other names.
class SerialWire final : public StreamWire<boost::asio::posix::stream_descriptor> {
 public:
  SerialWire(const std::string& path, const SerialSettings& settings, TerminalFolders folders = {})
      : StreamWire{path}, path_{path}, settings_{settings}, folders_{std::move(folders)} {}

  Result<void> open(Moment deadline) override;

 private:
  std::string path_;
  SerialSettings settings_;
  TerminalFolders folders_;
};

}  // namespace fettle::modbus
