#pragma once

#include "core/asset.hpp"
#include "core/verdicts.hpp"
#include "delivery/documents.hpp"

#include <limits>
#include <string>
#include <vector>

namespace fettle::test {

inline Time at(const std::string& text) { return parse_rfc3339(text).value(); }

inline Asset sample_asset() {
  Asset asset;
  asset.key = "AHU-07";
  asset.ref = "gw-0042_AHU-07";
  asset.name = "Air handler 7, level 3 east";
  asset.brick = "brick:AHU";
  asset.model_class = "air_handler";
  asset.maker = "Acme Air";
  asset.model = "AX-12";
  asset.serial = "AX12-99-0714";
  asset.location = {"HQ-BERLIN",        "building B2",    "3", "plant room 3.12", "Europe/Berlin",
                    "key at reception", {{52.52, 13.405}}};
  return asset;
}

inline delivery::GatewayFacts sample_gateway() {
  return {"gw-0042",
          "fettle/v1",
          "1.4.2",
          0x123456789f2c41abU,
          {delivery::ClockSync::ntp, 12.0},
          std::chrono::minutes{5},
          delivery::GatewayMode::operational};
}

inline EvidencePoint sample_point(int number) {
  EvidencePoint point;
  point.id = "AHU-07/filter_dp_" + std::to_string(number);
  point.brick = "brick:Filter_Differential_Pressure_Sensor";
  point.label = number == 0 ? "Filter pressure drop" : "";
  point.quantity = Quantity::pressure;
  point.value = 212.4;
  point.baseline = 118;
  point.limit = 250;
  point.trend = {118, 126.5, 139, std::numeric_limits<double>::quiet_NaN(), 168, 188, 205, 212.4};
  point.step = Days{3};
  return point;
}

/// With everything that an alert can have, except an end.
inline Alert sample_prediction() {
  Alert alert;
  alert.asset = "AHU-07";
  alert.mode = "filter-clog";
  alert.id = "01JD8Q4Z7T3V9XK2M5N6P8R0SA";
  alert.rev = 3;
  alert.kind = AlertKind::prediction;
  alert.severity = Severity::major;
  alert.priority = 2;
  alert.title = "Air handler 7: the supply filter reaches its limit in about 9 days";
  alert.text = "The pressure drop at full speed rose from 118 Pa to 212 Pa in 21 days; the limit is 250 Pa.";
  alert.customer_note = "The air filter for level 3 east fills up. We will replace it. You do not need to do anything.";
  alert.raised_at = at("2026-11-19T06:02:11Z");
  alert.changed_at = at("2026-11-21T09:14:58.120Z");
  alert.cleared_at = at("2026-11-20T00:00:00Z");
  alert.dispatch_by = at("2026-11-26T21:00:00Z");
  alert.count = 2;
  alert.parent = "01JD8Q4Z7T3V9XK2M5N6P8R0SB";
  alert.previous = "01JD8Q4Z7T3V9XK2M5N6P8R0SC";
  alert.part = "supply filter";
  alert.iso14224 = "PLU";
  alert.cause = "dust";
  alert.effect = "too little supply air";
  alert.prognosis = TimeToFailure{7.5, 214, 410, 0.8, 0.86, 0.29, 0.46, 0.99};
  alert.detector = DetectorStamp{"baseline_limit", "1", "baseline against limit", "4be1c0d7"};
  alert.evidence =
      Evidence{at("2026-10-31T00:00:00Z"), at("2026-11-21T09:00:00Z"), 0.97, {sample_point(0), sample_point(1)}};
  alert.advice = Advice{
      "FILTER-REPLACE",     "Replace the filter set F7",  {"hvac-1"}, {{"F7-592-635", "bag filter F7", 4}}, 45, true,
      {"lock out the fan"}, {"inspect the frame's seal"}, {}};
  alert.log = {{1, at("2026-11-19T06:02:11Z"), AlertEvent::raised, "", ""},
               {2, at("2026-11-20T06:00:00Z"), AlertEvent::updated, "", "time to failure 340 h to 228 h"},
               {3, at("2026-11-21T09:14:58Z"), AlertEvent::acked, "dispatch/m.lee", ""}};
  return alert;
}

/// The same taken on, put on the shelf, and with what it wastes.
inline Alert treated(Alert alert) {
  alert.ack = Acknowledgement{"dispatch/m.lee", at("2026-11-21T09:14:58Z"), "booked for Tuesday",
                              Reference{"d365", "workorder", "WO-10417", "https://example.org/wo?id=10417"}};
  alert.shelved =
      Shelving{"dispatch/m.lee", at("2026-11-21T09:14:58Z"), at("2026-12-01T00:00:00Z"), "the part is on its way"};
  alert.energy = EnergyWaste{37.8, at("2026-10-31T00:00:00Z"), 1.08, "EUR"};
  return alert;
}

inline Alert closed(Alert alert) {
  alert.state = AlertState::closed;
  alert.closed_at = at("2026-11-24T14:31:07Z");
  alert.changed_at = *alert.closed_at;
  alert.outcome =
      Outcome{Conclusion::confirmed, "tech/a.kaya", at("2026-11-24T14:31:00Z"), "the seal was replaced as well"};
  alert.outcome->mode = "filter-clog";
  alert.outcome->action = "FILTER-REPLACE";
  alert.outcome->fixed = true;
  alert.outcome->parts = {{"F7-592-635", "bag filter F7", 4}, {"SEAL-1", "", 0.5}};
  alert.outcome->minutes = 38;
  alert.outcome->reference = Reference{"d365", "workorder", "WO-10417", ""};
  return alert;
}

/// Only what must be there.
inline Alert sample_fault() {
  Alert alert;
  alert.asset = "AHU-07";
  alert.mode = "belt-slip";
  alert.id = "01JD8Q4Z7T3V9XK2M5N6P8R0SD";
  alert.rev = 1;
  alert.title = "Air handler 7: the belt slips";
  alert.raised_at = at("2026-11-19T06:02:11Z");
  alert.changed_at = alert.raised_at;
  return alert;
}

}  // namespace fettle::test
