#include <gmock/gmock.h>

#include <boost/json.hpp>
#include <csignal>

#include "modbus_line.hpp"
#include "running_agent.hpp"
#include "support/back_office.hpp"

// The real binary as an edge node of Sparkplug B at a real broker, followed by a host application that reads with Eclipse Tahu's decoder
// and ends nothing in silence: whatever breaks a rule is a line that begins with {"wrong".

namespace fettle {
namespace {

using test::Child;
using test::patience;
using testing::HasSubstr;
using testing::Not;

class AtSparkplug : public test::RealTimeAgent {
 protected:
  void SetUp() override {
    RealTimeAgent::SetUp();
    use("sparkplug: {}");
    start_host(broker.port());
  }
  void TearDown() override { EXPECT_THAT(host->output(), Not(HasSubstr("\"wrong\""))); }

  /// Further keys of `broker:`.
  void use(const std::string& keys) const {
    replace(site, "reconnect_within: 100ms", "reconnect_within: 100ms, " + keys);
  }
  void start_host(unsigned short port) {
    host.emplace(test::node_peer("sparkplug_host_peer.js", {std::to_string(port), "HQ", "gw-7", "SCADA"}),
                 test::ChildOptions{{}, {}, true});
    ASSERT_TRUE(host->wait_for_line("ready", patience)) << host->output();
  }
  Child start() const { return Child{{FETTLE_BINARY, "run", "-c", site}}; }

  /// The next packet of this kind, of this device, whose metric has this value.
  std::optional<boost::json::object> next(const std::string& verb, const std::string& metric = {},
                                          const boost::json::value& value = {}) {
    std::optional<boost::json::object> found;
    host->wait_for_line(
        [&](const std::string& line) {
          boost::system::error_code code;
          const auto parsed = boost::json::parse(line, code);
          const auto* const packet = !code && parsed.is_object() ? parsed.get_object().if_contains(verb) : nullptr;
          if (packet == nullptr) return false;
          const auto* const known = packet->at("values").as_object().if_contains(metric);
          if (!metric.empty() && (known == nullptr || *known != value)) return false;
          found = packet->as_object();
          return true;
        },
        patience);
    return found;
  }
  static boost::json::value value(const boost::json::object& packet, const std::string& metric) {
    return packet.at("values").at(metric);
  }
  void ask(const boost::json::object& wish) const { ASSERT_TRUE(host->feed(boost::json::serialize(wish) + "\n")); }
  void write(const std::string& metric, const std::string& type, boost::json::value value) const {
    ask({{"write", {{"device", "PUMP-1"}, {"name", metric}, {"type", type}, {"value", std::move(value)}}}});
  }

  std::optional<Child> host;
};

constexpr auto state = "Alerts/overheating/State", rev = "Alerts/overheating/Rev", ack = "Alerts/overheating/Ack";

TEST_F(AtSparkplug, alerts_are_data_of_a_device_and_a_rebirth_tells_all_of_them) {
  auto agent = start();
  const auto birth = next("NBIRTH");
  ASSERT_TRUE(birth) << agent.output() << host->output();
  EXPECT_EQ(value(*birth, "bdSeq").as_int64(), 0);
  EXPECT_THAT(value(*birth, "Properties/Software").as_string().c_str(), HasSubstr("fettle "));
  const auto device = next("DBIRTH", state, nullptr);
  ASSERT_TRUE(device) << host->output();
  EXPECT_EQ(device->at("device").as_string(), "PUMP-1");
  const auto data = next("DDATA", state, "active");
  ASSERT_TRUE(data) << agent.output() << host->output();
  const auto document = boost::json::parse(value(*data, "Alerts/overheating/Doc").as_string());
  EXPECT_EQ(document.at("data").at("id"), value(*data, "Alerts/overheating/Id"));
  EXPECT_EQ(document.at("data").at("rev"), value(*data, rev));

  ask({{"rebirth", true}});
  const auto again = next("NBIRTH");
  ASSERT_TRUE(again) << agent.output() << host->output();
  EXPECT_EQ(value(*again, "bdSeq").as_int64(), 0);
  EXPECT_TRUE(next("DBIRTH", state, "active")) << host->output();
}

TEST_F(AtSparkplug, what_a_host_writes_is_done_and_told_to_everybody) {
  test::Subscriber core{broker.port(), "fettle/#"};
  auto agent = start();
  ASSERT_TRUE(next("DDATA", state, "active")) << agent.output() << host->output();
  write(ack, "Boolean", true);
  EXPECT_TRUE(next("DDATA", ack, true)) << agent.output() << host->output();
  const auto acked = core.wait_for(
      [](const test::Received& each) {
        return each.topic.ends_with(test::hot_slot) && document(each).at("data").as_object().contains("ack");
      },
      patience);
  ASSERT_TRUE(acked) << agent.output();
  EXPECT_EQ(document(*acked).at("data").at("ack").at("by").as_string(), "sparkplug");
  write("Alerts/overheating/ShelveHours", "Double", 2.5);
  EXPECT_TRUE(next("DDATA", "Alerts/overheating/ShelveHours", 2.5)) << agent.output() << host->output();
  write("Alerts/overheating/Close", "String", "false-alarm");
  const auto closed = next("DDATA", state, "closed");
  ASSERT_TRUE(closed) << agent.output() << host->output();
  EXPECT_EQ(value(*closed, "Alerts/overheating/Close").as_string(), "false-alarm");
}

TEST_F(AtSparkplug, who_dies_is_dead_and_comes_back_under_the_next_number) {
  auto first = start();
  ASSERT_TRUE(next("DDATA", state, "active")) << first.output() << host->output();
  first.kill();
  const auto death = next("NDEATH");
  ASSERT_TRUE(death) << host->output();
  EXPECT_EQ(value(*death, "bdSeq").as_int64(), 0);
  auto second = start();
  const auto birth = next("NBIRTH");
  ASSERT_TRUE(birth) << second.output() << host->output();
  EXPECT_EQ(value(*birth, "bdSeq").as_int64(), 1);
  EXPECT_TRUE(next("DBIRTH", state, "active")) << "from its journal";
  EXPECT_EQ(second.terminate(), 0);
  const auto farewell = next("NDEATH");
  ASSERT_TRUE(farewell) << host->output();
  EXPECT_EQ(value(*farewell, "bdSeq").as_int64(), 1);
}

TEST_F(AtSparkplug, machines_go_and_come_with_the_settings) {
  auto agent = start();
  ASSERT_TRUE(next("DDATA", state, "active")) << agent.output() << host->output();
  replace(site, "id: PUMP-1", "id: PUMP-2");
  ::kill(agent.pid(), SIGHUP);
  const auto gone = next("DDEATH");
  ASSERT_TRUE(gone) << agent.output() << host->output();
  EXPECT_EQ(gone->at("device").as_string(), "PUMP-1");
  const auto birth = next("NBIRTH");
  ASSERT_TRUE(birth) << agent.output() << host->output();
  EXPECT_EQ(value(*birth, "bdSeq").as_int64(), 0) << "the same connection";
  EXPECT_TRUE(next("DDATA", state, "active")) << agent.output() << host->output();
}

TEST_F(AtSparkplug, a_broker_that_comes_back_hears_a_birth) {
  auto agent = start();
  ASSERT_TRUE(next("DDATA", state, "active")) << agent.output() << host->output();
  broker.kill();
  ASSERT_TRUE(agent.wait_for_line("a birth tells everything when it is back", patience)) << agent.output();
  broker.start();
  EXPECT_TRUE(next("DBIRTH", state, "active")) << agent.output() << host->output();
}

TEST_F(AtSparkplug, nonsense_is_told_and_nothing_is_lost) {
  auto agent = start();
  ASSERT_TRUE(next("DDATA", state, "active")) << agent.output() << host->output();
  const auto says = [&agent](const std::string& text) { return agent.wait_for_line("Sparkplug: " + text, patience); };
  ask({{"raw", {{"topic", "spBv1.0/HQ/DCMD/gw-7/PUMP-1"}, {"hex", "12ff"}}}});
  EXPECT_TRUE(says("DCMD for PUMP-1 is no payload of Sparkplug B")) << agent.output();
  ask({{"raw", {{"topic", "spBv1.0/HQ/DCMD/gw-7/PUMP-1"}, {"hex", "120410057001"}}}});
  EXPECT_TRUE(says("DCMD for PUMP-1: a metric without a name; births give no aliases")) << agent.output();
  write("Alerts/melting/Ack", "Boolean", true);
  EXPECT_TRUE(says("DCMD for PUMP-1: Alerts/melting/Ack is no metric of it")) << agent.output();
  write(ack, "String", "yes");
  EXPECT_TRUE(says("DCMD for PUMP-1: Alerts/overheating/Ack takes the Boolean true")) << agent.output();
  write(ack, "Boolean", true);
  EXPECT_TRUE(next("DDATA", ack, true)) << agent.output() << host->output();
}

TEST_F(AtSparkplug, commands_need_to_be_allowed_where_only_some_may_send_them) {
  std::ofstream{site, std::ios::app} << "commands: {anybody: false, requesters: [{name: dispatch}]}\n";
  auto agent = start();
  ASSERT_TRUE(next("DDATA", state, "active")) << agent.output() << host->output();
  write(ack, "Boolean", true);
  EXPECT_TRUE(
      agent.wait_for_line("Sparkplug: ack is refused: sparkplug may not ask for ack (the gateway's site file "
                          "lists who may, under commands)",
                          patience))
      << agent.output();
}

TEST_F(AtSparkplug, another_broker_that_is_not_there_holds_up_nothing) {
  replace(site, "sparkplug: {}", fmt::format("sparkplug: {{url: 'mqtt://127.0.0.1:{}'}}", test::free_port()));
  test::Subscriber core{broker.port(), "fettle/#"};
  auto agent = start();
  EXPECT_TRUE(agent.wait_for_line("cannot be reached; a birth tells everything", patience)) << agent.output();
  EXPECT_TRUE(core.wait_for(test::hot_slot, patience)) << agent.output();
  EXPECT_EQ(agent.terminate(), 0);
}

TEST_F(AtSparkplug, another_broker_may_want_a_login) {
  test::Mosquitto guarded{"password_file /dev/null"};
  replace(site, "sparkplug: {}", fmt::format("sparkplug: {{url: 'mqtt://127.0.0.1:{}'}}", guarded.port()));
  test::Subscriber core{broker.port(), "fettle/#"};
  auto agent = start();
  EXPECT_TRUE(agent.wait_for_line("rejects us: does not let this gateway in; a birth", patience)) << agent.output();
  EXPECT_TRUE(core.wait_for(test::hot_slot, patience)) << agent.output();
}

/// Only while the host is online.
class ForPrimaryHost : public AtSparkplug {
 protected:
  void SetUp() override {
    AtSparkplug::SetUp();
    replace(site, "sparkplug: {}", "sparkplug: {primary_host: SCADA}");
  }
};

TEST_F(ForPrimaryHost, is_sent_while_it_is_online_and_afterwards_as_history) {
  test::Subscriber core{broker.port(), "fettle/#"};
  test::BackOffice office{broker.port(), "gw-7"};
  auto agent = start();
  ASSERT_TRUE(agent.wait_for_line("waiting for host SCADA", patience)) << agent.output();
  const auto alert = core.wait_for(test::hot_slot, patience);
  ASSERT_TRUE(alert) << agent.output();
  ask({{"online", true}});
  ASSERT_TRUE(next("DBIRTH", state, "active")) << agent.output() << host->output();
  ask({{"online", false}});
  const auto death = next("NDEATH");
  ASSERT_TRUE(death) << agent.output() << host->output();
  ASSERT_TRUE(agent.wait_for_line("waiting for host SCADA", patience)) << agent.output();
  EXPECT_EQ(office.ask("ack", {{"id", episode(*alert)}}).at("status").as_int64(), 200);
  EXPECT_EQ(
      office.ask("close", {{"id", episode(*alert)}, {"outcome", {{"verdict", "duplicate"}}}}).at("status").as_int64(),
      200);
  ask({{"online", true}});
  const auto birth = next("NBIRTH");
  ASSERT_TRUE(birth) << agent.output() << host->output();
  EXPECT_EQ(value(*birth, "bdSeq").as_int64(), value(*death, "bdSeq").as_int64() + 1);
  const auto history = next("DDATA", ack, true);
  ASSERT_TRUE(history) << agent.output() << host->output();
  EXPECT_TRUE(history->at("historical").as_bool());
}

}  // namespace
}  // namespace fettle
