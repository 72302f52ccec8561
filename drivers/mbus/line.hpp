#pragma once

#include "acquisition/driver.hpp"
#include "mbus/master.hpp"
#include "modbus/serial_port.hpp"
#include "settings/fields.hpp"

#include <memory>
#include <string>

namespace fettle::mbus {

/// A level converter on a serial port, or behind a network converter that passes bytes on as they are. The line itself is 8E1.
struct LineSettings {
  std::string port;  ///< a serial port; empty if `host` is set
  std::string host;
  unsigned short tcp_port = 10001;
  unsigned baud = 2400;  ///< of the M-Bus, on either side of a network converter
  modbus::Parity parity = modbus::Parity::even;
  Span
      margin{};  ///< that adapters and networks may add to the time a meter has for its answer; zero: what such a wire is known to need
  int retries = 2;
};

/// A meter that is asked more often than this empties its battery years too early.
inline constexpr Duration kind_to_batteries = std::chrono::minutes{15};

/// What the `buses:` entry says, which is read to its end.
LineSettings read_line_settings(settings::Fields& fields);

/// The wire that such a line is. Opens nothing.
std::unique_ptr<Wire> make_wire(const LineSettings& settings);
LinkTiming timing_of(const LineSettings& settings);

/// An M-Bus with its master, and the meters on it.
class Line final : public acquisition::Line {
 public:
  explicit Line(const LineSettings& settings);

  std::unique_ptr<acquisition::Driver> attach(const acquisition::SharedProfile& profile, const settings::Node& device,
                                              settings::Mistakes& mistakes) override;
  void cancel() override { wire_->cancel(); }

  /// For scans.
  Master& master() { return master_; }

 private:
  std::unique_ptr<Wire> wire_;
  Master master_;  // after wire_, which it uses
};

}  // namespace fettle::mbus
