#include "publisher.hpp"

#include "../delivery/sample_alerts.hpp"
#include "self_watch_site.hpp"
#include "support/temp_dir.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fettle {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

class PublisherTest : public testing::Test {
 protected:
  static Alert alert_of(const std::string& asset) {
    auto alert = test::sample_prediction();
    alert.asset = asset;
    alert.rev = 1;
    return alert;
  }

  static Installation site() {
    auto site = two_buses();
    for (auto& each : site.assets) {
      auto asset = test::sample_asset();
      asset.key = each.asset.key;
      each.asset = asset;
    }
    return site;
  }

  std::vector<store::StoredAlert> kept() { return ledger->read(&store::Journal::open_documents); }

  test::TempDir folder;
  DomainClock clock;
  std::unique_ptr<Ledger> ledger = Ledger::open(folder.path().string(), clock).value();
  Works works{site()};
  Publisher publisher{*ledger, works, test::sample_gateway()};
};

TEST_F(PublisherTest, writes_down_what_is_sound) {
  const auto alert = alert_of("FAN-01");
  publisher.publish(alert.changed_at, {alert});
  EXPECT_THAT(kept(), SizeIs(1));
  EXPECT_EQ(publisher.dropped(), 0U);
}

TEST_F(PublisherTest, rule_1_an_alert_that_does_not_keep_the_contract_is_never_sent_and_counted) {
  auto alert = alert_of("FAN-01");
  alert.priority = 9;
  publisher.publish(alert.changed_at, {alert});
  EXPECT_THAT(kept(), IsEmpty());
  EXPECT_EQ(publisher.dropped(), 1U);
}

TEST_F(PublisherTest, rule_14_an_alert_of_a_machine_that_the_info_document_does_not_know_is_never_sent) {
  const auto alert = alert_of("GHOST");
  publisher.publish(alert.changed_at, {alert});
  EXPECT_THAT(kept(), IsEmpty());
  EXPECT_EQ(publisher.dropped(), 1U);
}

}  // namespace
}  // namespace fettle
