#pragma once

#include <fmt/format.h>
#include <string>
#include <string_view>

namespace fettle::test {

/// The equipment model hot_pump: a pump with a thermometer and a limit that nobody has to learn. 20 °C is well, 42 °C is beyond the
/// warning, 46 °C is beyond the limit; judged once in `every`.
inline std::string hot_pump_model(std::string_view every, std::string_view mode = "overheating") {
  return fmt::format(R"(class: hot_pump
title: Pump with a thermometer
brick: brick:Pump
roles:
  bearing_temperature: {{quantity: temperature, required: true, title: Bearing temperature}}
modes:
  - mode: {}
    iso14224: OHE
    part: bearing
    cause: no grease
    effect: the bearing seizes
    severity: major
    horizon: 30d
    indicators:
      - {{name: heat, title: Bearing temperature, formula: bearing_temperature, quantity: temperature, every: {}, warn: 40, limit: 45, source: test}}
    advice: {{code: GREASE, text: Grease the bearing, skills: [mech-1], parts: [{{sku: G-1, name: grease, qty: 1}}], minutes: 20}}
)",
                     mode, every);
}

}  // namespace fettle::test
