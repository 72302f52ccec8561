#pragma once

#include "acquisition/driver.hpp"
#include "modbus/master.hpp"
#include "settings/fields.hpp"

#include <memory>
#include <string>

namespace fettle::modbus {

/// What the settings of a Modbus bus say, whatever its wire.
struct LineSettings {
  std::string key;
  Span timeout{}, min_gap{};
  long lowest_unit = 1, highest_unit = 247;
};

/// The keys that every bus has; `finish` is left to the caller.
LineSettings read_line_settings(settings::Fields& fields, Duration timeout);

/// A wire with its master, and the Modbus devices on it.
class Line final : public acquisition::Line {
 public:
  Line(LineSettings settings, std::unique_ptr<Wire> wire, std::unique_ptr<Master> master);

  std::unique_ptr<acquisition::Driver> attach(const acquisition::SharedProfile& profile, const settings::Node& device,
                                              settings::Mistakes& mistakes) override;
  void cancel() override { wire_->cancel(); }

 private:
  LineSettings settings_;
  std::unique_ptr<Wire> wire_;
  std::unique_ptr<Master> master_;  // after wire_, which it uses
};

}  // namespace fettle::modbus
