// Signatures, repetitions and rates: the checks that come last, and what a flood can do.

#include "command_gate_fixture.hpp"

#include <fmt/format.h>

namespace fettle::delivery {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

TEST_F(CommandGateTest, lets_signed_maintenance_pass) {
  const auto passage = inspect(signed_command(claims_for("config")));
  ASSERT_TRUE(std::holds_alternative<CommandGate::Accepted>(passage)) << refusal(passage);
  EXPECT_EQ(std::get<CommandGate::Accepted>(passage).tier, Tier::maintenance);
  auto bare = signed_command(claims_for("restart"));
  bare.content_type.clear();
  EXPECT_TRUE(accepts(bare)) << "MQTT 3.1.1 has no content type";
}

TEST_F(CommandGateTest, refuses_unsigned_maintenance) {
  EXPECT_EQ(status(command(claims_for("config"))), 401);
  EXPECT_EQ(count("unsigned"), 1U);
}

TEST_F(CommandGateTest, refuses_forged_commands) {
  const auto stranger = test::make_key_pair(folder_.path(), "stranger", test::KeyKind::p256);
  const auto text = boost::json::serialize(claims_for("config"));
  const auto genuine = test::sign(text, pair_.private_key);
  const auto signature = genuine.substr(genuine.rfind('.'));
  const auto other_claims =
      test::sign(boost::json::serialize(claims_with({{"op", "config"}, {"jti", "other"}})), pair_.private_key);
  const auto none = test::base64url(R"({"alg":"none"})") + "." + test::base64url(text) + ".AA";
  for (const auto& forged :
       {test::sign(text, stranger.private_key),                       // with another's key
        other_claims.substr(0, other_claims.rfind('.')) + signature,  // with another command's signature
        none, test::sign(text, pair_.private_key, R"({"alg":"HS256"})")}) {
    auto message = command(claims_for("config"));
    message.payload = forged;
    EXPECT_EQ(status(message), 401) << forged;
  }
  EXPECT_EQ(count("forged"), 4U);
}

TEST_F(CommandGateTest, takes_signed_commands_of_every_tier_but_no_wrong_signature_of_any) {
  EXPECT_TRUE(accepts(signed_command(close_claims())));
  auto claims = claims_with({{"iss", "stranger"}});
  auto message = command(claims);
  message.payload = test::sign(message.payload, pair_.private_key);
  EXPECT_EQ(status(message), 401) << "no key of the stranger is known";
}

TEST_F(CommandGateTest, never_takes_a_key_of_one_requester_for_another) {
  auto settings = usual_settings(pair_);
  const auto other = test::make_key_pair(folder_.path(), "other", test::KeyKind::ed25519);
  settings.requesters["plant"].operations.insert("config");
  settings.requesters["plant"].keys = {PublicKey::from_file(other.public_key).value()};
  auto gate = gate_with(settings);
  auto message = command(claims_with({{"iss", "plant"}, {"op", "config"}}));
  const auto text = message.payload;
  message.payload = test::sign(text, pair_.private_key);
  EXPECT_EQ(status_of(gate.inspect(message, command_time(), true)), 401);
  message.payload = test::sign(text, other.private_key);
  EXPECT_EQ(status_of(gate.inspect(message, command_time(), true)), 0);
}

TEST_F(CommandGateTest, refuses_as_malformed_what_only_claims_to_be_signed) {
  auto message = command(claims_for("config"));
  message.content_type = "application/jose";
  EXPECT_EQ(status(message), 400);
}

TEST_F(CommandGateTest, answers_a_replayed_command_with_the_stored_answer) {  // contract 8, rule 9
  answers_[{"dispatch", "8f1f5a1e"}] = "what it was told then";
  auto message = command(close_claims());
  message.correlation = "second";
  const auto passage = inspect(message);
  ASSERT_TRUE(std::holds_alternative<CommandGate::Refused>(passage));
  EXPECT_EQ(std::get<CommandGate::Refused>(passage).document, "what it was told then");
  EXPECT_EQ(std::get<CommandGate::Refused>(passage).to.correlation, "second");
  EXPECT_EQ(count("repeated"), 1U);
  EXPECT_EQ(count("accepted"), 0U);
}

TEST_F(CommandGateTest, does_not_take_the_same_id_of_another_requester_for_a_repetition) {
  answers_[{"dispatch", "8f1f5a1e"}] = "what dispatch was told";
  EXPECT_TRUE(accepts(command(claims_with({{"iss", "stranger"}}))));
}

TEST_F(CommandGateTest, gives_no_stored_answer_to_whoever_does_not_pass_the_other_checks) {
  answers_[{"dispatch", "8f1f5a1e"}] = "secret";
  EXPECT_EQ(status(command(claims_for("config"))), 401);
  EXPECT_EQ(status(command(close_claims()), command_time() + 61s), 408);
}

TEST_F(CommandGateTest, lets_ten_commands_a_minute_of_a_requester_pass) {
  const auto numbered = [](int number) { return command(claims_with({{"jti", fmt::format("{}", number)}})); };
  for (int number = 0; number < 10; ++number) EXPECT_TRUE(accepts(numbered(number)));
  const auto answer = refusal(inspect(numbered(10), command_time() + 20s));
  EXPECT_EQ(answer.at("status").as_int64(), 429);
  EXPECT_EQ(answer.at("hint").as_string(), "try again in 40 s");
  EXPECT_TRUE(accepts(command(claims_with({{"iss", "stranger"}}))));
  answers_[{"dispatch", "3"}] = "repetitions cost nothing";
  EXPECT_TRUE(std::holds_alternative<CommandGate::Refused>(inspect(numbered(3))));
  EXPECT_TRUE(accepts(command(claims_with({{"exp", unix_seconds(command_time()) + 120}})), command_time() + 60s));
  EXPECT_EQ(count("too_many"), 1U);
}

TEST_F(CommandGateTest, answers_a_flood_of_refusals_only_so_often_and_counts_it_all) {
  const auto forged = command(claims_for("config"));
  int answered = 0;
  for (int number = 0; number < 1'000; ++number) answered += status(forged) == 401 ? 1 : 0;
  EXPECT_EQ(answered, 100);
  EXPECT_EQ(count("unsigned"), 1'000U);
  EXPECT_EQ(count("flood"), 900U);
  EXPECT_TRUE(accepts(command(close_claims()))) << "a flood of refusals uses up nobody's rate";
}

TEST_F(CommandGateTest, keeps_listed_requesters_out_of_a_crowd_s_reach) {
  for (int number = 0; number < 1'000; ++number) {
    static_cast<void>(inspect(command(claims_with({{"iss", fmt::format("stranger-{}", number)}}))));
  }
  EXPECT_EQ(count("accepted"), 64U) << "so many names are remembered at once";
  EXPECT_EQ(count("too_many"), 936U);
  EXPECT_TRUE(accepts(command(close_claims())));
}

TEST_F(CommandGateTest, checks_in_the_order_of_the_contract) {
  const auto past = unix_seconds(command_time()) - 120;
  auto claims = claims_with({{"aud", "gw-0043"}, {"op", "shell"}, {"iat", past}, {"exp", past + 60}, {"jti", "old"}});
  answers_[{"plant", "old"}] = R"({"status":208})";
  const auto on_plant_config = [&claims, this] {
    return refusal(inspect(on_topic("fettle/v1/gw-0042/cmd/plant/config", boost::json::serialize(claims))));
  };
  const auto error = [](const boost::json::value& answer) { return std::string{answer.at("error").as_string()}; };
  EXPECT_THAT(error(on_plant_config()), HasSubstr("another gateway"));
  claims["aud"] = "gw-0042";
  EXPECT_THAT(error(on_plant_config()), HasSubstr("op is not"));
  claims["op"] = "config";
  EXPECT_THAT(error(on_plant_config()), HasSubstr("iss is not"));
  claims["iss"] = "plant";
  EXPECT_THAT(error(on_plant_config()), HasSubstr("expired"));
  claims["exp"] = unix_seconds(command_time()) + 600;
  EXPECT_THAT(error(on_plant_config()), HasSubstr("plant may not"));
}

}  // namespace
}  // namespace fettle::delivery
