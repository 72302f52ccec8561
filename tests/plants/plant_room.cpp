#include "plants/plant_room.hpp"

#include "plants/air_handler.hpp"
#include "plants/chiller.hpp"
#include "plants/main_meter.hpp"
#include "plants/pump.hpp"

namespace fettle::plants {
namespace {

constexpr std::chrono::minutes internal_step{1};

// Long enough after the start that the agent has learned, by its models' own learning times, what healthy is.
constexpr Days dust_from{12};
constexpr Days wear_from{13};
constexpr Days fouling_from{12};

}  // namespace

PlantRoom::PlantRoom(Time start, std::uint64_t seed) : now_{start}, weather_{seed} {
  const auto own = [seed](std::uint64_t number) { return seed * 1'000 + number; };
  residents_.push_back({"METER-01", "main_meter", "", "", std::make_unique<MainMeter>(own(1))});
  residents_.push_back({"AHU-01", "ahu_1_io", "filter-clog", "filter clogs: dust of a building site",
                        std::make_unique<AirHandler>(own(11), start + dust_from)});
  residents_.push_back({"AHU-02", "ahu_2_io", "", "", std::make_unique<AirHandler>(own(12), std::nullopt)});
  residents_.push_back({"PUMP-01", "pump_1_io", "bearing-wear", "bearing wears: a spalled raceway",
                        std::make_unique<Pump>(own(21), start + wear_from)});
  residents_.push_back({"PUMP-02", "pump_2_io", "", "", std::make_unique<Pump>(own(22), std::nullopt)});
  residents_.push_back({"CHILLER-01", "chiller_1_io", "condenser-fouling", "condenser fouls: no water treatment",
                        std::make_unique<Chiller>(own(31), start + fouling_from)});
  residents_.push_back({"CHILLER-02", "chiller_2_io", "", "", std::make_unique<Chiller>(own(32), std::nullopt)});
}

void PlantRoom::advance(Time to) {
  while (now_ + internal_step <= to) {
    now_ += internal_step;
    weather_.step(now_, internal_step);
    for (const auto& resident : residents_) resident.machine->step(weather_.now(), internal_step);
  }
}

}  // namespace fettle::plants
