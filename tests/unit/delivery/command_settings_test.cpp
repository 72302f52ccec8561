#include "delivery/command_settings.hpp"

#include "support/signing.hpp"
#include "support/temp_dir.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fettle::delivery {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

struct Outcome {
  CommandSettings commands;
  std::vector<std::string> mistakes;
};

Outcome read(const std::string& yaml) {
  settings::Mistakes mistakes;
  const auto root = settings::load_text(yaml, "site.yaml", mistakes);
  Outcome outcome{read_commands(root["commands"], mistakes), {}};
  mistakes.sort();
  for (const auto& mistake : mistakes.all()) outcome.mistakes.push_back(settings::to_text(mistake));
  return outcome;
}

TEST(CommandSettings, let_anybody_read_and_serve_when_nothing_is_said) {
  const auto [commands, mistakes] = read("gateway: {}");
  EXPECT_THAT(mistakes, IsEmpty());
  EXPECT_TRUE(commands.anybody);
  EXPECT_EQ(commands.rate_per_minute, 10);
  EXPECT_THAT(commands.requesters, IsEmpty());
}

TEST(CommandSettings, take_everything_a_site_can_say) {
  const test::TempDir folder;
  const auto first = test::make_key_pair(folder.path(), "2026", test::KeyKind::p256).public_key;
  const auto second = test::make_key_pair(folder.path(), "2027", test::KeyKind::ed25519).public_key;
  const auto [commands, mistakes] =
      read(fmt::format("commands:\n  anybody: false\n  rate: 60\n  requesters:\n    - {{name: dispatch, operations: "
                       "[close, config], keys: "
                       "[{}, {}]}}\n    - name: viewer\n",
                       first, second));
  EXPECT_THAT(mistakes, IsEmpty());
  EXPECT_FALSE(commands.anybody);
  EXPECT_EQ(commands.rate_per_minute, 60);
  const auto& dispatch = commands.requesters.at("dispatch");
  EXPECT_THAT(dispatch.operations, ElementsAre("close", "config"));
  ASSERT_EQ(dispatch.keys.size(), 2U);
  EXPECT_EQ(dispatch.keys[0].algorithm(), "ES256");
  EXPECT_EQ(dispatch.keys[1].algorithm(), "EdDSA");
  EXPECT_THAT(commands.requesters.at("viewer").operations,
              ElementsAre("ack", "close", "diag", "history", "mode", "read", "shelve", "sync"));
}

TEST(CommandSettings, allow_an_empty_list_of_operations) {
  const auto [commands, mistakes] = read("commands: {requesters: [{name: viewer, operations: []}]}");
  EXPECT_THAT(mistakes, IsEmpty());
  EXPECT_THAT(commands.requesters.at("viewer").operations, IsEmpty());
}

std::vector<std::string> mistakes_of(const std::string& yaml) { return read(yaml).mistakes; }

TEST(CommandSettings, want_a_key_for_what_must_be_signed) {
  EXPECT_THAT(
      mistakes_of("commands: {requesters: [{name: dispatch, operations: [close, restart]}]}"),
      ElementsAre(HasSubstr("site.yaml:1:62: commands.requesters[0].operations[1]: \"restart\" must be signed")));
}

TEST(CommandSettings, try_every_key) {
  const test::TempDir folder;
  const auto pair = test::make_key_pair(folder.path(), "dispatch", test::KeyKind::p256);
  const auto text = folder.write("text", "hello");
  EXPECT_THAT(
      mistakes_of(fmt::format(
          "commands:\n  requesters:\n    - name: dispatch\n      keys:\n        - {}\n        - {}\n        - {}\n",
          folder.file("nothing"), pair.private_key, text)),
      ElementsAre(HasSubstr("site.yaml:5:11: commands.requesters[0].keys[0]"), HasSubstr("is a private key"),
                  HasSubstr("is no public key")));
}

TEST(CommandSettings, bound_the_number_of_keys) {
  const test::TempDir folder;
  const auto key = test::make_key_pair(folder.path(), "dispatch", test::KeyKind::ed25519).public_key;
  std::string keys;
  for (int number = 0; number < 9; ++number) keys += key + ", ";
  EXPECT_THAT(mistakes_of(fmt::format("commands: {{requesters: [{{name: dispatch, keys: [{}]}}]}}", keys)),
              ElementsAre(HasSubstr("has more than 8 keys")));
}

TEST(CommandSettings, name_what_they_do_not_understand) {
  EXPECT_THAT(mistakes_of("commands: {requesters: [{name: dispatch, operations: [clsoe]}]}"),
              ElementsAre(HasSubstr("\"clsoe\" is none of sync, read, history, diag, ack,")));
  EXPECT_THAT(mistakes_of("commands: {requesters: [{name: a/b}]}"),
              ElementsAre(HasSubstr("cannot be part of a topic")));
  EXPECT_THAT(mistakes_of("commands: {requesters: [{name: a}, {name: a}]}"),
              ElementsAre(HasSubstr("\"a\" is listed already")));
  EXPECT_THAT(mistakes_of("commands: {requesters: [{operations: close}]}"),
              ElementsAre(HasSubstr("\"name\" is missing"), HasSubstr("list")));
  EXPECT_THAT(mistakes_of("commands: {anybody: false}"), ElementsAre(HasSubstr("nobody could send a command")));
  EXPECT_THAT(mistakes_of("commands: {rate: 0, requester: []}"),
              ElementsAre(HasSubstr("\"0\" is out of range (1 to 600)"), HasSubstr("did you mean \"requesters\"?")));
}

}  // namespace
}  // namespace fettle::delivery
