#include <gmock/gmock.h>

#include "running_agent.hpp"
#include "support/postgres.hpp"

// The whole way: from registers over the real agent and a real broker to the reference consumer's work order in PostgreSQL, and back.

namespace fettle {
namespace {

using boost::json::object;
using test::patience;
using test::Received;

class WholeWay : public test::RealTimeAgent {
 protected:
  void SetUp() override {
    RealTimeAgent::SetUp();
    database.run(FETTLE_SOURCE_DIR "/tests/backoffice/schema.sql");
    auto options = database.environment();
    options.environment.insert({{"MQTT_URL", fmt::format("mqtt://127.0.0.1:{}", broker.port())}, {"POLL_MS", "100"}});
    consumer.emplace(std::vector<std::string>{"node", FETTLE_SOURCE_DIR "/tests/backoffice/consumer.js"}, options);
    ASSERT_TRUE(consumer->wait_for_line("subscribed", patience)) << consumer->output();
    agent.emplace(std::vector<std::string>{FETTLE_BINARY, "run", "-c", site});
  }

  std::optional<object> revision_with(const char* member) {
    const auto found = watch.wait_for(
        [member](const Received& each) { return document(each).at("data").as_object().contains(member); }, patience);
    return found ? std::optional{document(*found).at("data").as_object()} : std::nullopt;
  }

  test::Postgres database;
  test::Subscriber watch{broker.port(), "fettle/v1/gw-7/alert/PUMP-1/overheating"};
  std::optional<test::Child> consumer, agent;
};

TEST_F(WholeWay, leads_from_a_hot_bearing_to_one_work_order_and_its_outcome_back_to_the_gateway) {
  const auto taken_on = revision_with("ack");
  ASSERT_TRUE(taken_on) << agent->output() << consumer->output();
  EXPECT_EQ(taken_on->at("ack").at("ref").at("id").as_string(), "WO-10001");
  agent->kill();
  agent.emplace(std::vector<std::string>{FETTLE_BINARY, "run", "-c", site});
  database.ask(R"(UPDATE work_order SET outcome = '{"verdict":"confirmed","fixed":true,"minutes":40,"by":"tech/a"}')");
  const auto ended = revision_with("outcome");
  ASSERT_TRUE(ended) << agent->output() << consumer->output();
  EXPECT_EQ(ended->at("state").as_string(), "closed");
  EXPECT_EQ(ended->at("outcome").at("ref").at("id").as_string(), "WO-10001");
  EXPECT_EQ(ended->at("id"), taken_on->at("id"));
  EXPECT_EQ(database.ask("SELECT count(*) FROM work_order"), "1");
}

}  // namespace
}  // namespace fettle
