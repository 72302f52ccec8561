#include "mbus/line.hpp"
#include "mbus/profile.hpp"

namespace fettle::mbus {
namespace {

std::unique_ptr<acquisition::Line> make_line(const settings::Node& bus, settings::Mistakes& mistakes) {
  settings::Fields fields{bus, mistakes};
  return std::make_unique<Line>(read_line_settings(fields));
}

void check_profile(const acquisition::DeviceProfile& profile, settings::Mistakes& mistakes) {
  read_profile(profile, mistakes);
}

const Registration<acquisition::Line> entry{
    "mbus", "Wired M-Bus (EN 13757) by a level converter on a serial port or on the network", make_line};
const Registration<acquisition::Protocol> protocol_entry{
    "mbus", "Records of an M-Bus meter by kind, storage and tariff", check_profile};

}  // namespace
}  // namespace fettle::mbus
