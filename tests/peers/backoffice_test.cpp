#include "broker_gateway.hpp"
#include "support/child.hpp"
#include "support/mosquitto.hpp"
#include "support/postgres.hpp"
#include "support/subscriber.hpp"
#include "support/temp_dir.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <boost/json.hpp>
#include <optional>
#include <set>

// The reference consumer between a real broker and a real PostgreSQL. The gateway's part is its journal, outbox and delivery.

namespace fettle {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;
using test::Received;
using testing::HasSubstr;

constexpr auto patience = 30s;
const std::string prefix = "fettle/v1/gw-0042/";
const std::string alerts = prefix + "alert/AHU-07/";

Alert dispatch_grade_alert(int number, int rev) {
  auto alert = test::peer_alert(number, rev);
  alert.severity = Severity::major;
  alert.priority = 2;
  return alert;
}

Alert closed(Alert alert) {
  alert.state = AlertState::closed;
  alert.closed_at = alert.changed_at;
  alert.outcome = Outcome{Conclusion::confirmed, "tech/a", alert.changed_at, "", "", ""};
  return alert;
}

/// Consumer, broker and database; what the consumer orders is heard by `orders`.
class Backoffice : public testing::Test {
 protected:
  Backoffice() { database.run(FETTLE_SOURCE_DIR "/tests/backoffice/schema.sql"); }

  void start_consumer(const std::string& repeat = "1 day") {
    auto options = database.environment();
    options.environment.insert(
        {{"MQTT_URL", fmt::format("mqtt://127.0.0.1:{}", broker.port())}, {"POLL_MS", "100"}, {"REPEAT", repeat}});
    consumer.emplace(std::vector<std::string>{"node", FETTLE_SOURCE_DIR "/tests/backoffice/consumer.js"}, options);
    if (!consumer->wait_for_line("subscribed", patience))
      throw std::runtime_error{"no consumer:\n" + consumer->output()};
  }

  delivery::BrokerSettings settings() const {
    delivery::BrokerSettings result;
    result.addresses = {{"127.0.0.1", broker.port()}};
    return result;
  }

  /// As anybody whom the broker lets.
  void publish(const std::string& topic, const std::string& payload) const {
    test::Child sender{{"mosquitto_pub", "-h", "127.0.0.1", "-p", std::to_string(broker.port()), "-q", "1", "-t", topic,
                        "-m", payload}};
    ASSERT_EQ(sender.wait(patience), 0) << sender.output();
  }

  /// The claims of the consumer's next order of this kind.
  std::optional<json::object> next_order(const std::string& op, std::chrono::milliseconds within = patience) {
    const auto order = orders.wait_for("/cmd/dispatch/" + op, within);
    if (!order) return std::nullopt;
    return json::parse(order->payload).as_object();
  }

  /// Alerts are handled in the order they come, so when this one has its work order, those before it have been dealt with.
  void expect_all_is_handled(test::PeerGateway& gateway) {
    gateway.raise({dispatch_grade_alert(999, 1)});
    ASSERT_TRUE(gateway.run_until_sent());
    const auto fence = [](const Received& each) { return each.payload.find("P00999") != std::string::npos; };
    ASSERT_TRUE(orders.wait_for(fence, patience)) << consumer->output();
  }

  test::Mosquitto broker;
  test::Postgres database;
  test::TempDir store;
  test::Subscriber orders{broker.port(), "fettle/v1/+/cmd/#"};
  std::optional<test::Child> consumer;
};

std::string id_of(const json::object& order) { return order.at("args").at("id").as_string().c_str(); }

TEST_F(Backoffice, opens_one_work_order_an_episode_though_every_message_comes_twice) {
  start_consumer();
  test::Subscriber witness{broker.port(), alerts + "+"};
  test::PeerGateway gateway{store.path().string(), settings()};
  for (int rev = 1; rev <= 2; ++rev) {
    gateway.raise({dispatch_grade_alert(1, rev), dispatch_grade_alert(2, rev), dispatch_grade_alert(3, rev)});
    ASSERT_TRUE(gateway.run_until_sent());
  }
  for (int count = 0; count < 6; ++count) {
    const auto document = witness.next(patience);
    ASSERT_TRUE(document);
    publish(document->topic, document->payload);
  }
  expect_all_is_handled(gateway);
  std::multiset<std::string> episodes;
  for (const auto& each : orders.all()) episodes.insert(id_of(json::parse(each.payload).as_object()));
  EXPECT_THAT(episodes, testing::ElementsAre("01JD8Q4Z7T3V9XK2M5N6P00001", "01JD8Q4Z7T3V9XK2M5N6P00002",
                                             "01JD8Q4Z7T3V9XK2M5N6P00003", "01JD8Q4Z7T3V9XK2M5N6P00999"));
  EXPECT_EQ(database.ask("SELECT count(*), count(DISTINCT episode) FROM work_order"), "4|4");
  EXPECT_THAT(orders.all().front().payload,
              HasSubstr(R"("ref":{"system":"backoffice","type":"workorder","id":"WO-10)"));
}

TEST_F(Backoffice, ignores_revisions_and_episodes_that_come_too_late) {
  start_consumer();
  test::Subscriber witness{broker.port(), alerts + "mode-1"};
  test::PeerGateway gateway{store.path().string(), settings()};
  auto later = dispatch_grade_alert(5, 1);
  later.mode = "mode-1";
  for (const auto& alert :
       {dispatch_grade_alert(1, 1), dispatch_grade_alert(1, 2), closed(dispatch_grade_alert(1, 3)), later}) {
    gateway.raise({alert});
    ASSERT_TRUE(gateway.run_until_sent());
  }
  for (int count = 0; count < 4; ++count) ASSERT_TRUE(witness.next(patience));
  for (const auto place : {0U, 1U, 2U}) publish(witness.all().at(place).topic, witness.all().at(place).payload);
  expect_all_is_handled(gateway);
  EXPECT_EQ(database.ask("SELECT right(episode, 5), rev FROM alert WHERE slot = 'AHU-07/mode-1'"), "00005|1");
  EXPECT_EQ(database.ask("SELECT right(episode, 5), closed FROM work_order WHERE slot = 'AHU-07/mode-1' ORDER BY 1"),
            "00001|t\n00005|f");
}

TEST_F(Backoffice, dispatches_nobody_for_what_is_not_of_dispatch_grade) {
  start_consumer();
  test::PeerGateway gateway{store.path().string(), settings()};
  std::vector<Alert> none;
  for (int number = 1; number <= 6; ++number) none.push_back(dispatch_grade_alert(number, 1));
  none[0].priority = 4;
  none[1].test = true;
  none[2].parent = none[1].id;
  none[3].kind = AlertKind::system;
  none[4].kind = AlertKind::service;
  none[5].state = AlertState::cleared;
  none[5].cleared_at = none[5].changed_at;
  gateway.raise(none);
  ASSERT_TRUE(gateway.run_until_sent());
  expect_all_is_handled(gateway);
  EXPECT_EQ(database.ask("SELECT (SELECT count(*) FROM alert), (SELECT count(*) FROM work_order)"), "7|1");
}

TEST_F(Backoffice, goes_on_where_it_was_when_it_is_killed) {
  start_consumer();
  test::PeerGateway gateway{store.path().string(), settings()};
  gateway.raise({dispatch_grade_alert(1, 1)});
  ASSERT_TRUE(gateway.run_until_sent());
  ASSERT_TRUE(next_order("ack")) << consumer->output();
  consumer->kill();
  gateway.raise({dispatch_grade_alert(2, 1)});
  ASSERT_TRUE(gateway.run_until_sent());
  start_consumer();
  ASSERT_TRUE(
      orders.wait_for([](const Received& each) { return each.payload.find("P00002") != std::string::npos; }, patience));
  EXPECT_EQ(database.ask("SELECT count(*) FROM work_order"), "2");
}

TEST_F(Backoffice, asks_for_a_slot_that_it_has_missed) {
  auto unretained = settings();
  unretained.retain = delivery::Retain::off;
  {
    test::PeerGateway gateway{store.path().string(), unretained};
    gateway.raise({dispatch_grade_alert(1, 1)});
    ASSERT_TRUE(gateway.run_until_sent());
  }
  start_consumer();
  test::PeerGateway gateway{store.path().string(), unretained};
  ASSERT_TRUE(gateway.run_until_sent());
  const auto order = next_order("sync");
  ASSERT_TRUE(order) << consumer->output();
  EXPECT_EQ(order->at("args").at("slot").as_string(), "AHU-07/mode-1");
}

TEST_F(Backoffice, lets_an_alert_expire_that_its_gateway_no_longer_knows) {
  start_consumer();
  {
    test::PeerGateway gateway{store.path().string(), settings()};
    gateway.raise({dispatch_grade_alert(1, 1)});
    ASSERT_TRUE(gateway.run_until_sent());
    ASSERT_TRUE(next_order("ack")) << consumer->output();
  }
  const test::TempDir replaced;
  test::PeerGateway gateway{replaced.path().string(), settings()};
  ASSERT_TRUE(gateway.run_until_sent());
  const auto order = next_order("sync");
  ASSERT_TRUE(order) << consumer->output();
  EXPECT_EQ(order->at("args").at("slot").as_string(), "AHU-07/mode-1");
  publish(prefix + "res/dispatch", json::serialize(json::object{{"jti", order->at("jti")},
                                                                {"op", "sync"},
                                                                {"status", 404},
                                                                {"time", "2026-11-21T09:14:58Z"},
                                                                {"error", "no such slot"}}));
  ASSERT_TRUE(consumer->wait_for_line("AHU-07/mode-1 has expired", patience)) << consumer->output();
  EXPECT_EQ(database.ask("SELECT a.state, w.closed FROM alert a, work_order w"), "closed|t");
}

// A will of a former session comes late and says nothing.
TEST_F(Backoffice, rule_7_marks_a_lost_gateway_stale_and_keeps_its_alerts) {
  start_consumer();
  test::PeerGateway gateway{store.path().string(), settings()};
  gateway.raise({dispatch_grade_alert(1, 1)});
  ASSERT_TRUE(gateway.run_until_sent());
  ASSERT_TRUE(next_order("ack")) << consumer->output();
  const auto session = std::stoll(database.ask("SELECT session FROM gateway"));
  publish(prefix + "status", fmt::format(R"({{"gateway":"gw-0042","state":"lost","session":{}}})", session - 1));
  ASSERT_TRUE(consumer->wait_for_line("too late", patience)) << consumer->output();
  EXPECT_EQ(database.ask("SELECT state, stale FROM gateway"), "online|f");
  publish(prefix + "status", fmt::format(R"({{"gateway":"gw-0042","state":"lost","session":{}}})", session));
  ASSERT_TRUE(consumer->wait_for_line("gw-0042 lost", patience)) << consumer->output();
  EXPECT_EQ(database.ask("SELECT g.state, stale, a.state, w.closed FROM gateway g, alert a, work_order w"),
            "lost|t|active|f");
}

TEST_F(Backoffice, closes_with_the_outcome_until_the_gateway_says_so) {
  start_consumer("0 seconds");
  test::PeerGateway gateway{store.path().string(), settings()};
  auto alert = dispatch_grade_alert(1, 1);
  gateway.raise({alert});
  ASSERT_TRUE(gateway.run_until_sent());
  const auto ack = next_order("ack");
  ASSERT_TRUE(ack) << consumer->output();
  EXPECT_EQ(next_order("ack")->at("jti"), ack->at("jti")) << "the same order again";
  database.ask(R"(UPDATE work_order SET outcome = '{"verdict":"confirmed","fixed":true,"minutes":40,"by":"tech/a"}')");
  const auto close = next_order("close");
  ASSERT_TRUE(close) << consumer->output();
  EXPECT_EQ(id_of(*close), alert.id);
  EXPECT_EQ(close->at("args").at("outcome").at("verdict").as_string(), "confirmed");
  EXPECT_EQ(close->at("args").at("outcome").at("ref").at("id"), ack->at("args").at("ref").at("id"));
  EXPECT_EQ(next_order("close")->at("jti"), close->at("jti")) << "the same order again";
  alert.rev = 2;
  gateway.raise({closed(alert)});
  ASSERT_TRUE(gateway.run_until_sent());
  expect_all_is_handled(gateway);
  EXPECT_EQ(database.ask("SELECT closed FROM work_order WHERE episode LIKE '%P00001'"), "t");
}

}  // namespace
}  // namespace fettle
