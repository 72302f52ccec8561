#include "alert_list.hpp"
#include "commands/alerts.hpp"
#include "commands/status.hpp"
#include "delivery/alert_document.hpp"
#include "recent_errors.hpp"
#include "self_watch_site.hpp"
#include "status_sample.hpp"

#include <gmock/gmock.h>
#include <spdlog/spdlog.h>

namespace fettle::commands {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

TEST(Table, lines_its_columns_up_and_counts_characters_not_bytes) {
  EXPECT_EQ(to_text({{{"a"}, {"long name"}, {"z"}}, {{"Kälte"}, {"x"}, {"1"}}}, Colours::off),
            "a      long name  z\n"
            "Kälte  x          1\n");
}

TEST(Table, has_colours_only_where_they_are_wanted) {
  const std::vector<std::vector<Cell>> lines{{{"state"}}, {{"lost", Tone::bad}}};
  EXPECT_THAT(to_text(lines, Colours::off), Not(HasSubstr("\x1b")));
  EXPECT_THAT(to_text(lines, Colours::on), HasSubstr("\x1b[1m\x1b[31mlost\x1b[0m"));
}

TEST(StatusTable, tells_on_one_screen_how_the_agent_fares) {
  const auto text = to_text(busy_agent(), Colours::off);
  for (const auto* line : {
           "fettle 1.4.2  gateway gw-7, site HQ\n",
           "agent         running since 2026-02-26 12:00 (3 days), operational\n",
           "broker        mqtts://broker.example:8883 connected since 2026-03-01 09:00 (3 hours), session 12, 4 "
           "queued, "
           "1 dropped\n",
           "clock         synchronised (ntp), right to 12 ms\n",
           "alerts        3 open: 0 critical, 1 major, 2 minor, 0 warning; `fettle alerts` shows them\n",
           "store         8.1 MB in 2 files of /var/lib/fettle, 2.0 GB free\n",
           "writes        1.2 MB today, 3.4 MB in 24 hours of 20.0 MB, 6.1 kB an alert\n",
           "telemetry     15 buffered, 3 dropped\n",
           "memory        12.3 MB\n",
           "north  meter   silent since 2026-03-01 10:00 (2 hours)  90     40      7        300.0  meter: no answer",
           "north  ahu     answers        120      118          1          1      6  25 %    12.5  31.2\n",
           "! north: ahu: check sums are wrong at this unit only\n",
           "AHU-07   filter-clog, belt-slip (learning, 25 %)\n",
           "2026-03-01T10:00:00Z warning: meter: no answer within 300ms\n",
       }) {
    EXPECT_THAT(text, HasSubstr(line));
  }
  EXPECT_LT(text.find("meter   silent"), text.find("ahu     answers")) << "what is silent comes first";
}

TEST(StatusTable, says_what_is_not_as_it_should_be) {
  auto status = busy_agent();
  status.commissioning = true;
  status.commissioning_until = Stamp{noon + 24h};
  status.broker.connected = false;
  status.clock = {};
  status.store.trouble = "journal.db: disk full";
  status.telemetry = {};
  const auto text = to_text(status, Colours::off);
  EXPECT_THAT(text, HasSubstr("commissioning until 2026-03-02 12:00: alerts are marked as tests"));
  EXPECT_THAT(text, HasSubstr("not connected since 2026-03-01 09:00"));
  EXPECT_THAT(text, HasSubstr("not synchronised"));
  EXPECT_THAT(text, HasSubstr("store         journal.db: disk full"));
  EXPECT_THAT(text, HasSubstr("telemetry     off"));
  status.broker = {};
  EXPECT_THAT(to_text(status, Colours::off), HasSubstr("alerts stay in the journal"));
}

TEST(StatusTable, cuts_long_lists_off_and_keeps_what_is_silent) {
  auto status = busy_agent();
  auto& devices = status.buses[0].devices;
  devices.insert(devices.begin(), 40, devices[0]);
  status.modes.clear();
  for (int asset = 100; asset < 160; ++asset) status.modes.push_back({"A" + std::to_string(asset), "wear", {}});
  const auto text = to_text(status, Colours::off);
  EXPECT_THAT(text, HasSubstr("... and 22 more on bus north"));
  EXPECT_THAT(text, HasSubstr("meter   silent"));
  EXPECT_THAT(text, HasSubstr("... and 20 more assets"));
  EXPECT_THAT(text, HasSubstr("A139"));
  EXPECT_THAT(text, Not(HasSubstr("A140")));
}

Alert sample(const std::string& asset, Severity severity, int priority, Time raised) {
  Alert alert;
  alert.asset = asset;
  alert.mode = "filter-clog";
  alert.severity = severity;
  alert.priority = priority;
  alert.raised_at = alert.changed_at = raised;
  alert.title = "Filter of " + asset;
  return alert;
}

TEST(AlertTable, tells_of_open_alerts_who_is_on_them_and_until_when) {
  auto alert = sample("AHU-07", Severity::major, 2, noon);
  alert.dispatch_by = noon + 5 * 24h;
  alert.ack = Acknowledgement{"dispatch/m.lee", noon, "", Reference{"d365", "workorder", "WO-10417", ""}};
  alert.shelved = Shelving{"dispatch", noon, noon + 24h, "waits for parts"};
  alert.test = true;
  const auto text = open_table({alert, sample("AHU-08", Severity::minor, 3, noon)}, Colours::off);
  EXPECT_THAT(text, HasSubstr("major     2         active, test  AHU-07/filter-clog  2026-03-01 12:00  "
                              "2026-03-06 12:00  dispatch/m.lee (WO-10417)  2026-03-02 12:00  Filter of AHU-07\n"));
  EXPECT_THAT(text, HasSubstr("minor     3         active        AHU-08/filter-clog  2026-03-01 12:00  -"));
}

TEST(AlertTable, tells_how_closed_alerts_ended) {
  auto alert = sample("AHU-07", Severity::major, 2, noon);
  alert.state = AlertState::closed;
  alert.closed_at = noon + 2h;
  alert.outcome = Outcome{Conclusion::confirmed, "tech/a.kaya", noon + 1h, "seal also replaced"};
  alert.outcome->parts = {{"F7-592-635", "", 4}, {"", "seal", 1}};
  alert.outcome->minutes = 38;
  EXPECT_THAT(closed_table({alert}, Colours::off),
              HasSubstr("2026-03-01 14:00  AHU-07/filter-clog  confirmed  tech/a.kaya  4 x F7-592-635, 1 x seal  38  "
                        "     Filter of AHU-07  seal also replaced\n"));
}

TEST(AlertList, puts_the_gravest_and_most_urgent_first) {
  std::vector<Alert> alerts{sample("D", Severity::minor, 1, noon), sample("C", Severity::critical, 2, noon + 1h),
                            sample("B", Severity::critical, 2, noon), sample("A", Severity::critical, 1, noon + 2h)};
  sort_by_urgency(alerts);
  std::vector<std::string> order;
  for (const auto& alert : alerts) order.push_back(alert.asset);
  EXPECT_THAT(order, ElementsAre("A", "B", "C", "D"));
}

TEST(AlertList, reads_documents_and_counts_what_it_cannot_read) {
  Plant plant;
  plant.hear_all(noon);
  plant.hear(1, 0, false, noon);
  const auto alert = plant.look(noon + 15min).at(0);
  const auto document = delivery::alert_document(alert, plant.site.assets[2].asset, {}, 7);
  const auto list = parse_alert_list("[" + document + R"(,{"data":7},)" + document + "]");
  ASSERT_EQ(list.alerts.size(), 2U);
  EXPECT_EQ(list.alerts[1].slot(), "south/bus-loss");
  EXPECT_EQ(list.alerts[1].title, alert.title);
  EXPECT_EQ(list.unreadable, 1U);
  EXPECT_EQ(parse_alert_list("no json").unreadable, 1U);
}

TEST(RecentErrors, remembers_the_latest_warnings_and_errors_while_it_lives) {
  {
    const RecentErrors errors{2};
    spdlog::warn("first");
    spdlog::info("of no interest");
    spdlog::error("second");
    spdlog::warn("third");
    EXPECT_THAT(errors.latest(), ElementsAre(HasSubstr("Z error: second"), HasSubstr("Z warning: third")));
  }
  EXPECT_EQ(spdlog::default_logger()->sinks().size(), 1U);
}

}  // namespace
}  // namespace fettle::commands
