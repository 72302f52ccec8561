#include <gmock/gmock.h>

#include "running_agent.hpp"
#include "support/certificates.hpp"

// The real binary as a thing of AWS, at a real broker that knows nothing of AWS but topics and certificates.

namespace fettle {
namespace {

using test::patience;
using test::Received;
using test::Subscriber;

class AtAws : public test::RealTimeAgent {
 protected:
  void SetUp() override {
    RealTimeAgent::SetUp();
    const auto thing = authority.issue("gw-7");
    replace(
        site, fmt::format("url: \"mqtt://127.0.0.1:{}\"", broker.port()),
        fmt::format("service: aws_iot_core, url: \"mqtts://localhost:{}\", tls: {{ca: {}, certificate: {}, key: {}}}",
                    secured_port, authority.certificate(), thing.certificate, thing.key));
  }
  void execute(const std::string& execution, const std::string& payload) const {
    test::Child publish{{"mosquitto_pub", "-p", std::to_string(cloud.port()), "-q", "1", "-m", payload, "-t",
                         fmt::format("$aws/commands/things/gw-7/executions/{}/request/json", execution)}};
    ASSERT_EQ(publish.wait(patience), 0) << publish.output();
  }

  test::Authority authority{folder.path()};
  test::Identity host = authority.issue("localhost");
  unsigned short secured_port = test::free_port();
  test::Mosquitto cloud{
      fmt::format("listener {} 127.0.0.1\ncertfile {}\nkeyfile {}\ncafile {}\nrequire_certificate true", secured_port,
                  host.certificate, host.key, authority.certificate())};
};

TEST_F(AtAws, status_is_a_shadow_and_executions_are_commands) {
  Subscriber own{cloud.port(), "fettle/#"};
  Subscriber theirs{cloud.port(), "$aws/#", {}, Subscriber::Witnessed::no};
  test::Child agent{{FETTLE_BINARY, "run", "-c", site}};
  const auto shadow = theirs.wait_for("$aws/things/gw-7/shadow/name/fettle/update", patience);
  ASSERT_TRUE(shadow) << agent.output();
  const auto reported = document(*shadow).at("state").at("reported");
  EXPECT_EQ(reported.at("gateway").as_string(), "gw-7");
  EXPECT_EQ(reported.at("state").as_string(), "online");
  const auto alert = own.wait_for(test::hot_slot, patience);
  ASSERT_TRUE(alert) << agent.output();

  execute("e-1", fmt::format(R"({{"op":"ack","args":{{"id":"{}"}}}})", episode(*alert)));
  const auto end = theirs.wait_for("executions/e-1/response/json", patience);
  ASSERT_TRUE(end) << agent.output();
  EXPECT_EQ(document(*end).at("status").as_string(), "SUCCEEDED") << end->payload;
  EXPECT_TRUE(own.wait_for(
      [](const Received& each) {
        return each.topic.ends_with(test::hot_slot) && each.payload.find(R"("by":"aws")") != std::string::npos;
      },
      patience))
      << agent.output();
  execute("e-2", R"({"op":"ack","args":{"id":"nothing"}})");
  const auto refusal = theirs.wait_for("executions/e-2/response/json", patience);
  ASSERT_TRUE(refusal) << agent.output();
  EXPECT_EQ(document(*refusal).at("status").as_string(), "REJECTED") << refusal->payload;
}

}  // namespace
}  // namespace fettle
