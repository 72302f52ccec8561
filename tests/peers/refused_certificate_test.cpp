#include <gmock/gmock.h>

#include "refused_agent.hpp"
#include "support/certificates.hpp"

// The real binary at a real broker that wants certificates, and does not take ours.

namespace fettle {
namespace {

using test::Child;
using test::patience;
using testing::HasSubstr;

/// With the highest version of TLS that both sides may speak.
class RefusedCertificate : public test::Refused, public testing::WithParamInterface<const char*> {
 protected:
  void SetUp() override {
    Refused::SetUp();
    const auto settings = fmt::format(
        "url: \"mqtts://localhost:{}\", tls: {{ca: {}, "
        "certificate: {}, key: {}}}",
        secured_port, authority.certificate(), own.certificate, own.key);
    replace(site, plain_url(), settings);
  }
  /// OpenSSL heeds this file in whatever program.
  Child run() const {
    const auto limits = folder.write("openssl.cnf", fmt::format("openssl_conf = all\n[all]\nssl_conf = tls\n[tls]\n"
                                                                "system_default = limits\n[limits]\nMaxProtocol = {}\n",
                                                                GetParam()));
    return Child{{FETTLE_BINARY, "run", "-c", site, "--speed", "3600@2026-06-01T00:00:00Z"},
                 {{{"OPENSSL_CONF", limits}}, {}}};
  }
  /// The broker has another listener, at which others are told that the alert is over.
  void expect_to_recover_with(const test::Identity& good, Child& agent) {
    test::Subscriber subscriber{strict.port(), "fettle/v1/gw-7/alert/gw-7/broker-refusal"};
    std::filesystem::rename(good.key, own.key);
    std::filesystem::rename(good.certificate, own.certificate);
    EXPECT_TRUE(subscriber.wait_for(
        [](const test::Received& each) { return document(each).at("data").at("state").as_string() == "cleared"; },
        std::chrono::seconds{40}))
        << agent.output();
  }

  test::TempDir elsewhere;
  test::Authority authority{folder.path()}, stranger{elsewhere.path(), "Another authority"};
  test::Identity host = authority.issue("localhost"), own = stranger.issue("gw-7");
  unsigned short secured_port = test::free_port();
  test::Mosquitto strict{
      fmt::format("listener {} 127.0.0.1\ncertfile {}\nkeyfile {}\ncafile {}\nrequire_certificate true", secured_port,
                  host.certificate, host.key, authority.certificate())};
};

INSTANTIATE_TEST_SUITE_P(Highest, RefusedCertificate, testing::Values("TLSv1.2", "TLSv1.3"), [](const auto& each) {
  return std::string{each.param}.substr(std::string_view{"TLSv1."}.size());
});

TEST_P(RefusedCertificate, of_another_authority_is_told_and_an_alert_until_there_is_a_good_one) {
  auto agent = run();
  EXPECT_TRUE(agent.wait_for_line("turns us away in TLS (tlsv1 alert unknown ca)", patience)) << agent.output();
  ASSERT_TRUE(lists(test::refusal_title)) << agent.output();
  EXPECT_THAT(listed_alerts(), HasSubstr("unknown ca"));
  expect_to_recover_with(authority.issue("gw-7"), agent);
}

TEST_P(RefusedCertificate, that_has_expired_is_told_by_its_own_date) {
  const auto old = authority.issue("gw-7", -1, elsewhere.path());
  auto agent = run();
  EXPECT_TRUE(agent.wait_for_line("the certificate " + old.certificate + " has expired on", patience))
      << agent.output();
  EXPECT_THAT(agent.output(), HasSubstr("turns us away in TLS (sslv3 alert certificate expired)"));
  ASSERT_TRUE(lists(test::refusal_title)) << agent.output();
  EXPECT_THAT(listed_alerts(), HasSubstr("has expired on"));
  expect_to_recover_with(authority.issue("gw-7"), agent);
}

}  // namespace
}  // namespace fettle
