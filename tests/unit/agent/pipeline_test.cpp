#include "pipeline.hpp"

#include "delivery/alert_document.hpp"
#include "installation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <functional>

namespace fettle {
namespace {

using namespace std::chrono_literals;

constexpr Time start{std::chrono::sys_days{std::chrono::year{2026} / 6 / 1}};
constexpr Duration poll = 5min;

Installation example(std::optional<settings::Tariff> tariff = std::nullopt) {
  auto installation = load_installation(FETTLE_SOURCE_DIR "/config/site.example.yaml");
  installation.site.tariff = std::move(tariff);
  return installation;
}

Outcome outcome(Time at, Conclusion verdict, std::optional<bool> fixed = std::nullopt) {
  Outcome result;
  result.verdict = verdict;
  result.by = "tech/a.kaya";
  result.at = at;
  result.fixed = fixed;
  return result;
}

/// AHU-01 of the example site, with nothing around it: a fan at a steady speed before a filter.
class Duct {
 public:
  explicit Duct(Installation installation) : installation_{std::move(installation)}, pipeline_{installation_} {
    for (const auto& point : installation_.points) {
      const auto& assets = installation_.assets;
      if (point.asset.index < assets.size() && assets[point.asset.index].asset.key == "AHU-01")
        points_[point.role] = point.id;
    }
  }

  /// Lives on with a filter whose pressure drop at full speed rises by so many Pa a day.
  void live(Days days, double rise, bool with_power = true) {
    for (const auto end = now_ + days; now_ < end; now_ += poll) {
      drop_ += rise * to_hours(poll) / 24;
      read("fan_speed", 0.8);
      if (with_power) read("fan_power", 3.0);
      // Some noise, or the baseline would have no spread.
      const double noise = 1 + 0.01 * (static_cast<double>(++count_ % 7) - 3);
      read("filter_dp", drop_ * 0.64 * noise);
      keep(pipeline_.tick(now_));
    }
  }
  /// Lives on until the filter has an open alert.
  void live_until_raised() {
    for (int day = 0; day < 60 && (alerts_.empty() || alerts_.back().state == AlertState::closed); ++day)
      live(Days{1}, 4);
  }
  void replace_filter(double drop) { drop_ = drop; }

  /// The same duct at the same moment, seen by a pipeline of its own.
  void continue_from(const Duct& other) {
    now_ = other.now_;
    drop_ = other.drop_;
    count_ = other.count_;
    alerts_ = other.alerts_;
  }

  void keep(std::vector<Alert> alerts) {
    for (auto& alert : alerts) {
      EXPECT_LE(alert.energy.value_or(EnergyWaste{}).since, alert.changed_at);
      alerts_.push_back(std::move(alert));
    }
  }

  Time now() const { return now_; }
  Pipeline& pipeline() { return pipeline_; }
  const Installation& installation() const { return installation_; }
  const std::vector<Alert>& alerts() const { return alerts_; }
  const Alert& latest() const { return alerts_.at(alerts_.size() - 1); }

 private:
  void read(const std::string& role, double value) { keep(pipeline_.accept(good(points_.at(role), now_, value))); }

  Installation installation_;
  Pipeline pipeline_;
  std::map<std::string, PointId> points_;
  std::vector<Alert> alerts_;
  Time now_ = start;
  double drop_ = 100;
  int count_ = 0;
};

/// A duct whose filter has an open alert.
std::unique_ptr<Duct> clogged(std::optional<settings::Tariff> tariff = std::nullopt) {
  auto duct = std::make_unique<Duct>(example(std::move(tariff)));
  duct->live(Days{6}, 0);
  duct->live_until_raised();
  return duct;
}

TEST(Pipeline, predicts_a_clogged_filter_and_says_what_it_wastes_and_costs) {
  const auto duct = clogged(settings::Tariff{0.3, "EUR"});
  ASSERT_FALSE(duct->alerts().empty());
  duct->live(Days{2}, 4);
  const auto& alert = duct->latest();
  EXPECT_EQ(alert.slot(), "AHU-01/filter-clog");
  EXPECT_TRUE(dispatch_grade(alert));
  ASSERT_TRUE(alert.energy);
  EXPECT_LT(alert.energy->since, alert.raised_at);
  EXPECT_GT(alert.energy->kwh, 10);
  ASSERT_TRUE(alert.energy->cost_per_day);
  // 3 kW day and night; the dust has 10 % to 20 % of the fan's pressure.
  EXPECT_GT(*alert.energy->cost_per_day, 0.3 * 72 * 0.05);
  EXPECT_LT(*alert.energy->cost_per_day, 0.3 * 72 * 0.25);
  EXPECT_EQ(alert.energy->currency, "EUR");
}

TEST(Pipeline, says_nothing_about_energy_without_the_power) {
  Duct duct{example()};
  duct.live(Days{6}, 0, false);
  duct.live(Days{20}, 4, false);
  ASSERT_FALSE(duct.alerts().empty());
  for (const auto& alert : duct.alerts()) EXPECT_FALSE(alert.energy);
}

TEST(Pipeline, makes_no_revision_for_energy_alone) {
  const auto with = clogged(settings::Tariff{0.3, "EUR"});
  Duct without{example()};
  without.live(Days{6}, 0, false);
  without.live(std::chrono::duration_cast<Days>(with->now() - without.now()), 4, false);
  ASSERT_EQ(with->alerts().size(), without.alerts().size());
  EXPECT_EQ(with->latest().rev, without.latest().rev);
}

TEST(Pipeline, closes_with_what_was_found_and_learns_anew_when_it_was_put_right) {
  const auto duct = clogged();
  const auto id = duct->latest().id;
  ASSERT_NE(duct->pipeline().episode(id), nullptr);
  EXPECT_EQ(duct->pipeline().episode("nobody"), nullptr);
  const auto closed = duct->pipeline().close(duct->now(), id, outcome(duct->now(), Conclusion::confirmed, true));
  ASSERT_EQ(closed.size(), 1U);
  EXPECT_EQ(closed[0].state, AlertState::closed);
  EXPECT_THAT(closed[0].customer_note, testing::HasSubstr("has been replaced"));
  EXPECT_TRUE(duct->pipeline().close(duct->now(), id, outcome(duct->now(), Conclusion::confirmed, true)).empty());
  // Another make of filter, far beyond what was a warning for the first one.
  const auto revisions = duct->alerts().size();
  duct->replace_filter(150);
  duct->live(Days{20}, 0);
  EXPECT_EQ(duct->alerts().size(), revisions);
  duct->live_until_raised();
  duct->live(Days{20}, 4);
  EXPECT_EQ(duct->latest().previous, id);
}

TEST(Pipeline, keeps_its_baseline_when_nothing_was_put_right) {
  const auto duct = clogged();
  const auto first = duct->latest().id;
  duct->keep(duct->pipeline().close(duct->now(), first, outcome(duct->now(), Conclusion::confirmed, false)));
  duct->live(Days{3}, 4);
  EXPECT_EQ(duct->latest().previous, first);
  EXPECT_TRUE(dispatch_grade(duct->latest()));
}

TEST(Pipeline, believes_less_after_a_visit_for_nothing_and_after_a_restart_the_same) {
  const auto duct = clogged();
  const auto first = duct->latest().id;
  const auto verdict = outcome(duct->now(), Conclusion::no_fault_found);
  duct->keep(duct->pipeline().close(duct->now(), first, verdict));
  duct->live(Days{3}, 4);
  EXPECT_NE(duct->latest().id, first);
  EXPECT_EQ(duct->latest().priority, 4);
  EXPECT_EQ(duct->latest().severity, Severity::warning);

  Duct other{example()};
  other.pipeline().recall_outcome("AHU-01/filter-clog", verdict);
  other.pipeline().recall_outcome("AHU-01/gone", verdict);
  other.live(Days{6}, 0);
  other.live_until_raised();
  EXPECT_EQ(other.latest().priority, 4);
}

TEST(Pipeline, marks_what_another_alert_explains) {
  constexpr auto bus = "01JD8Q4Z7T3V9XK2M5N6P8R0SB";
  const auto duct = clogged();
  const auto explained = duct->pipeline().explain(duct->now(), {{"AHU-01", bus}, {"AHU-02", bus}});
  ASSERT_EQ(explained.size(), 1U);
  EXPECT_EQ(explained[0].parent, bus);
  EXPECT_TRUE(duct->pipeline().explain(duct->now(), {{"AHU-01", bus}}).empty());
  EXPECT_EQ(duct->pipeline().explain(duct->now(), {}).at(0).parent, "");
}

TEST(Pipeline, marks_open_and_future_alerts_as_tests) {
  const auto duct = clogged();
  EXPECT_TRUE(duct->pipeline().set_test(duct->now(), true).at(0).test);
  EXPECT_TRUE(duct->pipeline().set_test(duct->now(), true).empty());
  EXPECT_FALSE(duct->pipeline().set_test(duct->now(), false).at(0).test);
  Duct other{example()};
  EXPECT_TRUE(other.pipeline().set_test(start, true).empty());
  other.live(Days{6}, 0);
  other.live_until_raised();
  EXPECT_TRUE(other.latest().test);
}

const delivery::GatewayFacts gateway{"gw-0042", "fettle/v1", "1.0", 1, {}, 15min};

/// Hands over what a restart does: the learned state, and the open alert as its document has it.
void restart(Duct& before, Duct& after) {
  const auto parts = before.pipeline().learned();
  const auto others = after.pipeline().learned();
  ASSERT_EQ(parts.size(), others.size());
  for (std::size_t at = 0; at < parts.size(); ++at) {
    ASSERT_EQ(parts[at]->state_id(), others[at]->state_id());
    StateWriter writer;
    parts[at]->save(writer);
    const auto bytes = writer.take();
    StateReader reader{bytes};
    ASSERT_TRUE(others[at]->restore(reader)) << parts[at]->state_id();
  }
  const auto& assets = before.installation().assets;
  const auto asset =
      std::find_if(assets.begin(), assets.end(), [](const auto& each) { return each.asset.key == "AHU-01"; });
  ASSERT_TRUE(delivery::check_alert(before.latest(), asset->asset, gateway));
  const auto stored = delivery::alert_document(before.latest(), asset->asset, gateway, 1);
  ASSERT_TRUE(after.pipeline().restore(delivery::parse_alert_document(stored).value()));
  after.continue_from(before);
}

TEST(Pipeline, goes_on_after_a_restart_as_if_nothing_had_been) {
  const auto before = clogged(settings::Tariff{0.3, "EUR"});
  auto& episode = *before->pipeline().episode(before->latest().id);
  before->keep(
      {episode.acknowledge({"dispatch", before->now(), "booked", Reference{"d365", "workorder", "WO-1", ""}}).value()});
  before->keep({episode.shelve({"dispatch", before->now(), before->now() + 100h, "holiday"}).value()});

  Duct after{example(settings::Tariff{0.3, "EUR"})};
  restart(*before, after);
  before->live(Days{9}, 4);
  after.live(Days{9}, 4);
  const auto& expected = before->latest();
  const auto& actual = after.latest();
  EXPECT_EQ(actual.id, expected.id);
  ASSERT_EQ(actual.log.size(), expected.log.size());
  for (std::size_t at = 0; at < expected.log.size(); ++at) {
    EXPECT_EQ(actual.log[at].rev, expected.log[at].rev);
    EXPECT_EQ(actual.log[at].at, expected.log[at].at);
    EXPECT_EQ(actual.log[at].event, expected.log[at].event);
  }
  EXPECT_FALSE(actual.shelved);
  EXPECT_EQ(actual.ack->reference->id, "WO-1");
  EXPECT_EQ(actual.energy->since, expected.energy->since);
  EXPECT_NEAR(actual.energy->kwh, expected.energy->kwh, 0.01 * expected.energy->kwh);
  EXPECT_NEAR(actual.prognosis->mid, expected.prognosis->mid, 1);
}

}  // namespace
}  // namespace fettle
