#include "plants/damage.hpp"

#include <gmock/gmock.h>
#include <map>

#include "plants/plant_list.hpp"
#include "plants/weather.hpp"

namespace fettle::plants {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using testing::AllOf;
using testing::Ge;
using testing::Le;

const Time spring = *parse_rfc3339("2026-04-01T00:00:00Z");
const Time autumn = *parse_rfc3339("2026-10-01T00:00:00Z");

class WearOf : public testing::TestWithParam<Wear> {};

TEST_P(WearOf, is_done_at_about_the_end_of_its_life) {
  const auto days_lived = [](std::uint64_t seed) {
    Damage damage{Fault{"wear", spring, Days{40}, GetParam()}, seed};
    Time now = spring;
    for (; damage.of("wear") < 1; now += hours{1}) damage.grow(now, hours{1});
    return to_hours(now - spring) / 24;
  };
  double sum = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) sum += days_lived(seed);
  EXPECT_THAT(sum / 200, AllOf(Ge(36), Le(44)));
}

INSTANTIATE_TEST_SUITE_P(Laws, WearOf, testing::Values(Wear::linear, Wear::power, Wear::exponential, Wear::steps));

TEST(Damage, begins_with_its_fault_and_grows_only_at_work) {
  Damage damage{Fault{"wear", spring + Days{1}, Days{10}, Wear::linear}, 1};
  damage.grow(spring, hours{1});
  damage.grow(spring + Days{2}, hours{1}, 0);
  EXPECT_EQ(damage.of("wear"), 0);
  damage.grow(spring + Days{2}, hours{1});
  EXPECT_GT(damage.of("wear"), 0);
  EXPECT_EQ(damage.of("another"), 0);
}

TEST(Damage, of_what_breaks_at_once_is_whole_and_dated) {
  Damage damage{Fault{"break", spring, {}, Wear::sudden}, 1};
  damage.grow(spring, minutes{1});
  EXPECT_EQ(damage.of("break"), 1);
  EXPECT_EQ(damage.truth().failed_at, spring);
}

class PlantOf : public testing::TestWithParam<Plant> {
 protected:
  struct Lived {
    std::map<std::string, double> values;
    std::optional<Time> failed_at;
  };
  static Lived live(Time begin, Days days, std::uint64_t seed, const std::optional<Fault>& fault) {
    const auto machine = GetParam().make(seed, fault);
    Weather weather{seed};
    for (Time now = begin; now < begin + days && !machine->truth().failed_at; now += minutes{1}) {
      weather.step(now, minutes{1});
      machine->step(weather.now(), minutes{1});
    }
    Lived lived{{}, machine->truth().failed_at};
    for (const auto& value : machine->values()) lived.values[std::string{value.point}] = value.value;
    return lived;
  }
};

TEST_P(PlantOf, this_kind_lives_the_same_life_with_the_same_seed) {
  EXPECT_EQ(live(autumn, Days{20}, 3, {}).values, live(autumn, Days{20}, 3, {}).values);
  EXPECT_NE(live(autumn, Days{20}, 3, {}).values, live(autumn, Days{20}, 4, {}).values);
}

TEST_P(PlantOf, this_kind_stays_sound_for_a_year_without_a_fault) {
  EXPECT_EQ(live(spring, Days{365}, 1, {}).failed_at, std::nullopt);
}

TEST_P(PlantOf, this_kind_fails_of_each_of_its_faults) {
  for (const auto& injection : GetParam().injections) {
    const Time begin = std::chrono::sys_days{std::chrono::year{2026} / injection.season / 1} + Days{30};
    const bool at_once = injection.most == Days{0};
    const Fault fault{injection.mode, begin + Days{1}, injection.least, at_once ? Wear::sudden : Wear::linear};
    const auto failed_at = live(begin, Days{2} + 4 * injection.most, 1, fault).failed_at;
    ASSERT_TRUE(failed_at) << injection.mode;
    EXPECT_GE(*failed_at, fault.start + Days{injection.least.count() / 3}) << injection.mode;
  }
}

INSTANTIATE_TEST_SUITE_P(Plants, PlantOf, testing::ValuesIn(all_plants()),
                         [](const auto& plant) { return plant.param.name; });

}  // namespace
}  // namespace fettle::plants
