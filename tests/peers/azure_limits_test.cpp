#include <gmock/gmock.h>

#include <set>

#include "azure_hub.hpp"
#include "refused_agent.hpp"

// The real binary with a certificate at a program that keeps the rules of an Azure IoT Hub, its limits among them.

namespace fettle {
namespace {

using test::patience;
using testing::HasSubstr;
using testing::Not;

constexpr auto hot = "PUMP-1/overheating";

class WithCertificate : public test::Refused {
 protected:
  void SetUp() override {
    Refused::SetUp();
    hub.emplace(host, authority.certificate());
    replace(site, plain_url(),
            fmt::format("service: azure_iot_hub, url: \"mqtts://localhost:{}\", tls: {{ca: {}, certificate: "
                        "{}, key: {}}}",
                        hub->port(), authority.certificate(), own.certificate, own.key));
  }

  test::Authority authority{folder.path()};
  test::Identity host = authority.issue("localhost"), own = authority.issue("gw-7");
  std::optional<test::AzureHub> hub;
};

TEST_F(WithCertificate, it_is_let_in_and_alerts_are_events) {
  auto agent = run();
  ASSERT_TRUE(hub->next("connect", test::any_packet)) << agent.output() << hub->output();
  EXPECT_TRUE(hub->next_event("slot", hot)) << agent.output() << hub->output();
  EXPECT_THAT(hub->output(), Not(HasSubstr("\"wrong\""))) << "each packet keeps the hub's rules";
}

TEST_F(WithCertificate, that_the_hub_does_not_know_it_says_so_and_comes_in_with_a_good_one) {
  const test::TempDir elsewhere;
  const test::Authority stranger{elsewhere.path(), "Another authority"};
  const auto strange = stranger.issue("gw-7");
  for (const auto& [from, to] : {std::pair{strange.certificate, own.certificate}, {strange.key, own.key}})
    std::filesystem::copy_file(from, to, std::filesystem::copy_options::overwrite_existing);
  auto agent = run();
  ASSERT_TRUE(
      agent.wait_for_line("check that device gw-7 is there, enabled, and known with this certificate", patience))
      << agent.output();
  EXPECT_TRUE(lists(test::refusal_title)) << agent.output();
  authority.issue("gw-7");
  EXPECT_TRUE(hub->next_event("slot", hot)) << agent.output() << hub->output();
}

/// The hub shapes traffic: what is beyond its throttle waits there, and so does its acknowledgement.
TEST_F(WithCertificate, it_waits_for_late_acknowledgements_and_repeats_nothing) {
  hub->ask({{"quota", "late"}});
  auto agent = run();
  ASSERT_TRUE(hub->next_event("slot", hot, "late")) << agent.output() << hub->output();
  const auto late = hub->ids("late");
  hub->ask({{"quota", "met"}});
  for (const auto& id : late) ASSERT_TRUE(hub->next_event("$.mid", id)) << agent.output() << hub->output();
  const auto taken = hub->ids("event");
  EXPECT_THAT(std::set(taken.begin(), taken.end()), testing::SizeIs(taken.size())) << "each one once";
}

/// Beyond its quota it ends the connection, for MQTT 3.1.1 has no other word for it.
TEST_F(WithCertificate, beyond_the_quota_it_holds_events_back_says_so_and_loses_none) {
  replace(site, "heartbeat: 24h", "heartbeat: 1h");
  hub->ask({{"quota", "exceeded"}});
  auto agent = run();
  ASSERT_TRUE(lists("ends the connection whenever ")) << agent.output() << hub->output();
  EXPECT_TRUE(hub->next("twin", [](const auto& twin) { return twin.as_object().contains("status"); }));
  hub->ask({{"quota", "met"}});
  EXPECT_TRUE(hub->next_event("slot", hot)) << agent.output() << hub->output();
  EXPECT_TRUE(hub->next_event("slot", "gw-7/broker-refusal")) << agent.output() << hub->output();
}

}  // namespace
}  // namespace fettle
