#include "core/registry.hpp"
#include "prognosis/forecaster.hpp"
#include "support/allocations.hpp"

#include <gtest/gtest.h>

namespace fettle::prognosis {
namespace {

TEST(EveryForecaster, follows_without_allocating) {
  for (const auto& [name, entry] : Registry<Forecaster>::instance().entries()) {
    const auto forecaster = entry.make({"test", std::chrono::hours{1}, std::chrono::hours{2000}});
    int given = 0;
    const long before = test::allocations();
    for (int update = 0; update < 800; ++update) {
      ModeHealth health;
      health.time = Time{std::chrono::hours{update}};
      health.index = update < 600 ? 0.01 * (update % 3) : (update - 600) / 190.0;
      given += static_cast<int>(forecaster->follow(health).has_value());
    }
    EXPECT_EQ(test::allocations() - before, 0) << name;
    EXPECT_EQ(given > 50, name != "none") << name << " " << given;
  }
}

}  // namespace
}  // namespace fettle::prognosis
