#include "mqtt/broker_settings.hpp"
#include "mqtt/line.hpp"
#include "mqtt/profile.hpp"

namespace fettle::mqtt_input {
namespace {

std::unique_ptr<acquisition::Line> make_line(const settings::Node& bus, settings::Mistakes& mistakes) {
  settings::Fields fields{bus, mistakes};
  return std::make_unique<Line>(read_broker(fields));
}

const Registration<acquisition::Line> line{
    "mqtt", "Devices that publish over MQTT: Tasmota, Shelly, zigbee2mqtt, ChirpStack and the like", make_line};

const Registration<acquisition::Protocol> protocol{"mqtt", "JSON or plain text in the messages of a topic",
                                                   check_profile};

}  // namespace
}  // namespace fettle::mqtt_input
