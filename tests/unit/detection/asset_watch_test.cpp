#include "detection/asset_watch.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>
#include <random>

#include "support/allocations.hpp"

namespace fettle::detection {
namespace {

using namespace std::chrono_literals;

constexpr Time start{std::chrono::sys_days{std::chrono::year{2026} / 6 / 1}};
constexpr Duration every = 5min;

AssetWatchSettings settings() {
  AssetWatchSettings settings;
  settings.id = "PUMP-01";
  settings.channels = {"flow", "power"};
  settings.meaning = 7;
  settings.zone = std::make_shared<const Zone>();
  return settings;
}

/// A pump that follows the hours of the day, and what a watch makes of it.
class Life {
 public:
  explicit Life(unsigned seed = 1) : random_{seed} {}

  /// So many days, with something added to the flow; the highest wealth there was. The power may not be read.
  double live(AssetWatch& watch, double days, double added = 0, std::size_t channels = 2) {
    double highest = 0;
    for (const Time end = now_ + std::chrono::round<Duration>(std::chrono::duration<double, std::ratio<86400>>{days});
         now_ < end; now_ += every) {
      const double flow = 100 + 20 * std::sin(to_hours(now_ - start) * 2 * 3.14159265358979 / 24) + noise_(random_);
      note(watch.observe(0, good({0}, now_, flow + added)), highest);
      if (channels > 1) note(watch.observe(1, good({1}, now_, 0.05 * flow + 0.05 * noise_(random_))), highest);
    }
    return highest;
  }
  const std::string& words() const { return words_; }
  Time now() const { return now_; }

 private:
  void note(const std::optional<Finding>& finding, double& highest) {
    if (!finding) return;
    highest = std::max(highest, finding->evidence);
    if (words_.empty()) words_ = finding->words;
  }

  Time now_ = start;
  std::mt19937 random_;
  std::normal_distribution<double> noise_{0, 1};
  std::string words_;
};

Bytes state_of(const Stateful& part) {
  StateWriter writer;
  part.save(writer);
  return writer.take();
}

TEST(AssetWatch, finds_that_a_reading_is_unlike_all_before_and_says_which) {
  Life life;
  AssetWatch watch{settings()};
  EXPECT_LT(life.live(watch, 28), watch.limit());
  EXPECT_GT(life.live(watch, 2, -60), watch.limit());
  EXPECT_THAT(life.words(), testing::StartsWith("flow: "));
}

TEST(AssetWatch, finds_readings_that_no_longer_go_together) {
  Life life;
  AssetWatch watch{settings()};
  life.live(watch, 28);
  EXPECT_GT(life.live(watch, 3, 12), watch.limit()) << "within the usual range, but with the power of another flow";
}

TEST(AssetWatch, is_calm_while_all_goes_on_as_before) {
  int alarms = 0;
  for (unsigned seed = 1; seed <= 5; ++seed) {
    Life life{seed};
    AssetWatch watch{settings()};
    alarms += life.live(watch, 120) >= watch.limit() ? 1 : 0;
  }
  EXPECT_EQ(alarms, 0) << "in twenty months, of which a hundred may have one";
}

TEST(AssetWatch, takes_what_stays_for_usual_after_some_weeks) {
  Life life;
  AssetWatch watch{settings()};
  life.live(watch, 28);
  EXPECT_GT(life.live(watch, 7, -60), watch.limit());
  life.live(watch, 42, -60);
  EXPECT_LT(life.live(watch, 14, -60), watch.limit());
}

TEST(AssetWatch, is_calm_when_a_reading_comes_to_it_later) {
  Life life;
  AssetWatch watch{settings()};
  double highest = life.live(watch, 14, 0, 1);
  highest = std::max(highest, life.live(watch, 28));
  EXPECT_LT(highest, watch.limit());
  EXPECT_GT(life.live(watch, 3, 12), watch.limit()) << "how it goes with the others was learned";
}

TEST(AssetWatch, believes_no_single_reading) {
  Life life;
  AssetWatch watch{settings()};
  life.live(watch, 14);
  watch.observe(0, good({0}, life.now(), 1e12));
  EXPECT_LT(life.live(watch, 2), watch.limit());
}

TEST(AssetWatch, learns_for_a_week) {
  Life life;
  AssetWatch watch{settings()};
  EXPECT_EQ(watch.learned(), 0);
  EXPECT_EQ(life.live(watch, 6.9, 0), 0);
  EXPECT_NEAR(watch.learned(), 0.98, 0.01);
  life.live(watch, 1);
  EXPECT_EQ(watch.learned(), 1);
}

TEST(AssetWatch, learns_nothing_from_bad_readings) {
  Life life;
  AssetWatch watch{settings()};
  life.live(watch, 1);
  std::vector<Bytes> before;
  for (auto* part : watch.parts()) before.push_back(state_of(*part));
  auto doubtful = good({0}, life.now() + 1h, 1e9);
  doubtful.quality = Quality::uncertain;
  EXPECT_FALSE(watch.observe(0, doubtful));
  EXPECT_FALSE(watch.observe(0, bad({0}, life.now() + 2h, Reason::timeout)));
  for (std::size_t part = 0; part < before.size(); ++part) EXPECT_EQ(state_of(*watch.parts()[part]), before[part]);
}

TEST(AssetWatch, survives_clocks_that_jump_and_values_without_measure) {
  Life life;
  AssetWatch watch{settings()};
  life.live(watch, 10);
  const double huge = 1e300;
  for (const auto& [shift, value] :
       {std::pair{-24h * 400, 1.0}, {24h * 400, -1.0}, {0h, huge}, {0h, -huge}, {-1h, 0.0}})
    watch.observe(0, good({0}, life.now() + shift, value));
  const double wealth = life.live(watch, 3);
  EXPECT_TRUE(std::isfinite(wealth));
}

TEST(AssetWatch, goes_on_after_a_restart_to_the_bit) {
  Life life;
  AssetWatch watch{settings()};
  life.live(watch, 20.01);
  AssetWatch restored{settings()};
  for (std::size_t part = 0; part < watch.parts().size(); ++part) {
    const auto bytes = state_of(*watch.parts()[part]);
    StateReader reader{bytes};
    ASSERT_TRUE(restored.parts()[part]->restore(reader));
  }
  auto same = life;
  EXPECT_EQ(life.live(watch, 3, 7), same.live(restored, 3, 7));
  for (std::size_t part = 0; part < watch.parts().size(); ++part)
    EXPECT_EQ(state_of(*watch.parts()[part]), state_of(*restored.parts()[part]));
}

TEST(AssetWatch, takes_no_damaged_state) {
  Life life;
  AssetWatch watch{settings()};
  life.live(watch, 9);
  for (std::size_t part = 0; part < watch.parts().size(); ++part) {
    const auto bytes = state_of(*watch.parts()[part]);
    for (std::size_t cut = 0; cut < bytes.size(); cut += bytes.size() / 20 + 1) {
      AssetWatch other{settings()};
      StateReader reader{std::span{bytes}.first(cut)};
      EXPECT_FALSE(other.parts()[part]->restore(reader));
      EXPECT_EQ(state_of(*other.parts()[part]), state_of(*AssetWatch{settings()}.parts()[part])) << "as new";
    }
  }
}

TEST(AssetWatch, allocates_nothing_for_a_usual_reading) {
  Life life;
  AssetWatch watch{settings()};
  life.live(watch, 30);
  const auto before = test::allocations();
  life.live(watch, 1);
  EXPECT_EQ(test::allocations() - before, 0);
}

}  // namespace
}  // namespace fettle::detection
