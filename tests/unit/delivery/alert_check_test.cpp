#include "delivery/alert_document.hpp"

#include "sample_alerts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <cmath>
#include <functional>
#include <limits>

namespace fettle::delivery {
namespace {

using test::closed;
using test::sample_asset;
using test::sample_gateway;
using test::sample_prediction;
using test::treated;
using ::testing::HasSubstr;

struct Broken {
  const char* name;
  std::function<void(Alert&)> how;
  const char* says;
};

class AlertCheck : public ::testing::TestWithParam<Broken> {};

TEST_P(AlertCheck, refuses) {
  auto alert = treated(sample_prediction());
  GetParam().how(alert);
  const auto checked = check_alert(alert, sample_asset(), sample_gateway());
  ASSERT_FALSE(checked);
  EXPECT_THAT(checked.error().detail, HasSubstr(GetParam().says));
  EXPECT_THAT(checked.error().detail, HasSubstr(alert.id));
}

INSTANTIATE_TEST_SUITE_P(
    Contract, AlertCheck,
    ::testing::Values(
        Broken{"id", [](Alert& alert) { alert.id = "01JD8Q4Z7T3V9XK2M5N6P8R0SI"; }, "ULID"},
        Broken{"rev", [](Alert& alert) { alert.rev = 0; }, "rev"},
        Broken{"mode", [](Alert& alert) { alert.mode = "filter clog"; }, "mode"},
        Broken{"other_asset", [](Alert& alert) { alert.asset = "AHU-08"; }, "another one"},
        Broken{"priority", [](Alert& alert) { alert.priority = 5; }, "priority"},
        Broken{"title", [](Alert& alert) { alert.title.clear(); }, "title"},
        Broken{"raised_at", [](Alert& alert) { alert.raised_at = {}; }, "raisedAt"},
        Broken{"iso14224", [](Alert& alert) { alert.iso14224 = "plu"; }, "iso14224"},
        Broken{"parent", [](Alert& alert) { alert.parent = "AHU-07"; }, "parent"},
        Broken{"no_prognosis", [](Alert& alert) { alert.prognosis.reset(); }, "needs a prognosis"},
        Broken{"no_dispatch_by", [](Alert& alert) { alert.dispatch_by.reset(); }, "needs dispatchBy"},
        Broken{"no_evidence", [](Alert& alert) { alert.evidence.reset(); }, "needs evidence"},
        Broken{"no_detector", [](Alert& alert) { alert.detector.reset(); }, "needs a detector"},
        Broken{"no_action", [](Alert& alert) { alert.advice.reset(); }, "needs an action"},
        Broken{"falling", [](Alert& alert) { alert.prognosis->mid = 1; }, "does not rise"},
        Broken{"endless", [](Alert& alert) { alert.prognosis->high = std::numeric_limits<double>::infinity(); },
               "does not rise"},
        Broken{"level", [](Alert& alert) { alert.prognosis->level = 1; }, "level"},
        Broken{"odds_that_fall", [](Alert& alert) { alert.prognosis->within_30_days = 0.4; }, "p7d and p30d"},
        Broken{"no_odds", [](Alert& alert) { alert.prognosis->within_7_days = std::nan(""); }, "p7d and p30d"},
        Broken{"nan", [](Alert& alert) { alert.evidence->points[1].value = std::numeric_limits<double>::quiet_NaN(); },
               "without id or value"},
        Broken{"code", [](Alert& alert) { alert.advice->code = "replace it"; }, "action.code"},
        Broken{"part", [](Alert& alert) { alert.advice->parts[0].quantity = 0; }, "quantity"},
        Broken{"no_outcome",
               [](Alert& alert) {
                 alert = closed(alert);
                 alert.outcome.reset();
               },
               "needs an outcome"},
        Broken{"no_closed_at",
               [](Alert& alert) {
                 alert = closed(alert);
                 alert.closed_at.reset();
               },
               "needs closedAt"},
        Broken{"ack_by", [](Alert& alert) { alert.ack->by.clear(); }, "ack.by"},
        Broken{"ack_at", [](Alert& alert) { alert.ack->at = {}; }, "ack.at"},
        Broken{"ack_ref", [](Alert& alert) { alert.ack->reference->id.clear(); }, "ack.ref"},
        Broken{"ack_url", [](Alert& alert) { alert.ack->reference->url = "see the book"; }, "ack.ref"},
        Broken{"shelved_until", [](Alert& alert) { alert.shelved->until = {}; }, "shelved.until"},
        Broken{"shelved_reason", [](Alert& alert) { alert.shelved->reason = "x"; }, "shelved.reason"},
        Broken{"outcome_mode", [](Alert& alert) { (alert = closed(alert)).outcome->mode = "belt slip"; },
               "outcome.mode"},
        Broken{"outcome_action", [](Alert& alert) { (alert = closed(alert)).outcome->action = "replaced it"; },
               "outcome.action"},
        Broken{"outcome_part", [](Alert& alert) { (alert = closed(alert)).outcome->parts[0].quantity = 0; },
               "without a quantity"},
        Broken{"outcome_minutes", [](Alert& alert) { (alert = closed(alert)).outcome->minutes = -1; },
               "outcome.minutes"},
        Broken{"outcome_ref", [](Alert& alert) { (alert = closed(alert)).outcome->reference->type.clear(); },
               "outcome.ref"}),
    [](const auto& each) { return std::string{each.param.name}; });

TEST(ContractRules, rule_17_energy_begins_before_the_change_is_not_negative_and_costs_only_in_a_currency) {
  const auto says = [](const std::function<void(EnergyWaste&)>& how) {
    auto alert = treated(sample_prediction());
    how(*alert.energy);
    const auto checked = check_alert(alert, sample_asset(), sample_gateway());
    return checked ? std::string{"fit"} : checked.error().detail;
  };
  EXPECT_EQ(says([](EnergyWaste& /*energy*/) {}), "fit");
  EXPECT_THAT(says([](EnergyWaste& energy) { energy.kwh = -0.1; }), HasSubstr("wasteKwh is negative"));
  EXPECT_THAT(says([](EnergyWaste& energy) { energy.kwh = std::numeric_limits<double>::quiet_NaN(); }),
              HasSubstr("wasteKwh"));
  EXPECT_THAT(says([](EnergyWaste& energy) { energy.since = test::at("2026-11-21T09:14:58.121Z"); }),
              HasSubstr("since lies after changedAt"));
  EXPECT_THAT(says([](EnergyWaste& energy) { energy.currency.clear(); }), HasSubstr("needs a currency"));
  EXPECT_THAT(says([](EnergyWaste& energy) { energy.currency = "eur"; }), HasSubstr("needs a currency"));
}

TEST(AlertCheckOfCommands, looks_at_what_the_back_office_says_before_it_is_put_into_an_alert) {
  const auto alert = closed(treated(sample_prediction()));
  EXPECT_TRUE(check_acknowledgement(*alert.ack));
  EXPECT_TRUE(check_shelving(Shelving{"dispatch", alert.changed_at, alert.changed_at, "holiday"}));
  EXPECT_TRUE(check_outcome(*alert.outcome));
  EXPECT_EQ(check_acknowledgement({}).error().detail, "ack.by is missing");
  EXPECT_EQ(check_shelving({}).error().detail, "shelved.by is missing");
  EXPECT_EQ(check_outcome({}).error().detail, "outcome.by is missing");
}

TEST(AlertCheckOfAsset, refuses_one_that_the_back_office_cannot_know) {
  auto asset = sample_asset();
  asset.ref.clear();
  const auto checked = check_alert(sample_prediction(), asset, sample_gateway());
  ASSERT_FALSE(checked);
  EXPECT_EQ(
      checked.error().detail,
      "AHU-07/filter-clog: alert 01JD8Q4Z7T3V9XK2M5N6P8R0SA does not keep the contract: asset.ref is missing: the back "
      "office could not tell which asset it is");
}

}  // namespace
}  // namespace fettle::delivery
