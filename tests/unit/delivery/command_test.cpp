#include "delivery/command.hpp"

#include "sample_commands.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <limits>

namespace fettle::delivery {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

Result<Claims> parse(const boost::json::object& claims) { return parse_claims(boost::json::serialize(claims)); }

std::string complaint_about(const boost::json::object& claims) {
  const auto parsed = parse(claims);
  return parsed ? "" : parsed.error().detail;
}

TEST(Claims, of_the_contract_s_example_are_read) {
  const auto claims = parse_claims(
      R"({"jti":"8f1f5a1e-0c55-4b0e-9f6c-2f9d1d2a7a10","iss":"dispatch","sub":"m.lee","aud":"gw-0042","iat":1795530660,)"
      R"("exp":1798122660,"op":"close","args":{"id":"01JD8Q4Z7T3V9XK2M5N6P8R0SA","outcome":{"verdict":"confirmed"}}})");
  ASSERT_TRUE(claims);
  EXPECT_EQ(claims->jti, "8f1f5a1e-0c55-4b0e-9f6c-2f9d1d2a7a10");
  EXPECT_EQ(claims->who(), "dispatch/m.lee");
  EXPECT_EQ(claims->aud, "gw-0042");
  EXPECT_EQ(claims->op, "close");
  EXPECT_EQ(to_rfc3339(claims->issued), "2026-11-24T14:31:00Z");
  EXPECT_EQ(to_rfc3339(claims->expires), "2026-12-24T14:31:00Z");
  EXPECT_EQ(claims->args.at("id").as_string(), "01JD8Q4Z7T3V9XK2M5N6P8R0SA");
}

TEST(Claims, need_no_person_and_no_arguments_and_pass_over_what_is_new) {
  auto claims = claims_with({{"nonce", 17}});
  claims.erase("sub");
  claims.erase("args");
  const auto parsed = parse(claims);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->who(), "dispatch");
  EXPECT_TRUE(parsed->args.empty());
}

TEST(Claims, that_are_missing_are_named) {
  for (const auto* const name : {"jti", "iss", "aud", "op", "iat", "exp"}) {
    auto claims = close_claims();
    claims.erase(name);
    EXPECT_THAT(complaint_about(claims), StartsWith(fmt::format("{} is missing", name)));
  }
}

TEST(Claims, of_the_wrong_form_are_named) {
  const std::array<std::pair<std::string_view, boost::json::value>, 19> wrong{{
      {"jti", ""},
      {"jti", boost::json::string(65, 'a')},
      {"jti", "two words"},
      {"jti", "line\nbreak"},
      {"jti", "K\xC3\xBChler"},
      {"jti", 17},
      {"iss", "a/b"},
      {"iss", "+"},
      {"sub", "m.lee\nforged line"},
      {"sub", boost::json::string(129, 'a')},
      {"aud", boost::json::array{"gw-0042"}},
      {"op", "close#"},
      {"iat", "1795530660"},
      {"iat", -1},
      {"exp", 1795530660.5},
      {"exp", 253402300800},
      {"exp", std::numeric_limits<std::int64_t>::max()},
      {"exp", std::numeric_limits<std::uint64_t>::max()},
      {"args", "id"},
  }};
  for (const auto& [name, value] : wrong) {
    EXPECT_THAT(complaint_about(claims_with({{name, value}})), StartsWith(fmt::format("{} is not", name)))
        << boost::json::serialize(value);
  }
}

TEST(Claims, that_end_before_they_begin_are_refused) {
  EXPECT_EQ(complaint_about(claims_with({{"exp", unix_seconds(command_time())}})), "exp is not later than iat");
}

TEST(Claims, are_one_json_object_of_bounded_depth) {
  for (const auto* const text : {"", "null", "[]", "{", "{}x", "{\"jti\":}", "\xFF", "{\"jti\":\"\xFF\"}"}) {
    EXPECT_FALSE(parse_claims(text)) << text;
  }
  const auto deep = std::string(15'000, '[');
  EXPECT_THAT(parse_claims(R"({"args":)" + deep).error().detail, HasSubstr("is no JSON"));
}

TEST(Claims, that_cannot_be_used_still_tell_their_id) {
  EXPECT_EQ(readable_jti(R"({"jti":"8f1f5a1e","exp":"soon"})"), "8f1f5a1e");
  EXPECT_EQ(readable_jti(R"({"jti":17})"), "");
  EXPECT_EQ(readable_jti("garbage"), "");
}

TEST(Answer, is_the_contract_s_example) {
  const Answer answer{200, {{"id", "01JD8Q4Z7T3V9XK2M5N6P8R0SA"}, {"rev", 6}, {"state", "closed"}}};
  EXPECT_EQ(answer_document("8f1f5a1e", "close", answer, command_time()),
            R"({"jti":"8f1f5a1e","op":"close","status":200,"time":"2026-11-24T14:31:00Z",)"
            R"("data":{"id":"01JD8Q4Z7T3V9XK2M5N6P8R0SA","rev":6,"state":"closed"}})");
}

TEST(Answer, that_refuses_says_why_and_what_to_do) {
  const Answer answer{404, {{"never", "shown"}}, "no \"such\" alert", "ask for sync"};
  EXPECT_EQ(answer_document("8f1f5a1e", "ack", answer, command_time()),
            R"({"jti":"8f1f5a1e","op":"ack","status":404,"time":"2026-11-24T14:31:00Z",)"
            R"("error":"no \"such\" alert","hint":"ask for sync"})");
  EXPECT_EQ(answer_document("", "ack", {500, {}, "disk full"}, command_time()),
            R"({"jti":"","op":"ack","status":500,"time":"2026-11-24T14:31:00Z","error":"disk full"})");
}

TEST(Answer, writes_its_numbers_as_a_person_would) {
  const Answer answer{200, {{"rows", {{1795530660, 0.1, 212.4, 1e-7}, {1, -0.0, nullptr, true}}}}};
  EXPECT_THAT(answer_document("a", "history", answer, command_time()),
              HasSubstr(R"("data":{"rows":[[1795530660,0.1,212.4,1.000000e-07],[1,0,null,true]]}})"));
  const Answer none{200, {{"value", std::numeric_limits<double>::quiet_NaN()}}};
  EXPECT_THAT(answer_document("a", "read", none, command_time()), HasSubstr(R"({"value":null})"));
}

}  // namespace
}  // namespace fettle::delivery
