#include "core/registry.hpp"

#include <gtest/gtest.h>
#include <memory>

namespace fettle {
namespace {

struct Lamp {
  using Factory = std::unique_ptr<Lamp>(int watts);
  int watts = 0;
};

const Registration<Lamp> bulb{"bulb", "gets hot", [](int watts) { return std::make_unique<Lamp>(Lamp{watts}); }};
const Registration<Lamp> arc{"arc", "gets very hot", [](int watts) { return std::make_unique<Lamp>(Lamp{2 * watts}); }};

TEST(RegistryTest, makes_a_part_by_its_name) {
  const auto* entry = Registry<Lamp>::instance().find("arc");
  ASSERT_NE(entry, nullptr);
  EXPECT_EQ(entry->make(30)->watts, 60);
  EXPECT_EQ(entry->summary, "gets very hot");
}

TEST(RegistryTest, does_not_know_other_names) { EXPECT_EQ(Registry<Lamp>::instance().find("candle"), nullptr); }

TEST(RegistryTest, lists_its_parts_in_alphabetical_order) {
  const auto& entries = Registry<Lamp>::instance().entries();
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(entries.begin()->first, "arc");
}

TEST(RegistryTest, refuses_a_name_that_is_taken) {
  EXPECT_THROW((Registration<Lamp>{"bulb", "again", [](int) { return std::make_unique<Lamp>(); }}), std::logic_error);
}

}  // namespace
}  // namespace fettle
