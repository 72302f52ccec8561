#include "questions.hpp"
#include "self_watch_site.hpp"
#include "status_sample.hpp"
#include "support/temp_dir.hpp"

#include "local_door.hpp"

#include <gmock/gmock.h>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/json.hpp>
#include <thread>

namespace fettle {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::SizeIs;

Answers some_answers() {
  Answers answers;
  answers.readings = [] { return std::vector<LiveReading>{{"meter", "power", good({0}, noon, 7.5), 20}}; };
  answers.status = busy_agent;
  answers.alerts = [](bool closed, std::size_t at_most) {
    const std::string document = closed ? R"({"closed":true})" : R"({"closed":false})";
    return std::vector<std::string>(std::min<std::size_t>(3, at_most), document);
  };
  return answers;
}

TEST(Questions, are_understood_as_they_were_asked) {
  for (const auto op : {Question::Op::read, Question::Op::status, Question::Op::alerts}) {
    const auto parsed = parse_question(to_json(Question{op, true, 20}));
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->op, op);
    if (op != Question::Op::alerts) continue;
    EXPECT_TRUE(parsed->closed);
    EXPECT_EQ(parsed->at_most, 20U);
  }
}

TEST(Questions, may_leave_out_what_has_a_usual_value) {
  const auto parsed = parse_question(R"({"op":"alerts"})");
  ASSERT_TRUE(parsed);
  EXPECT_FALSE(parsed->closed);
  EXPECT_EQ(parsed->at_most, most_alerts);
}

TEST(Questions, that_are_none_are_answered_with_a_hint) {
  for (const auto* text : {"", "{", "[]", "{}", R"({"op":7})", R"({"op":"reboot"})", R"({"op":"alerts","n":-1})",
                           R"({"op":"alerts","closed":"yes"})"}) {
    EXPECT_FALSE(parse_question(text)) << text;
    EXPECT_THAT(answer(text, some_answers()), HasSubstr("unknown question")) << text;
  }
}

TEST(Questions, never_get_more_alerts_than_one_answer_holds) {
  EXPECT_EQ(parse_question(R"({"op":"alerts","n":1000000})")->at_most, most_alerts);
}

/// An agent's home in a thread of its own, with a door that anybody may ask at.
class DoorTest : public testing::Test {
 protected:
  DoorTest()
      : folder_{store_.path().string()}, door_{home_, folder_, [](const std::string& question) {
                                                 return answer(question, some_answers());
                                               }} {}
  ~DoorTest() override { home_.stop(); }

  test::TempDir store_;
  std::string folder_;
  boost::asio::io_context home_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> busy_{home_.get_executor()};
  LocalDoor door_;
  std::jthread thread_{[this] { home_.run(); }};
};

TEST_F(DoorTest, tells_the_status_of_the_agent_behind_it) {
  const auto status = ask_status(folder_);
  ASSERT_TRUE(status);
  EXPECT_EQ(to_json(*status), to_json(busy_agent()));
}

TEST_F(DoorTest, hands_out_documents_as_they_are) {
  EXPECT_EQ(ask_alerts(folder_, true, 2), R"([{"closed":true},{"closed":true}])");
  EXPECT_EQ(ask_alerts(folder_, false, 0), "[]");
}

TEST_F(DoorTest, tells_the_latest_readings) {
  const auto readings = ask_live_readings(folder_);
  ASSERT_TRUE(readings);
  ASSERT_THAT(*readings, SizeIs(1));
  EXPECT_EQ(readings->front().reading.value, 7.5);
}

TEST(NoDoor, is_said_with_what_to_do) {
  const test::TempDir store;
  const auto folder = store.path().string();
  EXPECT_FALSE(ask_status(folder));
  EXPECT_FALSE(ask_alerts(folder, false, 1));
  EXPECT_THAT(no_agent(folder), HasSubstr(folder + "/agent.sock"));
  EXPECT_THAT(no_agent(folder), HasSubstr("systemctl start fettle"));
}

TEST(AgentStatus, is_the_same_after_the_way_through_json) {
  const auto json = to_json(busy_agent());
  const auto parsed = parse_agent_status(json);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(to_json(*parsed), json);
  EXPECT_EQ(parsed->buses.at(0).devices.at(1).silent_since, (Stamp{noon - 2h}));
  EXPECT_EQ(parsed->modes.at(1).learned, 0.25);
  EXPECT_FALSE(parsed->modes.at(2).learned);
  EXPECT_FALSE(parsed->commissioning_until);
}

TEST(AgentStatus, of_another_version_is_none) {
  for (const auto* text : {"", "{}", "[]", R"({"version":"9"})"}) EXPECT_FALSE(parse_agent_status(text)) << text;
  auto json = boost::json::parse(to_json(busy_agent())).as_object();
  json["since"] = "yesterday";
  EXPECT_FALSE(parse_agent_status(boost::json::serialize(json)));
}

TEST(AgentStatus, tells_how_the_devices_of_a_bus_fare) {
  Plant plant;
  plant.hear(0, 0, true, noon);
  plant.hear(0, 1, false, noon);
  const auto buses = bus_status(plant.site, plant.buses);
  ASSERT_THAT(buses, SizeIs(2));
  EXPECT_TRUE(buses[0].answering);
  EXPECT_EQ(buses[0].devices.at(1).device, "meter");
  EXPECT_EQ(buses[0].devices[1].silent_since, Stamp{noon});
  EXPECT_EQ(buses[0].devices[1].trouble, "no answer within 300ms");
  EXPECT_FALSE(buses[1].answering);
  EXPECT_EQ(buses[1].devices.at(0).polls, 0U);
}

TEST(AgentStatus, measures_the_files_of_the_store) {
  const test::TempDir store;
  store.write("journal.db", std::string(300, 'x'));
  store.write("history.db", std::string(200, 'x'));
  auto vitals = take_vitals(store.path().string());
  vitals.written_per_day = 42;
  const auto status = store_status(vitals);
  ASSERT_THAT(status.files, SizeIs(2));
  EXPECT_EQ(status.files[0].file, "history.db");
  EXPECT_EQ(status.files[1].bytes, 300U);
  EXPECT_EQ(status.written_per_day, 42U);
  EXPECT_TRUE(status.free_bytes);
}

}  // namespace
}  // namespace fettle
