#include <gmock/gmock.h>

#include <optional>

#include "modbus_line.hpp"
#include "refused_agent.hpp"
#include "support/certificates.hpp"

// The real binary at brokers that do not take all it has to say.

namespace fettle {
namespace {

using test::Child;
using test::patience;
using test::refusal_slot;
using test::Refused;
using testing::HasSubstr;

TEST_F(Refused, a_document_is_an_alert_that_the_broker_takes_and_the_installer_sees) {
  const auto rights = folder.write("acl", "topic deny fettle/v1/gw-7/info\ntopic readwrite #\n");
  const test::Mosquitto strict{"acl_file " + rights};
  replace(site, plain_url(), fmt::format("url: \"mqtt://127.0.0.1:{}\"", strict.port()));
  test::Subscriber subscriber{strict.port(), "fettle/#", {}, test::Subscriber::Witnessed::no};
  auto agent = run();
  const auto alert = subscriber.wait_for(refusal_slot, patience);
  ASSERT_TRUE(alert) << agent.output();
  const auto data = document(*alert).at("data");
  EXPECT_EQ(data.at("kind").as_string(), "system");
  EXPECT_THAT(std::string{data.at("text").as_string()}, HasSubstr("refuses info: Not authorized"));
  EXPECT_THAT(listed_alerts(), HasSubstr(test::refusal_title));
}

/// At a broker that ends the connection at a topic that it does not like.
class ThrownOut : public Refused {
 protected:
  void forbid(const std::string& topic, const std::vector<std::string>& certificates = {}) {
    const auto port = test::free_port();
    std::vector<std::string> arguments{std::to_string(port), topic};
    arguments.insert(arguments.end(), certificates.begin(), certificates.end());
    abrupt.emplace(test::node_peer("abrupt_broker_peer.js", arguments));
    ASSERT_TRUE(abrupt->wait_for_line("ready", patience)) << abrupt->output();
    url = fmt::format("{}:{}", certificates.empty() ? "mqtt://127.0.0.1" : "mqtts://localhost", port);
  }
  /// The next document that the broker takes on this topic.
  std::optional<std::string> next(const std::string& topic) {
    std::optional<std::string> payload;
    abrupt->wait_for_line(
        [&](const std::string& line) {
          boost::system::error_code code;
          const auto value = boost::json::parse(line, code);
          const auto* const packet = !code && value.is_object() ? &value.get_object() : nullptr;
          if (packet == nullptr || !packet->contains("topic") || !packet->at("topic").as_string().ends_with(topic))
            return false;
          payload = packet->at("payload").as_string();
          return true;
        },
        patience);
    return payload;
  }

  std::optional<Child> abrupt;
  std::string url;
};

TEST_F(ThrownOut, for_one_document_it_sends_the_others_and_says_what_is_wrong) {
  forbid("PUMP-1/overheating");
  replace(site, plain_url(), fmt::format("url: \"{}\"", url));
  auto agent = run();
  const auto alert = next(refusal_slot);
  ASSERT_TRUE(alert) << agent.output() << abrupt->output();
  EXPECT_THAT(*alert, HasSubstr("ends the connection whenever PUMP-1/overheating is sent"));
  EXPECT_THAT(listed_alerts(), HasSubstr(test::refusal_title));
  EXPECT_THAT(agent.output(), HasSubstr("Check what gw-7 may publish"));
}

TEST_F(ThrownOut, at_aws_for_the_shadow_it_sends_the_documents_and_says_what_is_wrong) {
  const test::Authority authority{folder.path()};
  const auto host = authority.issue("localhost"), thing = authority.issue("gw-7");
  forbid("$aws/things/gw-7/shadow", {host.certificate, host.key, authority.certificate()});
  replace(site, plain_url(),
          fmt::format("service: aws_iot_core, url: \"{}\", tls: {{ca: {}, certificate: {}, key: {}}}", url,
                      authority.certificate(), thing.certificate, thing.key));
  auto agent = run();
  const auto alert = next(refusal_slot);
  ASSERT_TRUE(alert) << agent.output() << abrupt->output();
  constexpr auto why = "AWS IoT Core does not take the shadow: the connection ends whenever it is sent";
  EXPECT_THAT(*alert, HasSubstr(why));
  EXPECT_THAT(agent.output(), HasSubstr(why));
}

/// A script that answers at a broker as AWS does to whoever may not change a shadow.
TEST_F(Refused, a_shadow_by_a_message_is_an_alert_until_one_is_taken) {
  replace(site, "heartbeat: 24h", "heartbeat: 1h");
  const test::Authority authority{folder.path()};
  const auto host = authority.issue("localhost"), thing = authority.issue("gw-7");
  const auto port = test::free_port();
  const test::Mosquitto cloud{
      fmt::format("listener {} 127.0.0.1\ncertfile {}\nkeyfile {}\ncafile {}\nrequire_certificate true", port,
                  host.certificate, host.key, authority.certificate())};
  replace(site, plain_url(),
          fmt::format("service: aws_iot_core, url: \"mqtts://localhost:{}\", tls: {{ca: {}, certificate: {}, key: {}}}",
                      port, authority.certificate(), thing.certificate, thing.key));
  test::Subscriber alerts{cloud.port(), "fettle/v1/gw-7/alert/gw-7/broker-refusal"};
  constexpr auto shadow = "$aws/things/gw-7/shadow/name/fettle/update";
  test::Subscriber shadows{cloud.port(), shadow, {}, test::Subscriber::Witnessed::no};
  auto agent = run();
  ASSERT_TRUE(shadows.wait_for(shadow, patience)) << agent.output();
  Child answer{{"mosquitto_pub", "-p", std::to_string(cloud.port()), "-q", "1", "-t", std::string{shadow} + "/rejected",
                "-m", R"({"code":403,"message":"Forbidden"})"}};
  const auto is = [](const std::string& state) {
    return [state](const test::Received& each) { return document(each).at("data").at("state").as_string() == state; };
  };
  const auto alert = alerts.wait_for(is("active"), patience);
  ASSERT_TRUE(alert) << agent.output() << answer.output();
  constexpr auto why = "AWS IoT Core does not take the shadow: 403 Forbidden; check iot:Publish";
  EXPECT_THAT(std::string{document(*alert).at("data").at("text").as_string()}, HasSubstr(why));
  EXPECT_THAT(agent.output(), HasSubstr(why));
  EXPECT_TRUE(alerts.wait_for(is("cleared"), patience)) << agent.output();
}

TEST_F(ThrownOut, at_aws_at_the_login_it_says_so_and_lists_the_alert) {
  const test::TempDir elsewhere;
  const test::Authority authority{folder.path()}, stranger{elsewhere.path(), "Another authority"};
  const auto host = authority.issue("localhost"), thing = stranger.issue("gw-7");
  forbid("nothing", {host.certificate, host.key, authority.certificate()});
  replace(site, plain_url(),
          fmt::format("service: aws_iot_core, url: \"{}\", tls: {{ca: {}, certificate: {}, key: {}}}", url,
                      authority.certificate(), thing.certificate, thing.key));
  auto agent = run();
  ASSERT_TRUE(agent.wait_for_line("check that the certificate is active, and that its policy allows", patience))
      << agent.output();
  EXPECT_TRUE(lists(test::refusal_title)) << agent.output();
}

}  // namespace
}  // namespace fettle
