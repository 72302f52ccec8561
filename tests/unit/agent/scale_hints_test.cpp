#include "scale_hints.hpp"

#include <gmock/gmock.h>

namespace fettle {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// A three-phase meter at work.
PointValues meter() {
  return {{"v_l1", 230},    {"v_l2", 231},    {"v_l3", 229},     {"v_l12", 399}, {"i_l1", 10},
          {"i_l2", 12},     {"i_l3", 8},      {"p_l1", 2.1},     {"p_l2", 2.5},  {"p_l3", 1.7},
          {"p_total", 6.3}, {"s_total", 6.9}, {"pf_total", 0.91}};
}

PointValues with(PointValues values, const std::string& name, double value) {
  values[name] = value;
  return values;
}

TEST(ScaleHints, are_silent_about_a_meter_that_fits_together) { EXPECT_THAT(scale_hints("m", meter()), IsEmpty()); }

TEST(ScaleHints, know_missing_phases) {
  EXPECT_THAT(
      scale_hints("m", with(meter(), "s_total", 2.31)),
      ElementsAre(
          "m: s_total is a third of volts times amperes: are two phases missing, or their current transformers?"));
  EXPECT_THAT(
      scale_hints("m", with(meter(), "p_total", 4.2)),
      ElementsAre("m: p_total is two thirds of p_l1 + p_l2 + p_l3: is a phase missing, or its current transformer?"));
  EXPECT_THAT(scale_hints("m", {{"v_l1", 230}, {"v_l2", 0.4}}),
              ElementsAre("m: v_l2 is 0.4 V while another phase is alive: is a fuse open or a wire off?"));
}

TEST(ScaleHints, know_watts_that_were_taken_for_kilowatts) {
  EXPECT_THAT(scale_hints("m", with(meter(), "p_total", 6300)),
              ElementsAre("m: p_total is 1000 times p_l1 + p_l2 + p_l3: is one in W and the other in kW?"));
}

TEST(ScaleHints, use_the_power_factor_where_no_apparent_power_is_told) {
  auto values = meter();
  values.erase("s_total");
  EXPECT_THAT(scale_hints("m", values), IsEmpty());
  for (const auto* phase : {"p_l1", "p_l2", "p_l3"}) values.erase(phase);
  values["p_total"] = 2.1;
  EXPECT_THAT(
      scale_hints("m", values),
      ElementsAre("m: p_total is a third of volts times amperes times power factor: are two phases missing, or their "
                  "current transformers?"));
}

TEST(ScaleHints, know_a_reversed_transformer) {
  EXPECT_THAT(
      scale_hints("m", with(with(meter(), "p_l2", -2.5), "p_total", 1.3)),
      ElementsAre("m: p_l2 is negative and the other phases are not: is its current transformer reversed, or is power "
                  "fed in there?"));
}

TEST(ScaleHints, know_voltages_that_are_mixed_up) {
  EXPECT_THAT(
      scale_hints("m", with(meter(), "v_l12", 230)),
      ElementsAre("m: v_l12 is 1.00 times v_l1, not 1.73: voltages between phases and to neutral are mixed up"));
}

TEST(ScaleHints, say_nothing_about_a_meter_without_load) {
  auto values = meter();
  for (auto& [name, value] : values) {
    if (name.front() != 'v') value *= 0.001;
  }
  EXPECT_THAT(scale_hints("m", with(values, "p_total", 0.002)), IsEmpty());
}

TEST(ScaleHints, know_degrees_fahrenheit_outdoors) {
  InstalledDevice device;
  device.settings.key = "roof";
  auto profile = *device.profile;
  profile.points.resize(1);
  profile.points[0].name = "t1";
  device.profile = acquisition::shared(std::move(profile));
  device.wiring = {{0, PointId{0}}};
  std::vector<Point> points(1);
  const std::vector<LiveReading> readings{{"roof", "t1", good(PointId{0}, {}, 68)}};
  EXPECT_THAT(scale_hints(device, points, readings), IsEmpty()) << "of a boiler, perhaps";
  points[0].role = "outdoor_temperature";
  EXPECT_THAT(scale_hints(device, points, readings),
              ElementsAre("roof: t1 is 68 degC outdoors: does the device send degF?"));
}

}  // namespace
}  // namespace fettle
