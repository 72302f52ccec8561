#include <gmock/gmock.h>

#include <fstream>

#include "core/time.hpp"
#include "running_agent.hpp"
#include "support/back_office.hpp"
#include "support/certificates.hpp"
#include "support/signing.hpp"

// Commands from a back office through a real broker to the real binary, in real time.

namespace fettle {
namespace {

using boost::json::object;
using test::patience;
using test::Received;
using testing::HasSubstr;

/// So long from now.
std::string in(Duration span) {
  return to_rfc3339(std::chrono::floor<Duration>(std::chrono::system_clock::now()) + span);
}

class CommandedAgent : public test::RealTimeAgent {
 protected:
  void SetUp() override {
    RealTimeAgent::SetUp();
    agent.emplace(std::vector<std::string>{FETTLE_BINARY, "run", "-c", site});
    signing_office.sign_with([this](const std::string& claims) { return test::sign(claims, keys.private_key); });
    const auto alert = watch.wait_for(test::hot_slot, patience);
    ASSERT_TRUE(alert) << agent->output();
    id = episode(*alert);
  }

  std::string further_settings() override {
    return fmt::format(
        "commands: {{requesters: [{{name: maintenance, operations: [config, restart, rotate, diag], keys: [{}]}}]}}\n",
        keys.public_key);
  }

  /// The next revision of the pump's alert of which this is true.
  std::optional<object> revision_with(const std::function<bool(const object&)>& pleases) {
    const auto found = watch.wait_for(
        [&pleases](const Received& each) {
          return each.topic.ends_with(test::hot_slot) && !each.payload.empty() &&
                 pleases(document(each).at("data").as_object());
        },
        patience);
    return found ? std::optional{document(*found).at("data").as_object()} : std::nullopt;
  }

  test::KeyPair keys = test::make_key_pair(folder.path(), "maintenance", test::KeyKind::ed25519);
  test::Subscriber watch{broker.port()};
  test::BackOffice office{broker.port(), "gw-7"};
  test::BackOffice signing_office{broker.port(), "gw-7", "maintenance"};
  std::optional<test::Child> agent;
  std::string id;
};

TEST_F(CommandedAgent, notes_who_has_taken_an_alert_on) {
  const auto answer =
      office.ask("ack", {{"id", id}, {"ref", {{"system", "d365"}, {"type", "workorder"}, {"id", "WO-1"}}}});
  EXPECT_EQ(answer.at("status").as_int64(), 200);
  const auto data = revision_with([](const object& each) { return each.contains("ack"); });
  ASSERT_TRUE(data);
  EXPECT_EQ(data->at("ack").at("by").as_string(), "dispatch/m.lee");
  EXPECT_EQ(data->at("ack").at("ref").at("id").as_string(), "WO-1");
  EXPECT_EQ(data->at("rev").as_int64(), answer.at("data").at("rev").as_int64());
}

TEST_F(CommandedAgent, rule_9_gives_a_repeated_command_the_same_answer_and_no_second_effect_even_after_a_restart) {
  const auto claims = office.claims("ack", {{"id", id}, {"note", "booked"}});
  const auto first = office.ask(claims);
  EXPECT_EQ(office.ask(claims), first);
  agent->kill();
  agent.emplace(std::vector<std::string>{FETTLE_BINARY, "run", "-c", site});
  ASSERT_TRUE(watch.wait_for("gw-7/status", patience));
  EXPECT_EQ(office.ask(claims), first) << agent->output();
}

TEST_F(CommandedAgent, closes_an_alert_with_what_the_technician_found) {
  const auto answer = office.ask(
      "close",
      {{"id", id}, {"outcome", {{"verdict", "confirmed"}, {"action", "GREASE"}, {"fixed", true}, {"minutes", 20}}}});
  EXPECT_EQ(answer.at("data").at("state").as_string(), "closed");
  const auto data = revision_with([](const object& each) { return each.at("state").as_string() == "closed"; });
  ASSERT_TRUE(data);
  EXPECT_EQ(data->at("outcome").at("verdict").as_string(), "confirmed");
  EXPECT_EQ(data->at("outcome").at("minutes").as_int64(), 20);
  const auto again = office.ask("close", {{"id", id}, {"outcome", {{"verdict", "confirmed"}}}});
  EXPECT_EQ(again.at("status").as_int64(), 409);
}

TEST_F(CommandedAgent, puts_an_alert_on_the_shelf_and_takes_it_down_again) {
  const auto until = in(Days{7});
  EXPECT_EQ(
      office.ask("shelve", {{"id", id}, {"until", until}, {"reason", "spare part ordered"}}).at("status").as_int64(),
      200);
  EXPECT_TRUE(revision_with([](const object& each) { return each.contains("shelved"); }));
  EXPECT_EQ(office.ask("shelve", {{"id", id}, {"until", nullptr}}).at("status").as_int64(), 200);
  EXPECT_TRUE(revision_with([](const object& each) { return !each.contains("shelved"); }));
}

TEST_F(CommandedAgent, sends_its_documents_again_unchanged) {
  EXPECT_EQ(office.ask("sync", {{"slot", "PUMP-1/overheating"}}).at("data").at("alerts").as_int64(), 1);
  const auto again = watch.wait_for(test::hot_slot, patience);
  ASSERT_TRUE(again);
  EXPECT_EQ(episode(*again), id);
  EXPECT_EQ(office.ask("sync", {{"slot", "PUMP-1/unheard-of"}}).at("status").as_int64(), 404);
  EXPECT_GE(office.ask("sync").at("data").at("alerts").as_int64(), 1);
}

TEST_F(CommandedAgent, reads_points_and_their_history) {
  const auto read = office.ask("read", {{"asset", "PUMP-1"}});
  EXPECT_EQ(read.at("data").at("points").as_array().at(0).at("value").to_number<double>(), 46);
  const auto from = in(-std::chrono::hours{1});
  const auto to = in(std::chrono::minutes{1});
  const auto history =
      office.ask("history", {{"point", "PUMP-1/bearing_temperature"}, {"from", from}, {"to", to}, {"step", "1m"}});
  ASSERT_EQ(history.at("status").as_int64(), 200) << boost::json::serialize(history);
  EXPECT_EQ(history.at("data").at("rows").as_array().back().at(2).to_number<double>(), 46);
  const auto too_fine =
      office.ask("history", {{"point", "pump/bearing_temperature"}, {"from", from}, {"to", to}, {"step", "1s"}});
  EXPECT_EQ(too_fine.at("status").as_int64(), 413);
  EXPECT_EQ(too_fine.at("hint").as_string(), "step: 10s");
  EXPECT_EQ(office.ask("read", {{"points", {"ghost/power"}}}).at("status").as_int64(), 503);
}

TEST_F(CommandedAgent, says_how_it_fares) {
  const auto answer = office.ask("diag");
  EXPECT_EQ(answer.at("status").as_int64(), 200);
  EXPECT_THAT(boost::json::serialize(answer.at("data")), HasSubstr("\"commands\""));
}

TEST_F(CommandedAgent, marks_every_alert_as_a_test_while_machines_are_connected) {
  EXPECT_EQ(office.ask("mode", {{"mode", "commissioning"}, {"until", in(Days{1})}}).at("status").as_int64(), 200);
  EXPECT_TRUE(revision_with([](const object& each) { return each.at("test").as_bool(); }));
  EXPECT_EQ(office.ask("mode", {{"mode", "operational"}}).at("status").as_int64(), 200);
  EXPECT_TRUE(revision_with([](const object& each) { return !each.at("test").as_bool(); }));
}

TEST_F(CommandedAgent, rule_11_commissioning_ends_by_itself) {
  const auto until = to_rfc3339(std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()) +
                                std::chrono::seconds{2});
  ASSERT_EQ(office.ask("mode", {{"mode", "commissioning"}, {"until", until}}).at("status").as_int64(), 200);
  EXPECT_TRUE(revision_with([](const object& each) { return each.at("test").as_bool(); }));
  EXPECT_TRUE(revision_with([](const object& each) { return !each.at("test").as_bool(); }));
}

TEST_F(CommandedAgent, takes_a_signed_change_of_its_settings_and_reads_on) {
  const auto before = signing_office.ask("config").at("data").as_object();
  EXPECT_EQ(before.at("rev").as_int64(), 0);
  const auto changed = signing_office.ask("config", {{"patch", {{"site", {{"building", "B7"}}}}}, {"ifRev", 0}});
  ASSERT_EQ(changed.at("status").as_int64(), 200) << boost::json::serialize(changed);
  const auto info = watch.wait_for(
      [&changed](const Received& each) {
        return each.topic.ends_with("/info") && document(each).at("config") == changed.at("data").at("config");
      },
      patience);
  ASSERT_TRUE(info) << agent->output();
  ASSERT_TRUE(agent->wait_for_line("is kept: the broker was reached", std::chrono::minutes{2})) << agent->output();
  EXPECT_EQ(signing_office.ask("config", {{"patch", {{"site", nullptr}}}}).at("status").as_int64(), 400);
  EXPECT_EQ(signing_office.ask("config", {{"patch", object{}}, {"ifRev", 0}}).at("status").as_int64(), 409);
  EXPECT_EQ(office.ask("config").at("status").as_int64(), 403);
}

TEST_F(CommandedAgent, restarts_when_it_is_told_to_and_signed_for) {
  EXPECT_EQ(signing_office.ask("restart", {{"target", "agent"}}).at("status").as_int64(), 202);
  ASSERT_TRUE(agent->wait_for_line("restarting", patience));
  EXPECT_TRUE(agent->wait_for_line("connected to", patience)) << agent->output();
  EXPECT_EQ(office.ask("ack", {{"id", id}}).at("status").as_int64(), 200);
}

TEST_F(CommandedAgent, refuses_maintenance_that_is_not_signed) {
  test::BackOffice forger{broker.port(), "gw-7", "maintenance"};
  EXPECT_EQ(forger.ask("restart", {{"target", "agent"}}).at("status").as_int64(), 401);
}

}  // namespace
}  // namespace fettle
