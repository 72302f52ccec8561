#include "self_watch_site.hpp"

#include <gmock/gmock.h>
#include <set>

namespace fettle {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr Days expiry_from_noon{40};

/// A gateway with a certificate that expires in 40 days.
struct Gateway : Plant {
  Gateway() {
    hear_all(noon);
    vitals.certificate_file = "/etc/fettle/gw.pem";
    vitals.certificate_subject = "gw-1";
    vitals.certificate_expiry = noon + expiry_from_noon;
  }
};

TEST(GatewayTrouble, announces_the_certificate_s_end_30_days_before_and_more_urgently_at_7) {
  Gateway gateway;
  EXPECT_THAT(gateway.look(noon + 9 * 24h), IsEmpty());
  const auto first = gateway.look(noon + 10 * 24h);
  ASSERT_THAT(first, SizeIs(1));
  EXPECT_EQ(first[0].slot(), "gw-1/cert-expiry");
  EXPECT_EQ(first[0].severity, Severity::minor);
  EXPECT_EQ(first[0].title, "The gateway's certificate expires on 2026-04-10");
  for (const auto* part : {"/etc/fettle/gw.pem", "of gw-1", "2026-04-10T12:00:00Z", "`rotate`"})
    EXPECT_THAT(first[0].text, HasSubstr(part));
  const auto urgent = gateway.look(noon + 33 * 24h);
  ASSERT_THAT(urgent, SizeIs(1));
  EXPECT_EQ(urgent[0].id, first[0].id);
  EXPECT_EQ(urgent[0].severity, Severity::major);
  const auto late = gateway.look(noon + 40 * 24h);
  EXPECT_EQ(late.at(0).severity, Severity::critical);
  EXPECT_EQ(late.at(0).priority, 1);
  EXPECT_THAT(late.at(0).title, HasSubstr("expired on"));
}

TEST(GatewayTrouble, takes_the_announcement_back_when_the_certificate_is_new) {
  Gateway gateway;
  EXPECT_THAT(gateway.look(noon + 20 * 24h), SizeIs(1));
  gateway.vitals.certificate_expiry.reset();
  EXPECT_THAT(gateway.look(noon + 20 * 24h + 1min), IsEmpty()) << "a file that cannot be read is no new certificate";
  gateway.vitals.certificate_expiry = noon + 365 * 24h;
  EXPECT_EQ(gateway.look(noon + 20 * 24h + 2min).at(0).state, AlertState::cleared);
}

TEST(GatewayTrouble, says_so_when_the_clock_has_followed_no_source_for_an_hour) {
  Gateway gateway;
  gateway.vitals.clock.sync = delivery::ClockSync::none;
  EXPECT_THAT(gateway.look(noon), IsEmpty());
  EXPECT_THAT(gateway.look(noon + 1h), IsEmpty());
  const auto alerts = gateway.look(noon + 61min);
  ASSERT_THAT(alerts, SizeIs(1));
  EXPECT_EQ(alerts[0].slot(), "gw-1/clock-unsynced");
  EXPECT_THAT(alerts[0].text, HasSubstr("2026-03-01T12:00:00Z"));
  gateway.vitals.clock.sync = delivery::ClockSync::ntp;
  EXPECT_EQ(gateway.look(noon + 62min).at(0).state, AlertState::cleared);
}

TEST(GatewayTrouble, keeps_the_clock_s_alert_up_over_a_restart) {
  Gateway gateway;
  gateway.vitals.clock.sync = delivery::ClockSync::none;
  EXPECT_THAT(gateway.look(noon), IsEmpty());
  const auto alert = gateway.look(noon + 2h).at(0);
  Gateway again;
  again.vitals.clock.sync = delivery::ClockSync::none;
  EXPECT_TRUE(again.watch.restore(alert));
  EXPECT_THAT(again.look(noon + 2h + 1min), IsEmpty());
}

TEST(GatewayTrouble, says_what_the_broker_has_not_taken_for_five_minutes) {
  Gateway gateway;
  gateway.vitals.broker_refusal = "mqtts://broker.example:8883: rejects us";
  gateway.vitals.broker_refuses_since = noon;
  EXPECT_THAT(gateway.look(noon + 4min), IsEmpty());
  const auto alerts = gateway.look(noon + 5min);
  ASSERT_THAT(alerts, SizeIs(1));
  EXPECT_EQ(alerts[0].slot(), "gw-1/broker-refusal");
  EXPECT_EQ(alerts[0].severity, Severity::major);
  EXPECT_THAT(alerts[0].text, HasSubstr("2026-03-01T12:00:00Z: mqtts://broker.example:8883: rejects us"));
  gateway.vitals.broker_refuses_since.reset();
  EXPECT_THAT(gateway.look(noon + 6min), IsEmpty()) << "without a connection nobody knows";
  gateway.vitals.broker_connected = true;
  EXPECT_EQ(gateway.look(noon + 7min).at(0).state, AlertState::cleared);
}

struct Space {
  std::uint64_t free, total;
  bool low;
};

class Disk : public testing::TestWithParam<Space> {};

TEST_P(Disk, is_low_below_5_percent_or_50_megabytes) {
  Gateway gateway;
  gateway.vitals.free_bytes = GetParam().free;
  gateway.vitals.total_bytes = GetParam().total;
  EXPECT_EQ(gateway.look(noon).size(), GetParam().low ? 1U : 0U);
}

INSTANTIATE_TEST_SUITE_P(GatewayTrouble, Disk,
                         testing::Values(Space{500'000'000, 10'000'000'000, false},
                                         Space{499'000'000, 10'000'000'000, true},
                                         Space{50'000'000, 100'000'000, false}, Space{49'000'000, 100'000'000, true},
                                         Space{0, 1'000'000'000, true}, Space{0, 0, false}));

TEST(GatewayTrouble, does_not_take_a_full_disk_back_for_a_few_bytes) {
  Gateway gateway;
  gateway.vitals.free_bytes = 399'000'000;
  const auto alert = gateway.look(noon).at(0);
  EXPECT_EQ(alert.slot(), "gw-1/disk-low");
  EXPECT_THAT(alert.text, HasSubstr("399.0 MB of 8.0 GB are free on the file system of /var/lib/fettle"));
  gateway.vitals.free_bytes = 410'000'000;
  EXPECT_THAT(gateway.look(noon + 1min), IsEmpty());
  gateway.vitals.free_bytes = 481'000'000;
  EXPECT_EQ(gateway.look(noon + 2min).at(0).state, AlertState::cleared);
}

TEST(GatewayTrouble, says_why_the_journal_cannot_be_written) {
  Gateway gateway;
  gateway.vitals.store_trouble = "/var/lib/fettle/journal.db: database or disk is full";
  const auto alert = gateway.look(noon).at(0);
  EXPECT_EQ(alert.slot(), "gw-1/store-failed");
  EXPECT_EQ(alert.severity, Severity::critical);
  EXPECT_THAT(alert.text, HasSubstr("journal.db: database or disk is full"));
  gateway.vitals.store_trouble.clear();
  EXPECT_EQ(gateway.look(noon + 1min).at(0).state, AlertState::cleared);
}

TEST(GatewayTrouble, says_when_more_is_written_than_the_budget_allows) {
  Gateway gateway;
  gateway.vitals.written_per_day = 20'000'000;
  EXPECT_THAT(gateway.look(noon), IsEmpty());
  gateway.vitals.written_per_day = 31'500'000;
  const auto alert = gateway.look(noon + 1h).at(0);
  EXPECT_EQ(alert.slot(), "gw-1/flash-budget");
  EXPECT_THAT(alert.text, HasSubstr("31.5 MB in the last 24 hours, against a budget of 20.0 MB"));
  gateway.vitals.written_per_day = 18'000'000;
  EXPECT_THAT(gateway.look(noon + 2h), IsEmpty());
  gateway.vitals.written_per_day = 16'000'000;
  EXPECT_EQ(gateway.look(noon + 3h).at(0).state, AlertState::cleared);
}

TEST(GatewayTrouble, keeps_silent_about_writing_where_there_is_no_budget) {
  Gateway gateway;
  gateway.vitals.writes_budget = 0;
  gateway.vitals.written_per_day = 1'000'000'000;
  EXPECT_THAT(gateway.look(noon), IsEmpty());
}

TEST(GatewayTrouble, reports_settings_that_were_left_out) {
  auto site = two_buses();
  site.confined.add({{"site.yaml", 14, 9}, "devices[2].every", "\"5 parsecs\" is not a duration (try 5s)"});
  Plant plant{site};
  plant.hear_all(noon);
  const auto alert = plant.look(noon).at(0);
  EXPECT_EQ(alert.slot(), "gw-1/config-invalid");
  EXPECT_THAT(alert.text, HasSubstr("site.yaml:14:9"));
}

TEST(GatewayTrouble, says_why_a_changed_site_file_is_not_followed_until_it_is) {
  Gateway gateway;
  gateway.vitals.refused_settings = "site.yaml:14:9: devices[2].every: \"5 parsecs\" is not a duration (try 5s)";
  const auto alert = gateway.look(noon).at(0);
  EXPECT_EQ(alert.slot(), "gw-1/config-invalid");
  EXPECT_THAT(alert.title, HasSubstr("the former settings stay"));
  EXPECT_THAT(alert.text, HasSubstr("site.yaml:14:9"));
  gateway.vitals.refused_settings.clear();
  EXPECT_EQ(gateway.look(noon + 1min).at(0).state, AlertState::cleared);
}

TEST(GatewayTrouble, fits_all_its_texts_into_the_contract_s_limits) {
  Gateway gateway;
  auto& vitals = gateway.vitals;
  vitals.certificate_file = "/" + std::string(100, 'c');
  vitals.certificate_subject = std::string(64, 's');
  vitals.store_folder = "/" + std::string(100, 'f');
  vitals.certificate_expiry = noon + 2h;
  vitals.clock.sync = delivery::ClockSync::none;
  vitals.broker_refusal = std::string(400, 'r');
  vitals.broker_refuses_since = noon;
  vitals.free_bytes = 1;
  vitals.store_trouble = std::string(300, 'x');
  vitals.written_per_day = 30'000'000;
  auto alerts = gateway.look(noon);
  for (auto& late : gateway.look(noon + 61min)) alerts.push_back(std::move(late));
  std::set<std::string> modes;
  for (const auto& alert : alerts) {
    modes.insert(alert.mode);
    EXPECT_LE(alert.title.size(), 100U) << alert.mode;
    EXPECT_LE(alert.text.size(), 1000U) << alert.mode;
    EXPECT_FALSE(dispatch_grade(alert)) << alert.mode;
  }
  EXPECT_THAT(modes, SizeIs(gateway_modes().size() - 1)) << "all but config-invalid";
}

TEST(Vitals, tells_the_space_in_the_store_s_folder_and_nothing_of_one_that_is_not_there) {
  const auto vitals = take_vitals("/");
  ASSERT_TRUE(vitals.free_bytes);
  EXPECT_LE(*vitals.free_bytes, *vitals.total_bytes);
  EXPECT_FALSE(take_vitals("/no/such/folder").free_bytes);
}

TEST(Vitals, knows_this_process_s_memory) {
  EXPECT_GT(resident_memory().value_or(0), 1'000'000U);
  EXPECT_FALSE(resident_memory("/no/such/file"));
  EXPECT_FALSE(bytes_written("/no/such/file"));
}

}  // namespace
}  // namespace fettle
