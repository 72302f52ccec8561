#include "support/child.hpp"
#include "support/temp_dir.hpp"
#include "support/validator.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <boost/json.hpp>
#include <filesystem>
#include <string>

// What lies in config/contract is right in itself, and the validators that all tests rely on do find what is wrong.

namespace fettle::test {
namespace {

namespace json = boost::json;
using testing::HasSubstr;

const std::filesystem::path folder{FETTLE_SOURCE_DIR "/config/contract"};
const std::string prefix = "fettle/v1/gw-0815/";
const std::string alert_topic = prefix + "alert/PUMP-02/bearing-wear";

json::object example(const std::string& name) {
  return json::parse(read_text(folder / "examples" / (name + ".json"))).as_object();
}

/// Where an example of this name is published.
std::string topic_of(const std::string& name) {
  const auto op = name.substr(name.find('-') + 1);
  if (name.starts_with("alert-")) return alert_topic;
  if (name.starts_with("status-")) return prefix + "status";
  if (name.starts_with("cmd-")) return prefix + "cmd/dispatch/" + op;
  if (name.starts_with("res-")) return prefix + "res/dispatch";
  return prefix + (name == "data" ? "data/pump_io" : name);
}

/// The verdict on an example with one member, named by a JSON pointer, set to another value.
std::string verdict(Validator& validator, const std::string& name, const std::string& pointer,
                    const json::value& value) {
  json::value document = example(name);
  const auto last = pointer.rfind('/');
  document.at_pointer(pointer.substr(0, last)).as_object()[pointer.substr(last + 1)] = value;
  return validator.judge(topic_of(name), json::serialize(document));
}

TEST(Contract, every_example_keeps_it) {
  Validator validator;
  int count = 0;
  for (const auto& file : std::filesystem::directory_iterator{folder / "examples"}) {
    const auto name = file.path().stem().string();
    EXPECT_EQ(validator.judge(topic_of(name), json::serialize(example(name))), "") << name;
    ++count;
  }
  EXPECT_EQ(count, 14);
}

TEST(Contract, its_asyncapi_document_passes_the_specification_s_parser) {
  Child parser{{"node", FETTLE_SOURCE_DIR "/tests/contract/asyncapi.js", (folder / "asyncapi.yaml").string()}};
  EXPECT_EQ(parser.wait(std::chrono::seconds{60}), 0) << parser.output();
  EXPECT_THAT(parser.output(), HasSubstr("6 channels, 5 operations"));
}

TEST(Contract, its_asyncapi_document_would_not_pass_with_a_mistake) {
  auto text = read_text(folder / "asyncapi.yaml");
  text.replace(text.find("action: receive"), 15, "action: listen!");
  const TempDir copy;
  std::filesystem::copy(folder, copy.path(), std::filesystem::copy_options::recursive);
  Child parser{{"node", FETTLE_SOURCE_DIR "/tests/contract/asyncapi.js", copy.write("asyncapi.yaml", text)}};
  EXPECT_EQ(parser.wait(std::chrono::seconds{60}), 1) << parser.output();
  EXPECT_THAT(parser.output(), HasSubstr("obeyCommand.action"));
}

TEST(Validator, finds_what_a_schema_forbids) {
  Validator validator;
  EXPECT_THAT(verdict(validator, "alert-active", "/data/severity", "terrible"), HasSubstr("/data/severity"));
  EXPECT_THAT(verdict(validator, "alert-active", "/data/changedAt", "2026-12-07T06:00:00+01:00"),
              HasSubstr("/data/changedAt"));
  EXPECT_THAT(verdict(validator, "alert-active", "/data/prognosis/p7d", 1.5), HasSubstr("p7d"));
  EXPECT_THAT(verdict(validator, "alert-active", "/data/state", "closed"), HasSubstr("outcome"));
  EXPECT_THAT(verdict(validator, "status-lost", "/state", "online"), HasSubstr("heartbeat"));
  EXPECT_THAT(verdict(validator, "cmd-close", "/args/outcome/verdict", "maybe"), HasSubstr("verdict"));
  EXPECT_THAT(verdict(validator, "res-refused", "/status", 200), HasSubstr("else"));
  EXPECT_THAT(verdict(validator, "data", "/points/0/quality", "bad"), HasSubstr("/points/0"));
}

TEST(Validator, finds_what_a_schema_cannot_say) {
  Validator validator;
  EXPECT_THAT(verdict(validator, "alert-active", "/data/rev", 7), HasSubstr("id is not data.id and data.rev"));
  EXPECT_THAT(verdict(validator, "alert-active", "/source", "fettle/v1/gw-1"), HasSubstr("source is not"));
  EXPECT_THAT(verdict(validator, "alert-active", "/data/energy/since", "2027-01-01T00:00:00Z"),
              HasSubstr("energy.since"));
  EXPECT_THAT(verdict(validator, "alert-active", "/data/prognosis/ttfHours/low", 400), HasSubstr("not in order"));
  EXPECT_THAT(verdict(validator, "alert-active", "/data/prognosis/p30d", 0.01), HasSubstr("p7d is above p30d"));
  EXPECT_THAT(verdict(validator, "alert-active", "/data/kind", "system"), HasSubstr("customerNote in a system alert"));
  EXPECT_THAT(verdict(validator, "alert-closed", "/data/customerNote", "All is well."), testing::IsEmpty());
  EXPECT_THAT(verdict(validator, "cmd-ack", "/iss", "somebody"), HasSubstr("iss is not"));
  EXPECT_THAT(verdict(validator, "status-lost", "/gateway", "gw-1"), HasSubstr("gateway is not"));
}

TEST(Validator, knows_the_topics_of_the_contract_and_no_others) {
  Validator validator;
  const auto lost = json::serialize(example("status-lost"));
  EXPECT_EQ(validator.judge("acme/fettle/v1/gw-0815/status", lost), "");
  EXPECT_THAT(validator.judge(prefix + "state", lost), HasSubstr("no topic"));
  EXPECT_THAT(validator.judge("a/b/fettle/v1/gw-0815/status", lost), HasSubstr("no topic"));
  EXPECT_THAT(validator.judge(prefix + "status", "{"), HasSubstr("wrong"));
  EXPECT_EQ(validator.judge(alert_topic, ""), "") << "a removal";
  EXPECT_THAT(validator.judge(prefix + "status", ""), HasSubstr("empty"));
}

TEST(Validator, looks_into_a_signed_command) {
  Validator validator;
  const auto topic = prefix + "cmd/dispatch/restart";
  // {"jti":"1","iss":"dispatch","aud":"gw-0815","exp":1798122660,"op":"restart","args":{"target":"agent"}}
  const std::string claims =
      "eyJqdGkiOiIxIiwiaXNzIjoiZGlzcGF0Y2giLCJhdWQiOiJndy0wODE1IiwiZXhwIjoxNzk4MTIyNjYwLCJvcCI6InJlc3RhcnQiLCJhcmdzIjp7"
      "InRhcmdldCI6ImFnZW50In19";
  EXPECT_EQ(validator.judge(topic, "eyJhbGciOiJFUzI1NiJ9." + claims + ".c2ln"), "");
  EXPECT_THAT(validator.judge(prefix + "cmd/dispatch/rotate", "eyJhbGciOiJFUzI1NiJ9." + claims + ".c2ln"),
              HasSubstr("op is not"));
}

}  // namespace
}  // namespace fettle::test
