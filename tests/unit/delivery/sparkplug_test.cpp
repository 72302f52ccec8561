#include "delivery/sparkplug.hpp"

#include "fakes.hpp"
#include "sparkplug_fixture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <boost/json.hpp>
#include <optional>

namespace fettle::delivery {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

/// An edge node with one device at a broker that is made up.
class SparkplugTest : public ::testing::Test {
 protected:
  SparkplugTest() {
    settings_.group = "HQ";
    settings_.broker.addresses = {{"a", 1883}};
  }
  void start() {
    sparkplug_.emplace(
        home_, DomainClock{test::at("2026-11-21T09:15:00Z"), speed_}, test::sample_gateway(), settings_,
        SparkplugDoors{[this] { return next_session_++; },
                       [this](const Incoming& command) { commands_.push_back(command); }},
        [this](BrokerListener& listener) {
          auto broker = std::make_unique<test::FakeBroker>(listener);
          broker_ = broker.get();
          return broker;
        },
        times_);
    sparkplug_->set_devices({{"AHU-07", {"belt-slip"}}});
    sparkplug_->start();
  }
  void go_up() {
    start();
    broker_->listener.connected({});
  }
  void revise(int rev) {
    auto alert = test::sample_fault();
    alert.rev = rev;
    sparkplug_->revise("AHU-07/belt-slip", test::sample_document(alert));
  }
  /// What was sent since the last time: "NBIRTH", "DBIRTH", ...
  std::vector<std::string> told() {
    std::vector<std::string> verbs;
    for (; read_ < broker_->messages.size(); ++read_) {
      const auto& topic = broker_->messages[read_].topic;
      const auto verb = topic.substr(std::string_view{"spBv1.0/HQ/"}.size());
      verbs.push_back(verb.substr(0, verb.find('/')));
    }
    return verbs;
  }
  bool tells(const std::vector<std::string>& verbs) {
    std::vector<std::string> all;
    return test::run_until(home_,
                           [&] {
                             for (auto& each : told()) all.push_back(std::move(each));
                             return all.size() >= verbs.size();
                           }) &&
           all == verbs;
  }
  bool connects(std::size_t times) {
    return test::run_until(home_, [this, times] { return broker_->approaches.size() >= times; });
  }
  void hear(const std::string& topic, std::string payload, bool retained = false) {
    Incoming message;
    message.topic = topic;
    message.payload = std::move(payload);
    message.retained = retained;
    broker_->listener.received(message);
  }
  void hear_host(bool online, int timestamp) {
    hear("spBv1.0/STATE/SCADA", fmt::format(R"({{"online": {}, "timestamp": {}}})", online, timestamp), true);
  }
  void write(const std::string& name, sparkplug::Value value) {
    hear("spBv1.0/HQ/DCMD/gw-0042/AHU-07", test::host_command(name, std::move(value)));
  }
  void ask_rebirth() { hear("spBv1.0/HQ/NCMD/gw-0042", test::host_command("Node Control/Rebirth", true)); }
  std::string session_of(const std::string& payload) { return test::host_payload(payload).value("bdSeq"); }

  boost::asio::io_context home_;
  SparkplugSettings settings_;
  double speed_ = 1e-6;
  DeliveryTimes times_{milliseconds{1},  milliseconds{4},       std::chrono::seconds{30},
                       milliseconds{20}, std::chrono::hours{1}, milliseconds{0}};
  std::uint8_t next_session_ = 255;
  std::vector<Incoming> commands_;
  test::FakeBroker* broker_ = nullptr;
  std::size_t read_ = 0;
  std::optional<Sparkplug> sparkplug_;
};

TEST_F(SparkplugTest, pairs_each_birth_with_the_will_of_its_connection) {
  go_up();
  EXPECT_THAT(broker_->filters, ElementsAre("spBv1.0/HQ/NCMD/gw-0042", "spBv1.0/HQ/DCMD/gw-0042/+"));
  EXPECT_THAT(told(), ElementsAre("NBIRTH", "DBIRTH"));
  EXPECT_EQ(broker_->wills[0].message.topic, "spBv1.0/HQ/NDEATH/gw-0042");
  EXPECT_EQ(session_of(broker_->wills[0].message.payload), "255");
  EXPECT_EQ(session_of(broker_->messages[0].payload), "255");
  broker_->listener.connection_lost("broken");
  ASSERT_TRUE(connects(2));
  EXPECT_EQ(session_of(broker_->wills[1].message.payload), "0") << "after 255";
  broker_->listener.connected({});
  EXPECT_EQ(session_of(broker_->messages[2].payload), "0");
}

TEST_F(SparkplugTest, tells_revisions_and_after_an_outage_those_it_missed) {
  go_up();
  revise(1);
  EXPECT_THAT(told(), ElementsAre("NBIRTH", "DBIRTH", "DDATA"));
  broker_->listener.connection_lost("broken");
  revise(2);
  revise(3);
  EXPECT_THAT(told(), IsEmpty());
  ASSERT_TRUE(connects(2));
  broker_->listener.connected({});
  EXPECT_THAT(told(), ElementsAre("NBIRTH", "DBIRTH", "DDATA"));
  EXPECT_EQ(test::host_payload(broker_->messages.back().payload).value("Alerts/belt-slip/Rev"), "2");
}

TEST_F(SparkplugTest, is_born_again_on_request_but_not_every_moment) {
  go_up();
  told();
  ask_rebirth();
  ask_rebirth();
  revise(1);
  EXPECT_THAT(told(), IsEmpty()) << "no data until then";
  EXPECT_TRUE(tells({"NBIRTH", "DBIRTH"}));
  EXPECT_EQ(test::host_payload(broker_->messages.back().payload).value("Alerts/belt-slip/Rev"), "1");
  EXPECT_EQ(session_of(broker_->messages[2].payload), "255") << "the same connection";
  revise(2);
  EXPECT_THAT(told(), ElementsAre("DDATA")) << "both requests had one answer";
}

TEST_F(SparkplugTest, says_that_it_dies_before_it_goes) {
  go_up();
  told();
  bool stopped = false;
  sparkplug_->stop([&stopped] { stopped = true; });
  EXPECT_THAT(told(), ElementsAre("NDEATH"));
  EXPECT_EQ(session_of(broker_->messages.back().payload), "255");
  EXPECT_EQ(broker_->farewells, 0);
  broker_->acknowledge(broker_->messages.size() - 1);
  EXPECT_TRUE(test::run_until(home_, [&stopped] { return stopped; }));
  EXPECT_EQ(broker_->farewells, 1);
}

TEST_F(SparkplugTest, that_was_never_born_goes_without_a_word) {
  start();
  bool stopped = false;
  sparkplug_->stop([&stopped] { stopped = true; });
  EXPECT_TRUE(test::run_until(home_, [&stopped] { return stopped; }));
  EXPECT_THAT(told(), IsEmpty());
}

TEST_F(SparkplugTest, makes_what_a_host_writes_a_command_like_any_other) {
  go_up();
  revise(1);
  write("Alerts/belt-slip/Ack", true);
  ASSERT_THAT(commands_, SizeIs(1));
  EXPECT_EQ(commands_[0].topic, "fettle/v1/gw-0042/cmd/sparkplug/ack");
  const auto claims = parse_claims(commands_[0].payload).value();
  EXPECT_EQ(claims.iss, "sparkplug");
  EXPECT_EQ(claims.aud, "gw-0042");
  EXPECT_EQ(claims.op, "ack");
  EXPECT_EQ(claims.args.at("id").as_string(), "01JD8Q4Z7T3V9XK2M5N6P8R0SD");
  write("Alerts/belt-slip/Ack", true);
  EXPECT_NE(parse_claims(commands_.at(1).payload).value().jti, claims.jti) << "each is a command of its own";
}

TEST_F(SparkplugTest, obeys_nothing_that_is_wrong) {
  go_up();
  revise(1);
  told();
  const auto ack = test::host_command("Alerts/belt-slip/Ack", true);
  hear("spBv1.0/HQ/DCMD/gw-0042/AHU-07", ack, true);
  hear("spBv1.0/HQ/DCMD/gw-0042/AHU-08", ack);
  hear("spBv1.0/HQ/DCMD/gw-0042/AHU-07", "no protobuf");
  hear("spBv1.0/HQ/NCMD/gw-0042", "no protobuf");
  hear("spBv1.0/HQ/NCMD/gw-0042", test::host_command("Node Control/Rebirth", false));
  hear("spBv1.0/HQ/NCMD/gw-0042", test::host_command("Node Control/Reboot", true));
  write("Alerts/belt-slip/Ack", "yes");
  write("Alerts/filter-clog/Ack", true);
  write("Alerts/belt-slip/Severity", "minor");
  write("", true);
  EXPECT_THAT(commands_, IsEmpty());
  EXPECT_THAT(told(), IsEmpty());
  revise(2);
  EXPECT_THAT(told(), ElementsAre("DDATA"));
}

/// The same with a primary host.
class PrimaryHost : public SparkplugTest {
 protected:
  PrimaryHost() { settings_.primary_host = "SCADA"; }
};

TEST_F(PrimaryHost, is_waited_for) {
  go_up();
  EXPECT_EQ(broker_->filters.back(), "spBv1.0/STATE/SCADA");
  hear_host(false, 100);
  revise(1);
  EXPECT_THAT(told(), IsEmpty());
  EXPECT_EQ(broker_->farewells, 0) << "it is the only broker";
  hear_host(true, 200);
  EXPECT_THAT(told(), ElementsAre("NBIRTH", "DBIRTH"));
  hear_host(true, 300);
  EXPECT_THAT(told(), IsEmpty()) << "once";
}

TEST_F(PrimaryHost, that_goes_ends_the_session) {
  go_up();
  hear_host(true, 200);
  told();
  hear_host(false, 199);
  EXPECT_THAT(told(), IsEmpty()) << "an old will";
  hear_host(false, 200);
  EXPECT_THAT(told(), ElementsAre("NDEATH"));
  broker_->acknowledge(broker_->messages.size() - 1);
  ASSERT_TRUE(connects(2));
  EXPECT_EQ(session_of(broker_->wills[1].message.payload), "0");
  broker_->listener.connected({});
  hear_host(false, 200);
  revise(1);
  revise(2);
  EXPECT_THAT(told(), IsEmpty());
  hear_host(true, 300);
  EXPECT_THAT(told(), ElementsAre("NBIRTH", "DBIRTH", "DDATA"));
}

TEST_F(PrimaryHost, that_is_not_at_this_broker_is_looked_for_at_the_next) {
  settings_.broker.addresses = {{"a", 1883}, {"b", 1883}};
  go_up();
  hear_host(false, 100);
  ASSERT_TRUE(connects(2));
  EXPECT_EQ(broker_->approaches[1].address.host, "b");
  EXPECT_THAT(told(), IsEmpty());
}

TEST_F(PrimaryHost, that_speaks_nonsense_is_not_online) {
  go_up();
  for (const auto* const payload : {"ONLINE", "[]", "{}", R"({"online": true})",
                                    R"({"online": "true", "timestamp": 1})", R"({"online": true, "timestamp": "1"})"}) {
    hear("spBv1.0/STATE/SCADA", payload, true);
  }
  EXPECT_THAT(told(), IsEmpty());
}

TEST_F(SparkplugTest, knows_what_the_broker_does_not_take) {
  start();
  broker_->listener.rejected("rejects us");
  ASSERT_TRUE(sparkplug_->refusal());
  EXPECT_EQ(sparkplug_->refusal()->what, "Sparkplug: mqtt://a:1883: rejects us");
  ASSERT_TRUE(connects(2));
  broker_->listener.connected({});
  broker_->listener.subscribed("");
  EXPECT_TRUE(test::run_until(home_, [this] { return !sparkplug_->refusal(); }));
}

TEST_F(SparkplugTest, asks_again_for_commands_that_the_broker_does_not_pass_on) {
  speed_ = 300 / 0.02;  // a heartbeat takes 20 ms
  go_up();
  for (const auto* const answer : {"not authorized", ""}) broker_->listener.subscribed(answer);
  EXPECT_THAT(sparkplug_->refusal().value().what, HasSubstr("does not pass on NCMD, DCMD or STATE: not authorized"));
  ASSERT_TRUE(test::run_until(home_, [this] { return broker_->filters.size() == 4; }));
  for (int filter = 0; filter < 2; ++filter) broker_->listener.subscribed("");
  EXPECT_FALSE(sparkplug_->refusal());
}

TEST_F(SparkplugTest, takes_a_broker_that_ends_the_connection_at_each_birth_for_one_that_refuses_it) {
  times_.soon = std::chrono::hours{1};
  start();
  for (std::size_t connection = 1; connection <= 3; ++connection) {
    ASSERT_TRUE(connects(connection));
    broker_->listener.connected({});
    broker_->acknowledge_all();
    broker_->listener.connection_lost("broken");
  }
  EXPECT_THAT(sparkplug_->refusal().value().what, HasSubstr("throws us out soon after, each time: broken"));
}

TEST_F(SparkplugTest, does_not_take_what_is_merely_under_way_for_an_answer) {
  settings_.broker.addresses = {{"a", 1883}, {"b", 1883}};
  go_up();
  home_.poll();
  broker_->acknowledge_all();
  broker_->listener.connection_lost("broken");
  ASSERT_TRUE(connects(2));
  EXPECT_EQ(broker_->approaches[1].address.host, "b") << "as after a broker that was of no use";
}

}  // namespace
}  // namespace fettle::delivery
