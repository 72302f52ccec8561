#include <gmock/gmock.h>

#include "core/time.hpp"
#include "running_agent.hpp"
#include "support/back_office.hpp"
#include "support/certificates.hpp"
#include "support/postgres.hpp"
#include "support/signing.hpp"

// A change of the settings comes to a fleet in rings: to 99 simulated gateways and the real binary.

namespace fettle {
namespace {

using boost::json::object;
using test::patience;
using test::Received;
using testing::HasSubstr;

class ChangedInRings : public test::RealTimeAgent {
 protected:
  void SetUp() override {
    RealTimeAgent::SetUp();
    office.sign_with([this](const std::string& claims) { return test::sign(claims, keys.private_key); });
  }

  std::string further_settings() override {
    return fmt::format("commands: {{requesters: [{{name: maintenance, operations: [config], keys: [{}]}}]}}\n",
                       keys.public_key);
  }

  void start_agent(int ring) {
    replace(site, "heartbeat: 10s", fmt::format("ring: {}, heartbeat: 10s", ring));
    start_agent();
  }
  void start_agent() { agent.emplace(std::vector<std::string>{FETTLE_BINARY, "run", "-c", site}); }

  /// What the agent says of its settings, when it has said this.
  std::optional<object> info_with(const char* member, const std::string& text) {
    const auto found = infos.wait_for(
        [&](const Received& each) {
          const auto info = document(each);
          const auto* const value = info.if_contains(member);
          return value != nullptr && boost::json::serialize(*value).find(text) != std::string::npos;
        },
        std::chrono::minutes{1});
    return found ? std::optional{document(*found)} : std::nullopt;
  }

  std::string building() {
    return office.ask("config").at("data").at("settings").at("site").at("building").as_string().c_str();
  }

  test::KeyPair keys = test::make_key_pair(folder.path(), "maintenance", test::KeyKind::ed25519);
  test::BackOffice office{broker.port(), "gw-7", "maintenance"};
  test::Subscriber infos{broker.port(), "fettle/v1/gw-7/info"};
  std::optional<test::Child> agent;
};

std::string soon(Duration span) {
  return to_rfc3339(std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()) + span);
}

const object other_building{{"site", {{"building", "B7"}}}};

TEST_F(ChangedInRings, a_gateway_holds_what_is_for_rings_before_its_own_until_it_is_withdrawn_or_its_turn_comes) {
  start_agent(3);
  ASSERT_TRUE(info_with("ring", "3")) << agent->output();
  const auto held = office.ask("config", {{"patch", other_building}, {"ring", 2}});
  EXPECT_EQ(held.at("status").as_int64(), 202);
  EXPECT_EQ(held.at("data").at("held").as_string(), "this gateway is in ring 3, and the rollout has come to 2");
  ASSERT_TRUE(info_with("held", R"("ring":2)"));
  EXPECT_EQ(building(), "B2");
  EXPECT_TRUE(office.ask("config", {{"withdraw", true}}).at("data").at("withdrawn").as_bool());
  ASSERT_TRUE(info_with("change", "withdrawn"));
  EXPECT_FALSE(office.ask("config", {{"withdraw", true}}).at("data").at("withdrawn").as_bool());

  EXPECT_EQ(office.ask("config", {{"patch", other_building}, {"ring", 1}}).at("status").as_int64(), 202);
  const auto turn = office.ask("config", {{"patch", other_building}, {"ring", 3}});
  EXPECT_EQ(turn.at("status").as_int64(), 200);
  EXPECT_TRUE(turn.at("data").as_object().contains("replaced"));
  const auto info = info_with("change", "applied");
  ASSERT_TRUE(info) << agent->output();
  EXPECT_FALSE(info->contains("held"));
  EXPECT_EQ(building(), "B7");
}

TEST_F(ChangedInRings, what_is_held_outlives_a_kill_and_is_followed_at_its_start) {
  start_agent(1);
  ASSERT_TRUE(info_with("ring", "1")) << agent->output();
  const auto start = soon(std::chrono::seconds{12});
  EXPECT_EQ(office.ask("config", {{"patch", other_building}, {"start", start}}).at("status").as_int64(), 202);
  agent->kill();
  start_agent();
  ASSERT_TRUE(infos.wait_for([](const Received&) { return true; }, patience)) << agent->output();
  const auto info = info_with("change", "applied");
  ASSERT_TRUE(info) << agent->output();
  EXPECT_GE(std::string{info->at("time").as_string()}, start);
  EXPECT_EQ(building(), "B7");
}

TEST_F(ChangedInRings, what_the_site_file_has_outgrown_in_the_meantime_is_rejected_when_it_is_due) {
  start_agent(1);
  ASSERT_TRUE(info_with("ring", "1")) << agent->output();
  const auto ghost = [](const char* id) {
    return object{{"id", id}, {"bus", "dead"}, {"unit", 2}, {"profile", "generic_pump_io"}, {"every", "1m"}};
  };
  const auto answer = office.ask(
      "config", {{"patch",
                  {{"devices",
                    {{{"id", "pump"}, {"bus", "lan"}, {"unit", 1}, {"profile", "generic_pump_io"}, {"every", "100ms"}},
                     ghost("ghost_1"),
                     ghost("ghost_2")}}}},
                 {"start", soon(std::chrono::seconds{10})}});
  ASSERT_EQ(answer.at("status").as_int64(), 202) << boost::json::serialize(answer);
  replace(site, "id: dead,", "id: dead_line,");
  replace(site, "bus: dead,", "bus: dead_line,");
  agent->signal(SIGHUP);
  ASSERT_TRUE(agent->wait_for_line("the settings are now configuration", patience)) << agent->output();
  const auto info = info_with("change", "rejected");
  ASSERT_TRUE(info) << agent->output();
  EXPECT_THAT(info->at("change").at("why").as_string().c_str(), HasSubstr(R"(there is no bus "dead")"));
  EXPECT_EQ(office.ask("config").at("data").at("rev").as_int64(), 0);
}

TEST_F(ChangedInRings, what_cannot_be_followed_is_refused_at_once_wherever_it_would_wait) {
  start_agent(3);
  ASSERT_TRUE(info_with("ring", "3")) << agent->output();
  const auto ask = [this](const object& arguments) {
    const auto answer = office.ask("config", arguments);
    EXPECT_EQ(answer.at("status").as_int64(), 400) << boost::json::serialize(answer);
    return std::string{answer.at("error").as_string()};
  };
  EXPECT_THAT(ask({{"patch", {{"site", {{"tz", "Mars/Olympus"}}}}}, {"ring", 1}}), HasSubstr("is no time zone"));
  ASSERT_TRUE(info_with("change", "rejected"));
  EXPECT_THAT(ask({{"patch", {{"gateway", {{"id", "gw-8"}}}}}}), HasSubstr("gateway.id cannot be changed from afar"));
  EXPECT_EQ(ask({{"patch", object{}}, {"ring", 10}}), "args.ring must be a number from 1 to 9");
  EXPECT_EQ(ask({{"patch", object{}}, {"start", soon(Days{31})}}), "args.start is more than 30 days away");
}

/// Sixty times as fast, for a change is on trial for five minutes.
class ChangedForWorse : public ChangedInRings {
 protected:
  void SetUp() override {
    ChangedInRings::SetUp();
    replace(site, "every: 100ms", "every: 5s");
    agent.emplace(std::vector<std::string>{FETTLE_BINARY, "run", "-c", site, "--speed", "60"});
  }
  /// Signed for as long as a command of this kind may last: nine seconds at this speed.
  object change(const std::string& now, const object& patch) {
    const auto moment = std::chrono::floor<std::chrono::seconds>(parse_rfc3339(now).value()).time_since_epoch();
    office.set_clock([moment] { return moment; });
    auto claims = office.claims("config", {{"patch", patch}});
    claims["exp"] = moment.count() + 9 * 60;
    return office.ask(claims);
  }
};

TEST_F(ChangedForWorse, a_gateway_comes_back_with_the_former_settings_and_says_so) {
  const auto online = info_with("gateway", "gw-7");
  ASSERT_TRUE(online) << agent->output();
  const auto nowhere = fmt::format("mqtt://127.0.0.1:{}", test::free_port());
  const auto answer = change(std::string{online->at("time").as_string()}, {{"broker", {{"url", nowhere}}}});
  ASSERT_EQ(answer.at("status").as_int64(), 200) << boost::json::serialize(answer) << agent->output();
  EXPECT_TRUE(agent->wait_for_line(nowhere + ": cannot be reached", patience)) << agent->output();
  const auto info = info_with("change", "rolled-back");
  ASSERT_TRUE(info) << agent->output();
  EXPECT_EQ(info->at("change").at("why").as_string(), "the broker was not reached within five minutes");
  EXPECT_EQ(info->at("config"), online->at("config"));
}

/// The reference consumer knows the fleet, and the rollout asks it who there is.
class Fleet : public ChangedInRings {
 protected:
  /// 5 simulated gateways in ring 1, 20 in ring 2, 74 in ring 3; and the real one.
  void start_fleet(int ring_of_the_agent, const std::string& unlucky = {}) {
    database.run(FETTLE_SOURCE_DIR "/tests/backoffice/schema.sql");
    options = database.environment();
    options.environment.insert({{"MQTT_URL", fmt::format("mqtt://127.0.0.1:{}", broker.port())},
                                {"POLL_MS", "100"},
                                {"KEY", keys.private_key},
                                {"WITHIN_S", "50"}});
    consumer.emplace(node("consumer.js"), options);
    ASSERT_TRUE(consumer->wait_for_line("subscribed", patience)) << consumer->output();
    start_agent(ring_of_the_agent);
    fleet.emplace(node("fleet.js", {keys.public_key, "5,20,74", unlucky}), options);
    ASSERT_TRUE(fleet->wait_for_line("ready", patience)) << fleet->output();
    ASSERT_TRUE(becomes_true("SELECT count(info) = 100 FROM gateway WHERE state = 'online'")) << consumer->output();
    ASSERT_TRUE(becomes_true(
        fmt::format("SELECT info->>'ring' = '{}' FROM gateway WHERE source LIKE '%gw-7'", ring_of_the_agent)));
  }

  /// The consumer comes to know it.
  bool becomes_true(const std::string& query) const {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (database.ask(query) != "t") {
      if (std::chrono::steady_clock::now() > deadline) return false;
    }
    return true;
  }

  /// So many gateways of a ring say this of their latest change.
  bool says(int ring, const std::string& state, int count) const {
    return becomes_true(
        fmt::format("SELECT count(*) = {} FROM gateway WHERE info->>'ring' = '{}' AND info->'change'->>'state' = '{}'",
                    count, ring, state));
  }

  static std::vector<std::string> node(const std::string& script, const std::vector<std::string>& arguments = {}) {
    std::vector<std::string> command{"node", FETTLE_SOURCE_DIR "/tests/backoffice/" + script};
    command.insert(command.end(), arguments.begin(), arguments.end());
    return command;
  }

  test::Child roll_out(const std::vector<std::string>& start = {}) {
    auto arguments = start;
    arguments.insert(arguments.begin(), folder.write("patch.json", patch));
    return test::Child{node("rollout.js", arguments), options};
  }

  const std::string patch = boost::json::serialize(other_building);
  test::Postgres database;
  test::ChildOptions options;
  test::Subscriber everybody{broker.port()};
  std::optional<test::Child> consumer, fleet;
};

TEST_F(Fleet, takes_a_change_in_three_rings) {
  ASSERT_NO_FATAL_FAILURE(start_fleet(2));
  auto rollout = roll_out();
  EXPECT_EQ(rollout.wait(std::chrono::minutes{1}), 0) << rollout.output() << agent->output();
  EXPECT_EQ(rollout.output(), "ring 1: 5 of 5 applied\nring 2: 21 of 21 applied\nring 3: 74 of 74 applied\n");
  EXPECT_EQ(building(), "B7");
  for (const auto& [ring, members] : {std::pair{1, 5}, {2, 21}, {3, 74}}) EXPECT_TRUE(says(ring, "applied", members));
}

TEST_F(Fleet, stops_at_the_first_ring_that_goes_bad) {
  ASSERT_NO_FATAL_FAILURE(start_fleet(3, "sim-010=roll-back"));
  auto rollout = roll_out();
  EXPECT_EQ(rollout.wait(std::chrono::minutes{1}), 1) << rollout.output() << agent->output();
  EXPECT_THAT(rollout.output(), HasSubstr("sim-010 rolled-back: the broker was not reached"));
  EXPECT_THAT(rollout.output(), HasSubstr("stopped in ring 2"));
  ASSERT_TRUE(info_with("change", "withdrawn")) << agent->output();
  EXPECT_EQ(building(), "B2");
  EXPECT_TRUE(says(1, "applied", 5));
  EXPECT_TRUE(says(2, "rolled-back", 1));
  EXPECT_TRUE(says(3, "withdrawn", 75));
}

TEST_F(Fleet, stops_before_anybody_later_begins_when_one_of_the_last_ring_refuses) {
  ASSERT_NO_FATAL_FAILURE(start_fleet(3, "sim-050=refuse"));
  auto rollout = roll_out();
  EXPECT_EQ(rollout.wait(std::chrono::minutes{1}), 1) << rollout.output() << agent->output();
  EXPECT_THAT(rollout.output(), HasSubstr("sim-050 refused: there is no bus"));
  EXPECT_THAT(rollout.output(), HasSubstr("stopped in ring 1"));
  EXPECT_TRUE(says(2, "withdrawn", 20));
  EXPECT_TRUE(says(3, "withdrawn", 74));
  EXPECT_EQ(building(), "B2");
}

TEST_F(Fleet, stops_in_the_ring_in_which_one_is_silent) {
  ASSERT_NO_FATAL_FAILURE(start_fleet(3, "sim-010=silent"));
  options.environment["WITHIN_S"] = "12";
  auto rollout = roll_out();
  EXPECT_EQ(rollout.wait(std::chrono::minutes{1}), 1) << rollout.output() << agent->output();
  EXPECT_THAT(rollout.output(), HasSubstr("ring 2: 19 of 20 applied\nsim-010 is silent\nstopped in ring 2"));
  EXPECT_TRUE(says(3, "withdrawn", 75));
}

TEST_F(Fleet, begins_no_earlier_than_it_is_told_to) {
  ASSERT_NO_FATAL_FAILURE(start_fleet(1));
  const auto start = soon(std::chrono::seconds{6});
  auto rollout = roll_out({start});
  EXPECT_EQ(rollout.wait(std::chrono::minutes{1}), 0) << rollout.output() << agent->output();
  EXPECT_TRUE(
      becomes_true(fmt::format("SELECT count(*) = 100 FROM gateway WHERE info->'change'->>'state' = 'applied' AND "
                               "(info->>'time')::timestamptz >= '{}'",
                               start)));
}

}  // namespace
}  // namespace fettle
