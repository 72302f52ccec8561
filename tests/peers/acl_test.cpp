// Contract 8, rule 10: on a real broker with certificates, the shipped access list lets everybody do what is theirs and nothing else.

#include "support/certificates.hpp"
#include "support/child.hpp"
#include "support/mosquitto.hpp"
#include "support/subscriber.hpp"
#include "support/temp_dir.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fettle::test {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::chrono::seconds patience{10};
const std::string refusal = "Not authorized";

class AccessList : public testing::Test {
 protected:
  static std::string broker_settings(const Authority& authority) {
    const auto broker = authority.issue("broker");
    return fmt::format(
        "cafile {}\ncertfile {}\nkeyfile {}\nrequire_certificate true\nuse_identity_as_username true\nacl_file {}\n",
        authority.certificate(), broker.certificate, broker.key, FETTLE_SOURCE_DIR "/config/contract/mosquitto.acl");
  }

  std::vector<std::string> as(const std::string& user) const { return as(authority_.issue(user)); }
  std::vector<std::string> as(const Identity& identity) const {
    return {"-V", "5", "--cafile", authority_.certificate(), "--cert", identity.certificate, "--key", identity.key};
  }

  /// What mosquitto_pub says about a publication with QoS 1; nothing when it was taken.
  std::string publish(const std::vector<std::string>& identity, const std::string& topic,
                      const std::string& text) const {
    std::vector<std::string> command{
        "mosquitto_pub", "-h", "127.0.0.1", "-p", std::to_string(broker_.port()), "-q", "1", "-t", topic, "-m", text};
    command.insert(command.end(), identity.begin(), identity.end());
    Child child{command};
    const auto status = child.wait(patience);
    return status == 0 ? child.output() : child.output() + " (failed)";
  }
  std::string publish(const std::string& user, const std::string& topic, const std::string& text = "x") const {
    return publish(as(user), topic, text);
  }

  Subscriber subscriber(const std::string& user, const std::string& filter) const {
    return Subscriber{broker_.port(), filter, as(user), Subscriber::Witnessed::no};
  }

  TempDir folder_;
  Authority authority_{folder_.path()};
  Mosquitto broker_{broker_settings(authority_)};
};

TEST_F(AccessList, lets_a_gateway_s_own_documents_reach_the_back_office) {
  auto dispatch = subscriber("dispatch", "fettle/v1/#");
  for (const auto* const topic : {"info", "status", "alert/AHU-07/filter-clog", "res/dispatch"}) {
    EXPECT_EQ(publish("gw-0042", fmt::format("fettle/v1/gw-0042/{}", topic)), "");
    EXPECT_TRUE(dispatch.wait_for(topic, patience)) << topic;
  }
  EXPECT_EQ(publish("gw-0042", "fettle/v1/gw-0042/data/main_meter"), "");
}

TEST_F(AccessList, lets_dispatch_command_a_gateway_that_answers_dispatch_alone) {
  auto gateway = subscriber("gw-0042", "fettle/v1/gw-0042/cmd/#");
  auto dispatch = subscriber("dispatch", "fettle/v1/+/res/#");
  EXPECT_EQ(publish("dispatch", "fettle/v1/gw-0042/cmd/dispatch/ack", "command"), "");
  EXPECT_EQ(gateway.next(patience).value_or(Received{}).payload, "command");
  EXPECT_EQ(publish("gw-0042", "fettle/v1/gw-0042/res/helpdesk", "for another"), "");
  EXPECT_EQ(publish("gw-0042", "fettle/v1/gw-0042/res/dispatch", "for dispatch"), "");
  EXPECT_EQ(dispatch.next(patience).value_or(Received{}).payload, "for dispatch") << "and nothing before it";
}

TEST_F(AccessList, rule_10_refuses_an_alert_in_the_name_of_another_gateway) {
  auto dispatch = subscriber("dispatch", "fettle/v1/+/alert/#");
  EXPECT_THAT(publish("gw-0043", "fettle/v1/gw-0042/alert/AHU-07/filter-clog", "spoofed"), HasSubstr(refusal));
  EXPECT_EQ(publish("gw-0043", "fettle/v1/gw-0043/alert/AHU-07/filter-clog", "own"), "");
  EXPECT_EQ(dispatch.next(patience).value_or(Received{}).payload, "own") << "and nothing before it";
}

TEST_F(AccessList, rule_10_refuses_commands_that_are_not_the_sender_s_own) {
  auto gateway = subscriber("gw-0042", "fettle/v1/gw-0042/cmd/#");
  EXPECT_THAT(publish("dispatch", "fettle/v1/gw-0042/cmd/helpdesk/ack"), HasSubstr(refusal)) << "a foreign requester";
  EXPECT_THAT(publish("viewer", "fettle/v1/gw-0042/cmd/viewer/ack"), HasSubstr(refusal)) << "may only read";
  EXPECT_THAT(publish("viewer", "fettle/v1/gw-0042/cmd/dispatch/ack"), HasSubstr(refusal));
  EXPECT_THAT(publish("gw-0043", "fettle/v1/gw-0042/cmd/gw-0043/ack"), HasSubstr(refusal)) << "gateway to gateway";
  EXPECT_THAT(publish("gw-0043", "fettle/v1/gw-0042/cmd/dispatch/ack"), HasSubstr(refusal));
  EXPECT_THAT(publish("gw-0042", "fettle/v1/gw-0042/cmd/gw-0042/ack"), HasSubstr(refusal)) << "to itself";
  EXPECT_EQ(publish("dispatch", "fettle/v1/gw-0042/cmd/dispatch/ack", "own"), "");
  EXPECT_EQ(gateway.next(patience).value_or(Received{}).payload, "own") << "and nothing before it";
}

TEST_F(AccessList, shows_no_gateway_the_commands_of_another) {
  auto neighbour = subscriber("gw-0043", "fettle/v1/+/cmd/#");
  EXPECT_EQ(publish("dispatch", "fettle/v1/gw-0042/cmd/dispatch/ack", "for the other"), "");
  EXPECT_EQ(publish("dispatch", "fettle/v1/gw-0043/cmd/dispatch/ack", "own"), "");
  EXPECT_EQ(neighbour.next(patience).value_or(Received{}).payload, "own") << "and nothing before it";
}

TEST_F(AccessList, is_nothing_without_a_certificate_of_the_site_s_authority) {
  const TempDir elsewhere;
  const Authority stranger{elsewhere.path(), "Another authority"};
  const std::string own = "fettle/v1/gw-0042/status";
  EXPECT_EQ(publish("gw-0042", own), "");
  EXPECT_NE(publish(as(stranger.issue("gw-0042")), own, "x"), "");
  EXPECT_NE(publish(as(authority_.issue("gw-0042", -1)), own, "x"), "") << "it has expired";
  EXPECT_NE(publish({"-V", "5", "--cafile", authority_.certificate()}, own, "x"), "") << "there is none";
}

}  // namespace
}  // namespace fettle::test
