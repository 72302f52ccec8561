#include "commissioning.hpp"

#include "support/temp_dir.hpp"

#include <gtest/gtest.h>
#include <chrono>

namespace fettle {
namespace {

using namespace std::chrono_literals;

constexpr Time noon{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1} + 12h};

class CommissioningTest : public testing::Test {
 protected:
  test::TempDir folder;
  DomainClock clock;
  std::unique_ptr<Ledger> ledger = Ledger::open(folder.path().string(), clock).value();
};

TEST_F(CommissioningTest, rule_11_that_the_site_file_asks_for_ends_after_seven_days) {
  Commissioning commissioning{*ledger};
  EXPECT_FALSE(commissioning.is_on(noon));
  commissioning.follow(true, noon);
  EXPECT_TRUE(commissioning.is_on(noon + 24h * 7 - 1s));
  EXPECT_FALSE(commissioning.is_on(noon + 24h * 7));
}

TEST_F(CommissioningTest, is_counted_from_the_first_start_that_asks_for_it) {
  Commissioning{*ledger}.follow(true, noon);
  Commissioning next{*ledger};
  next.follow(true, noon + 24h);
  EXPECT_EQ(next.until(), noon + 24h * 7);
  next.follow(false, noon + 48h);
  next.follow(true, noon + 72h);
  EXPECT_EQ(next.until(), noon + 24h * 10);
}

TEST_F(CommissioningTest, ends_seven_days_from_now_at_the_latest_though_it_was_counted_from_a_clock_that_was_ahead) {
  Commissioning{*ledger}.follow(true, noon + 24h * 400);
  Commissioning next{*ledger};
  next.follow(true, noon);
  EXPECT_EQ(next.until(), noon + 24h * 7);
}

TEST_F(CommissioningTest, outlives_a_restart_when_the_back_office_has_begun_it) {
  Commissioning{*ledger}.set(noon + 24h);
  Commissioning next{*ledger};
  next.follow(false, noon);
  EXPECT_TRUE(next.is_on(noon + 23h));
  next.set(std::nullopt);
  EXPECT_FALSE(Commissioning{*ledger}.is_on(noon + 1h));
}

}  // namespace
}  // namespace fettle
