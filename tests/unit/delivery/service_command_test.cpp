#include "delivery/service_command.hpp"

#include "sample_commands.hpp"
#include "support/signing.hpp"

#include <gtest/gtest.h>

namespace fettle::delivery {
namespace {

constexpr auto claims_of_ack =
    R"({"jti":"x-1","iss":"azure","aud":"gw-0042","iat":1795530660,"exp":1795530720,"op":"ack","args":{"id":"01JD"}})";

OwnCommand own(const std::string& op, const std::string& payload) {
  return as_own({"azure", "gw-0042", op, "x-1", payload}, command_time());
}

TEST(ServiceCommand, gives_arguments_alone_the_claims_of_a_command) {
  const auto command = own("ack", R"({"id":"01JD"})");
  EXPECT_EQ(command.op, "ack");
  EXPECT_EQ(command.payload, claims_of_ack);
}

TEST(ServiceCommand, takes_the_form_of_connected_field_service) {
  const auto command = own("", R"({"CommandName":"ack","Parameters":{"id":"01JD"}})");
  EXPECT_EQ(command.op, "ack");
  EXPECT_EQ(command.payload, claims_of_ack);
  EXPECT_EQ(own("anything", R"({"CommandName":"ack","Parameters":{"id":"01JD"}})").op, "ack");
}

TEST(ServiceCommand, takes_the_operation_from_the_payload_where_nothing_else_names_it) {
  EXPECT_EQ(own("", R"({"op":"ack","args":{"id":"01JD"}})").payload, claims_of_ack);
}

TEST(ServiceCommand, needs_no_arguments) {
  for (const auto* const nothing : {"", "null", "{}"}) {
    const auto claims = parse_claims(own("sync", nothing).payload);
    ASSERT_TRUE(claims) << nothing << claims.error().detail;
    EXPECT_TRUE(claims->args.empty());
  }
}

TEST(ServiceCommand, lets_claims_and_signed_commands_pass_as_they_are) {
  const auto claims = boost::json::serialize(close_claims());
  EXPECT_EQ(own("", claims).op, "close");
  EXPECT_EQ(own("", claims).payload, claims);
  const auto jws = test::base64url("{}") + "." + test::base64url(claims) + "." + test::base64url("signature");
  EXPECT_EQ(own("", jws).op, "close");
  EXPECT_EQ(own("", jws).payload, jws);
  EXPECT_EQ(own("close", '"' + jws + '"').payload, jws) << "a direct method can only carry JSON";
}

TEST(ServiceCommand, leaves_what_is_no_command_to_the_gate) {
  for (const auto* const wrong : {"{", "7", "[1]", "\"text\""}) EXPECT_EQ(own("ack", wrong).payload, wrong);
  EXPECT_EQ(own("", "null").op, "unknown");
  EXPECT_EQ(own("", R"({"CommandName":"Reset Thermostat","Parameters":{}})").op, "unknown");
}

TEST(StatusOfAnswer, is_its_number) {
  EXPECT_EQ(status_of_answer(R"({"jti":"a","status":404})"), 404);
  EXPECT_EQ(status_of_answer("nothing"), 500);
}

}  // namespace
}  // namespace fettle::delivery
