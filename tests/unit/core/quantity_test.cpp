#include "core/quantity.hpp"

#include <gtest/gtest.h>
#include <set>

namespace fettle {
namespace {

double converted(double value, std::string_view unit, Quantity quantity) {
  const auto how = conversion(unit, quantity).value();
  return value * how.scale + how.offset;
}

TEST(QuantityTable, has_every_quantity_in_its_own_place_under_its_own_name) {
  std::set<std::string_view> names;
  for (const auto& each : all_quantities()) {
    EXPECT_EQ(&facts(each.quantity), &each);
    EXPECT_EQ(quantity_named(each.name), each.quantity);
    EXPECT_LT(each.lowest, each.highest) << each.name;
    EXPECT_TRUE(names.insert(each.name).second) << each.name;
  }
  EXPECT_EQ(facts(Quantity::volume_flow).name, "volume_flow");
}

TEST(QuantityTable, does_not_know_other_names) {
  EXPECT_FALSE(quantity_named("warmth"));
  EXPECT_FALSE(quantity_named(""));
}

TEST(ConversionTest, leaves_the_quantity_s_own_unit_alone) {
  for (const auto& each : all_quantities()) {
    const auto how = conversion(each.unit, each.quantity).value();
    EXPECT_EQ(how.scale, 1) << each.name;
    EXPECT_EQ(how.offset, 0) << each.name;
  }
}

TEST(ConversionTest, brings_what_installers_meet_into_our_units) {
  EXPECT_NEAR(converted(230'000, "W", Quantity::active_power), 230, 1e-9);
  EXPECT_NEAR(converted(1, "hp", Quantity::active_power), 0.7457, 1e-4);
  EXPECT_NEAR(converted(32, "degF", Quantity::temperature), 0, 1e-9);
  EXPECT_NEAR(converted(212, "degF", Quantity::temperature), 100, 1e-9);
  EXPECT_NEAR(converted(18, "degF", Quantity::temperature_difference), 10, 1e-9);
  EXPECT_NEAR(converted(273.15, "K", Quantity::temperature), 0, 1e-9);
  EXPECT_NEAR(converted(1, "inH2O", Quantity::pressure), 249.089, 1e-3);
  EXPECT_NEAR(converted(1, "psi", Quantity::pressure), 6894.757, 1e-3);
  EXPECT_NEAR(converted(1, "gpm", Quantity::volume_flow), 0.2271, 1e-4);
  EXPECT_NEAR(converted(1, "cfm", Quantity::volume_flow), 1.699, 1e-3);
  EXPECT_NEAR(converted(1, "g", Quantity::acceleration), 9.80665, 1e-9);
  EXPECT_NEAR(converted(3.6, "kJ", Quantity::active_energy), 0.001, 1e-9);
  EXPECT_NEAR(converted(55, "%", Quantity::ratio), 0.55, 1e-12);
}

TEST(ConversionTest, refuses_a_unit_of_something_else) {
  EXPECT_FALSE(conversion("bar", Quantity::temperature));
  EXPECT_FALSE(conversion("furlong", Quantity::volume));
  EXPECT_FALSE(conversion("K", Quantity::pressure));
}

}  // namespace
}  // namespace fettle
