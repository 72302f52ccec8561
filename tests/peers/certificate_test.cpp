#include <gmock/gmock.h>

#include "running_agent.hpp"
#include "support/certificates.hpp"

// What the real binary says of its own certificates.

namespace fettle {
namespace {

using test::Child;
using test::patience;
using testing::HasSubstr;

class OwnCertificate : public test::RealTimeAgent {
 protected:
  /// Keys of `broker:` for a broker that nobody has started.
  std::string nowhere(const test::Identity& own) const {
    return fmt::format("url: \"mqtts://localhost:{}\", tls: {{ca: {}, certificate: {}, key: {}}}", test::free_port(),
                       authority.certificate(), own.certificate, own.key);
  }
  Child start() const { return Child{{FETTLE_BINARY, "run", "-c", site}}; }

  test::Authority authority{folder.path()};
};

TEST_F(OwnCertificate, that_has_expired_is_in_the_log_before_the_broker_refuses_it) {
  const auto own = authority.issue("gw-7", -1);
  replace(site, fmt::format("url: \"mqtt://127.0.0.1:{}\"", broker.port()), nowhere(own));
  auto agent = start();
  EXPECT_TRUE(agent.wait_for_line("the certificate " + own.certificate + " has expired on", patience))
      << agent.output();
}

TEST_F(OwnCertificate, of_sparkplug_s_broker_that_expires_soon_is_an_alert_too) {
  const auto own = authority.issue("gw-7", 5);
  replace(site, "reconnect_within: 100ms", fmt::format("reconnect_within: 100ms, sparkplug: {{{}}}", nowhere(own)));
  test::Subscriber subscriber{broker.port(), "fettle/#"};
  auto agent = start();
  const auto alert = subscriber.wait_for("alert/gw-7/cert-expiry", patience);
  ASSERT_TRUE(alert) << agent.output();
  EXPECT_THAT(std::string{document(*alert).at("data").at("text").as_string()}, HasSubstr(own.certificate));
}

}  // namespace
}  // namespace fettle
