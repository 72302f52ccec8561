#include "pulse/device.hpp"
#include "pulse/line.hpp"

namespace fettle::pulse {
namespace {

std::unique_ptr<acquisition::Line> make_line(const settings::Node& bus, settings::Mistakes& mistakes) {
  settings::Fields fields{bus, mistakes};
  fields.text("id", "");
  fields.child("driver");
  const auto chip = fields.text("chip", "/dev/gpiochip0");
  const auto state = fields.text("state", "");
  fields.finish();
  return std::make_unique<Line>(chip, state, std::make_unique<Kernel>());
}

void check_profile(const acquisition::DeviceProfile& profile, settings::Mistakes& mistakes) {
  read_counts(profile, mistakes);
}

const Registration<acquisition::Line> line{
    "pulse", "Pulse outputs (S0) of energy, water and gas meters at the gateway's GPIO lines", make_line};

const Registration<acquisition::Protocol> protocol{"pulse", "Pulses, each worth the same", check_profile};

}  // namespace
}  // namespace fettle::pulse
