// Healthy machines, year after year: what does the pipeline say about them that is not true?
//
// usage: soak SITE YEARS
//
// Lives of the healthy machines of the example SITE (four a life, each of another seed and a year long) go through the pipeline until so many
// years of machines are over. Prints the alerts by slot, and as JSON in the last line what was counted.
#include <fmt/format.h>

#include <cstdlib>
#include <map>
#include <set>

#include "installation.hpp"
#include "pipeline.hpp"
#include "plants/plant_room.hpp"

namespace {

using namespace fettle;
using namespace std::chrono_literals;

constexpr Time start{std::chrono::sys_days{std::chrono::year{2026} / 6 / 1}};
constexpr Duration poll = 5min, a_year = Days{365};

struct Count {
  std::map<std::string, int> by_mode;
  int advisory = 0, dispatched = 0;
};

class Life {
 public:
  Life(const Installation& installation, std::uint64_t seed) : pipeline_{installation}, plant_{start, seed} {
    for (const auto& device : installation.devices) {
      for (const auto& wire : device.wiring)
        points_[{device.settings.key, device.profile->points[wire.profile_point].name}].push_back(wire.point);
    }
  }

  /// Gives back how many machines lived.
  int live(Count& count) {
    while (plant_.now() < start + a_year) {
      plant_.advance(plant_.now() + poll);
      for (const auto& resident : plant_.residents()) {
        if (resident.mode.empty()) read(resident);
      }
      keep(pipeline_.tick(plant_.now()));
    }
    for (const auto& [id, alert] : worst_) {
      ++(alert.second ? count.dispatched : count.advisory);
      ++count.by_mode[alert.first + (alert.second ? " (dispatched)" : "")];
    }
    int machines = 0;
    for (const auto& resident : plant_.residents()) machines += resident.mode.empty() ? 1 : 0;
    return machines;
  }

 private:
  void read(const plants::Resident& resident) {
    for (const auto& value : resident.machine->values()) {
      const auto to = points_.find({resident.device, std::string{value.point}});
      if (to == points_.end()) continue;
      for (const auto point : to->second) keep(pipeline_.accept(good(point, plant_.now(), value.value)));
    }
  }

  void keep(const std::vector<Alert>& alerts) {
    for (const auto& alert : alerts) {
      auto& [mode, dispatched] = worst_[alert.id];
      mode = alert.mode;
      dispatched = dispatched || dispatch_grade(alert);
    }
  }

  Pipeline pipeline_;
  plants::PlantRoom plant_;
  std::map<std::pair<std::string, std::string>, std::vector<PointId>> points_;
  std::map<std::string, std::pair<std::string, bool>>
      worst_;  ///< by alert: its mode, and whether it was ever worth a visit
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    fmt::print(stderr, "usage: soak SITE YEARS\n");
    return 64;
  }
  const auto installation = load_installation(argv[1]);
  const double years = std::strtod(argv[2], nullptr);
  Count count;
  double lived = 0;
  for (std::uint64_t seed = 1; lived < years; ++seed) lived += Life{installation, seed}.live(count);
  for (const auto& [mode, alerts] : count.by_mode) fmt::print("  {}: {}\n", mode, alerts);
  fmt::print("{{\"years\": {}, \"advisory\": {}, \"dispatched\": {}}}\n", lived, count.advisory, count.dispatched);
}
