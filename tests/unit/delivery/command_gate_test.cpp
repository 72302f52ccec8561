#include "command_gate_fixture.hpp"

#include <fmt/format.h>

namespace fettle::delivery {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

TEST_F(CommandGateTest, lets_a_command_pass_that_keeps_the_contract) {
  auto message = command(close_claims());
  message.correlation = std::string("\0\xFFid", 4);
  const auto passage = inspect(message);
  const auto* const accepted = std::get_if<CommandGate::Accepted>(&passage);
  ASSERT_NE(accepted, nullptr);
  EXPECT_EQ(accepted->to.requester, "dispatch");
  EXPECT_EQ(accepted->to.correlation, message.correlation);
  EXPECT_EQ(accepted->claims.jti, "8f1f5a1e");
  EXPECT_EQ(accepted->claims.args.at("id").as_string(), "01JD8Q4Z7T3V9XK2M5N6P8R0SA");
  EXPECT_EQ(accepted->tier, Tier::service);
  EXPECT_THAT(gate_.counts(), ElementsAre(Pair("accepted", 1)));
}

TEST_F(CommandGateTest, rule_8_drops_retained_commands_without_an_answer) {
  auto message = command(close_claims());
  message.retained = true;
  EXPECT_TRUE(drops(message));
  message.payload = std::string(20'000, 'x');
  EXPECT_TRUE(drops(message)) << "retained comes before size";
  EXPECT_THAT(gate_.counts(), ElementsAre(Pair("retained", 2)));
}

TEST_F(CommandGateTest, drops_what_names_nobody_to_answer) {
  const auto payload = boost::json::serialize(close_claims());
  for (const auto* const topic :
       {"fettle/v1/gw-0042/cmd/dispatch", "fettle/v1/gw-0042/cmd/dispatch/close/now", "fettle/v1/gw-0042/cmd//close",
        "fettle/v1/gw-0042/cmd/dispatch/", "fettle/v1/gw-0043/cmd/dispatch/close", "fettle/v1/gw-0042/res/dispatch",
        "acme/fettle/v1/gw-0042/cmd/dispatch/close", "fettle/v1/gw-0042/cmd/m lee/close", ""}) {
    EXPECT_TRUE(drops(on_topic(topic, payload))) << topic;
  }
  EXPECT_EQ(count("unaddressed"), 9U);
}

TEST_F(CommandGateTest, refuses_oversized_commands) {
  auto claims = close_claims();
  const auto room = 16'384 - boost::json::serialize(claims).size() - std::string_view{R"(,"pad":"")"}.size();
  claims["pad"] = std::string(room, 'x');
  EXPECT_TRUE(accepts(command(claims)));
  claims["pad"] = std::string(room + 1, 'x');
  EXPECT_EQ(status(command(claims)), 413);
  auto message = command(close_claims());
  message.correlation = std::string(1'025, 'x');
  const auto passage = inspect(message);
  EXPECT_EQ(status_of(passage), 413);
  EXPECT_TRUE(std::get<CommandGate::Refused>(passage).to.correlation.empty());
  EXPECT_EQ(count("oversized"), 2U);
}

TEST_F(CommandGateTest, refuses_what_it_cannot_read_and_still_names_the_command) {
  EXPECT_EQ(status(on_topic("fettle/v1/gw-0042/cmd/dispatch/close", "")), 400);
  EXPECT_EQ(status(on_topic("fettle/v1/gw-0042/cmd/dispatch/close", "{")), 400);
  const auto answer = refusal(inspect(command(claims_with({{"exp", "soon"}}))));
  EXPECT_EQ(answer.at("status").as_int64(), 400);
  EXPECT_EQ(answer.at("jti").as_string(), "8f1f5a1e");
  EXPECT_EQ(answer.at("op").as_string(), "close");
  EXPECT_THAT(std::string{answer.at("error").as_string()}, HasSubstr("exp is not whole seconds"));
  EXPECT_EQ(count("malformed"), 3U);
}

TEST_F(CommandGateTest, refuses_commands_for_a_foreign_audience) {
  auto message = command(claims_with({{"aud", "gw-0043"}}));
  EXPECT_EQ(status(message), 403);
  EXPECT_EQ(count("foreign_audience"), 1U);
}

TEST_F(CommandGateTest, refuses_an_op_that_is_not_the_topic_s) {
  auto message = command(close_claims());
  message.topic = "fettle/v1/gw-0042/cmd/dispatch/read";
  EXPECT_EQ(status(message), 400);
  EXPECT_EQ(count("op_mismatch"), 1U);
}

TEST_F(CommandGateTest, refuses_commands_in_the_name_of_another_requester) {
  auto message = command(close_claims());
  message.topic = "fettle/v1/gw-0042/cmd/viewer/close";
  const auto passage = inspect(message);
  EXPECT_EQ(status_of(passage), 403);
  EXPECT_EQ(std::get<CommandGate::Refused>(passage).to.requester, "viewer") << "the broker vouches for the topic";
  EXPECT_EQ(count("foreign_requester"), 1U);
}

TEST_F(CommandGateTest, refuses_operations_that_nobody_knows) {
  EXPECT_EQ(status(command(claims_for("shell"))), 404);
  EXPECT_EQ(count("unknown_op"), 1U);
}

TEST_F(CommandGateTest, refuses_late_commands) {
  const auto message = command(close_claims());
  EXPECT_TRUE(accepts(message, command_time() + 60s - 1ms));
  const auto answer = refusal(inspect(message, command_time() + 60s));
  EXPECT_EQ(answer.at("status").as_int64(), 408);
  EXPECT_EQ(answer.at("error").as_string(), "expired at 2026-11-24T14:32:00Z");
  EXPECT_EQ(count("expired"), 1U);
}

TEST_F(CommandGateTest, bounds_a_command_s_life_by_its_tier) {
  const auto lives = [this](std::string_view op, std::int64_t seconds) {
    return status(command(claims_with({{"op", op}, {"exp", unix_seconds(command_time()) + seconds}})));
  };
  EXPECT_EQ(lives("diag", 120), 0);
  EXPECT_EQ(lives("diag", 126), 400);
  EXPECT_EQ(lives("close", 30 * 86'400), 0);
  EXPECT_EQ(lives("close", 30 * 86'400 + 6), 400);
  EXPECT_EQ(lives("config", 600), 401) << "good but for the signature";
  EXPECT_EQ(lives("config", 606), 400);
  EXPECT_EQ(lives("close", 253'402'300'799 - unix_seconds(command_time())), 400);
  EXPECT_EQ(count("lives_too_long"), 4U);
  const auto answer = refusal(inspect(command(claims_with({{"op", "diag"}, {"exp", 1'999'999'999}}))));
  EXPECT_THAT(std::string{answer.at("hint").as_string()}, HasSubstr("read operations live for at most 2 minutes"));
}

TEST_F(CommandGateTest, refuses_commands_from_the_future) {
  const auto now = unix_seconds(command_time());
  EXPECT_EQ(status(command(claims_with({{"iat", now + 300}, {"exp", now + 900}}))), 0);
  EXPECT_EQ(status(command(claims_with({{"iat", now + 301}, {"exp", now + 900}}))), 400);
  EXPECT_EQ(count("from_the_future"), 1U);
}

TEST_F(CommandGateTest, judges_a_life_by_itself_while_the_clock_is_not_right) {
  const auto boot = Time{std::chrono::hours{1}};
  const auto in_1970 = [this, boot](const boost::json::object& claims) {
    return status_of(gate_.inspect(command(claims), boot, false));
  };
  EXPECT_EQ(in_1970(close_claims()), 0);
  EXPECT_EQ(in_1970(claims_for("diag")), 0);
  EXPECT_EQ(in_1970(claims_with({{"op", "diag"}, {"exp", unix_seconds(command_time()) + 126}})), 400);
}

TEST_F(CommandGateTest, refuses_maintenance_while_the_clock_is_not_right) {
  const auto answer = refusal(gate_.inspect(signed_command(claims_for("config")), command_time(), false));
  EXPECT_EQ(answer.at("status").as_int64(), 425);
  EXPECT_EQ(answer.at("error").as_string(), "clock");
  EXPECT_EQ(count("clock"), 1U);
}

TEST_F(CommandGateTest, asks_the_table_what_a_requester_may) {
  const auto asks = [this](std::string_view who, std::string_view op) {
    return status(command(claims_with({{"iss", who}, {"op", op}})));
  };
  EXPECT_EQ(asks("plant", "diag"), 0);
  EXPECT_EQ(asks("plant", "close"), 403);
  EXPECT_EQ(asks("stranger", "diag"), 0);
  EXPECT_EQ(asks("stranger", "close"), 0);
  EXPECT_EQ(asks("stranger", "restart"), 403);
  EXPECT_EQ(count("not_allowed"), 2U);
}

TEST_F(CommandGateTest, lets_only_listed_requesters_pass_where_nobody_else_may) {
  auto settings = usual_settings(pair_);
  settings.anybody = false;
  auto gate = gate_with(settings);
  EXPECT_EQ(status_of(gate.inspect(command(claims_with({{"iss", "stranger"}})), command_time(), true)), 403);
  EXPECT_EQ(status_of(gate.inspect(command(close_claims()), command_time(), true)), 0);
}

TEST_F(CommandGateTest, answers_on_the_standard_topic_whatever_response_topic_is_asked_for) {
  auto message = command(close_claims());
  message.response_topic = "fettle/v1/gw-0042/res/dispatch";
  EXPECT_TRUE(accepts(message));
  EXPECT_EQ(count("response_topic_ignored"), 0U);
  message.response_topic = "fettle/v1/gw-0042/res/somebody-else";
  const auto passage = inspect(message);
  ASSERT_TRUE(std::holds_alternative<CommandGate::Accepted>(passage));
  EXPECT_EQ(std::get<CommandGate::Accepted>(passage).to.requester, "dispatch");
  EXPECT_EQ(count("response_topic_ignored"), 1U);
}

}  // namespace
}  // namespace fettle::delivery
