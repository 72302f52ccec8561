#include "plants/plant_list.hpp"

#include "plants/boiler.hpp"
#include "plants/chiller.hpp"
#include "plants/fan.hpp"
#include "plants/heat_pump.hpp"
#include "plants/panel.hpp"
#include "plants/pump.hpp"
#include "plants/substation.hpp"
#include "plants/transformer.hpp"
#include "plants/ventilation_unit.hpp"

namespace fettle::plants {
namespace {

using std::chrono::April;
using std::chrono::August;
using std::chrono::minutes;
using std::chrono::November;
using std::chrono::October;

constexpr Days at_once{0};

template <class Kind>
std::unique_ptr<Machine> make(std::uint64_t seed, const std::optional<Fault>& fault) {
  return std::make_unique<Kind>(seed, fault);
}

/// One that was in the demo first, and has a fault of its own there.
template <class Kind>
std::unique_ptr<Machine> make_shown(std::uint64_t seed, const std::optional<Fault>& fault) {
  return std::make_unique<Kind>(seed, std::nullopt, fault);
}

Plant air_handler() {
  return {"air_handler",
          "{minimum_outdoor_air: 0.4}",
          minutes{5},
          make<VentilationUnit>,
          {{"filter-clog", Days{25}, Days{90}, April},
           {"fan-belt-slip", Days{10}, Days{40}, April},
           {"fan-bearing-wear", Days{20}, Days{90}, April},
           {"cooling-valve-leak", Days{30}, Days{90}, August},
           {"heating-valve-leak", Days{30}, Days{90}, April},
           {"cooling-coil-capacity", Days{30}, Days{60}, April},
           {"heating-coil-capacity", Days{30}, Days{60}, October},
           {"air-temperature-sensor", Days{30}, Days{120}, April},
           {"outdoor-damper-stuck", at_once, at_once, November}}};
}

Plant chiller() {
  return {"chiller",
          "{rated_power: 120, rated_heat_rejection: 720}",
          minutes{5},
          make_shown<Chiller>,
          {{"condenser-fouling", Days{30}, Days{90}, April},
           {"evaporator-fouling", Days{30}, Days{90}, April},
           {"efficiency-loss", Days{30}, Days{90}, April},
           {"low-spread", Days{20}, Days{60}, April},
           {"compressor-unrest", Days{20}, Days{60}, April}}};
}

Plant pump() {
  return {"pump",
          "{rated_power: 7.5, shutoff_pressure: 117000}",
          minutes{5},
          make_shown<Pump>,
          {{"bearing-wear", Days{20}, Days{90}, April},
           {"impeller-wear", Days{90}, Days{180}, April},
           {"strainer-clog", Days{14}, Days{60}, April},
           {"dry-running", at_once, at_once, April},
           {"dead-heading", at_once, at_once, April}}};
}

Plant fan() {
  return {"fan",
          "{zone_bc: 1.8, zone_cd: 4.5}",
          minutes{5},
          make<Fan>,
          {{"impeller-dirt", Days{30}, Days{120}, April},
           {"bearing-wear", Days{20}, Days{90}, April},
           {"belt-slip", Days{10}, Days{40}, April},
           {"duct-block", Days{25}, Days{90}, April},
           {"start-refused", at_once, at_once, April}}};
}

Plant boiler() {
  return {"boiler",
          "",
          minutes{1},
          make<Boiler>,
          {{"exchanger-scaling", Days{60}, Days{120}, October},
           {"short-cycling", Days{60}, Days{120}, October},
           {"water-loss", Days{10}, Days{40}, October},
           {"circulation-loss", Days{10}, Days{40}, October}}};
}

Plant heat_pump() {
  return {"heat_pump",
          "",
          minutes{2},
          make<HeatPump>,
          {{"efficiency-loss", Days{45}, Days{120}, October},
           {"defrost-excess", Days{30}, Days{90}, October},
           {"short-cycling", Days{60}, Days{120}, October},
           {"auxiliary-heat", at_once, at_once, October},
           {"reversing-valve", at_once, at_once, October}}};
}

Plant substation() {
  return {"substation",
          "",
          minutes{5},
          make<Substation>,
          {{"exchanger-fouling", Days{60}, Days{120}, October},
           {"supply-shortfall", Days{20}, Days{40}, October},
           {"supply-excess", Days{20}, Days{40}, October},
           {"flow-loss", Days{20}, Days{60}, October},
           {"valve-leak", Days{40}, Days{90}, April},
           {"hunting", Days{60}, Days{120}, October},
           {"water-loss", Days{10}, Days{40}, October},
           {"heat-loss", at_once, at_once, November},
           {"valve-stuck", at_once, at_once, October},
           {"meter-fault", at_once, at_once, October}}};
}

Plant transformer() {
  return {"transformer",
          "",
          minutes{5},
          make<Transformer>,
          {{"cooling-loss", Days{30}, Days{120}, April},
           {"load-unbalance", Days{40}, Days{90}, April},
           {"load-growth", Days{120}, Days{240}, April}}};
}

Plant panel() {
  return {"panel",
          "{stage_power: 7.5}",
          minutes{5},
          make<Panel>,
          {{"loose-terminal", Days{20}, Days{60}, April},
           {"joint-resistance", Days{20}, Days{60}, April},
           {"overload", Days{60}, Days{180}, April},
           {"neutral-overload", Days{60}, Days{180}, April},
           {"voltage-distortion", Days{60}, Days{180}, April},
           {"open-neutral", at_once, at_once, April},
           {"power-factor", at_once, at_once, April},
           {"repeated-trips", at_once, at_once, April}}};
}

}  // namespace

const std::vector<Plant>& all_plants() {
  static const std::vector<Plant> plants{air_handler(), chiller(),    pump(),        fan(),  boiler(),
                                         heat_pump(),   substation(), transformer(), panel()};
  return plants;
}

}  // namespace fettle::plants
