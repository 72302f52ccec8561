#include <gmock/gmock.h>

#include <fstream>

#include "running_agent.hpp"
#include "support/back_office.hpp"
#include "support/certificates.hpp"
#include "support/signing.hpp"

// The real binary is asked for an update. Whoever carries it out is played by the test; cross/try-update tries the real one.

namespace fettle {
namespace {

using boost::json::object;
using test::patience;
using test::Received;
using testing::HasSubstr;

class UpdatedAgent : public test::RealTimeAgent {
 protected:
  std::string further_settings() override {
    return fmt::format("commands: {{requesters: [{{name: maintenance, operations: [update, restart], keys: [{}]}}]}}\n",
                       keys.public_key);
  }

  void start() {
    office.sign_with([this](const std::string& claims) { return test::sign(claims, keys.private_key); });
    agent.emplace(std::vector<std::string>{FETTLE_BINARY, "run", "-c", site});
    ASSERT_TRUE(infos.wait_for("/info", patience)) << agent->output();
  }

  void allow_updates() const { replace(site, "heartbeat: 10s", "updates: true, heartbeat: 10s"); }

  std::string request() const {
    std::ifstream stream{store + "/update-request"};
    return {std::istreambuf_iterator<char>{stream}, {}};
  }

  /// What info says of the update when it is in this state.
  std::optional<object> update_in_state(const std::string& state) {
    const auto found = infos.wait_for(
        [&state](const Received& each) {
          const auto info = document(each);
          const auto* const update = info.if_contains("update");
          return update != nullptr && update->at("state").as_string() == state;
        },
        patience);
    return found ? std::optional{document(*found).at("update").as_object()} : std::nullopt;
  }

  const std::string sha256 = std::string(64, 'a');
  const object arguments{{"version", "1.5.0"}, {"url", "https://example.org/fettle.deb"}, {"sha256", sha256}};
  test::KeyPair keys = test::make_key_pair(folder.path(), "maintenance", test::KeyKind::p256);
  test::BackOffice office{broker.port(), "gw-7", "maintenance"};
  test::Subscriber infos{broker.port(), "fettle/v1/gw-7/info"};
  std::optional<test::Child> agent;
};

TEST_F(UpdatedAgent, takes_no_updates_unless_an_installer_says_so) {
  start();
  EXPECT_THAT(infos.latest().begin()->second, HasSubstr(R"("signed":["config","restart","rotate"])"));
  EXPECT_EQ(office.ask("update", arguments).at("status").as_int64(), 403);
  EXPECT_EQ(office.ask("restart", {{"target", "host"}}).at("status").as_int64(), 403);
  EXPECT_EQ(request(), "");
}

TEST_F(UpdatedAgent, asks_its_host_and_tells_how_it_ended) {
  allow_updates();
  start();
  EXPECT_THAT(infos.latest().begin()->second, HasSubstr(R"("signed":["config","restart","rotate","update"])"));
  const auto claims = office.claims("update", arguments);
  EXPECT_EQ(office.ask(claims).at("status").as_int64(), 202);
  EXPECT_EQ(request(), "update 1.5.0 https://example.org/fettle.deb " + sha256 + "\n");
  const auto asked = update_in_state("requested");
  ASSERT_TRUE(asked) << agent->output();
  EXPECT_EQ(asked->at("jti"), claims.at("jti"));
  EXPECT_EQ(office.ask("update", arguments).at("status").as_int64(), 409) << "one after the other";

  agent->kill();
  std::ofstream{store + "/update-result"} << "rolled-back\n" << sha256 << "\nit did not start\n";
  agent.emplace(std::vector<std::string>{FETTLE_BINARY, "run", "-c", site});
  const auto ended = update_in_state("rolled-back");
  ASSERT_TRUE(ended) << agent->output();
  EXPECT_EQ(ended->at("why").as_string(), "it did not start");
  EXPECT_EQ(office.ask("update", arguments).at("status").as_int64(), 202);
  EXPECT_TRUE(update_in_state("requested"));
}

TEST_F(UpdatedAgent, has_its_host_restarted) {
  allow_updates();
  start();
  EXPECT_EQ(office.ask("restart", {{"target", "host"}}).at("status").as_int64(), 202);
  ASSERT_TRUE(agent->wait_for_line("asks for restart: 202", patience));
  for (const auto deadline = std::chrono::steady_clock::now() + patience; request() != "restart\n";) {
    ASSERT_LT(std::chrono::steady_clock::now(), deadline) << agent->output();
  }
}

TEST_F(UpdatedAgent, refuses_what_would_not_be_one_word_each) {
  allow_updates();
  start();
  const auto ask = [this](const char* member, const std::string& value) {
    auto wrong = arguments;
    wrong[member] = value;
    const auto answer = office.ask("update", wrong);
    EXPECT_EQ(answer.at("status").as_int64(), 400) << boost::json::serialize(answer);
    return std::string{answer.at("error").as_string()};
  };
  EXPECT_EQ(ask("version", "1.5.0; reboot"), "args.version is no version of a Debian package");
  EXPECT_THAT(ask("url", "https://example.org/a b"),
              HasSubstr("must begin with https:// or http:// and have no spaces"));
  EXPECT_THAT(ask("url", "file:///etc/shadow"), HasSubstr("must begin with"));
  EXPECT_EQ(ask("sha256", std::string(64, 'A')), "args.sha256 must be 64 hex digits");
  EXPECT_EQ(request(), "");
}

}  // namespace
}  // namespace fettle
