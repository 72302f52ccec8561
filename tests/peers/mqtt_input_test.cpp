#include "acquisition/bus.hpp"
#include "acquisition/driver.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <chrono>

#include "support/certificates.hpp"
#include "support/child.hpp"
#include "support/mosquitto.hpp"
#include "support/subscriber.hpp"

namespace fettle::acquisition {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;
using testing::HasSubstr;

const std::regex subscription{"fettle-[0-9a-f]{8} 0 "};

constexpr const char* shelly_notification =
    R"({"src":"shellypro3em-x","dst":"shellypro3em-x/events","method":"NotifyStatus","params":{"ts":1700000000.1,)"
    R"("em:0":{"id":0,"a_voltage":231.5,"total_act_power":1250.5}}})";

DeviceProfile shipped(const std::string& name) {
  settings::Mistakes mistakes;
  return read_device_profile(settings::load_file(FETTLE_SOURCE_DIR "/config/devices/" + name + ".yaml", mistakes),
                             mistakes);
}

/// Devices as they publish to a real broker, and ours listening there.
class MqttInput : public testing::Test {
 protected:
  std::unique_ptr<Line> make_line(const std::string& more = {}) {
    settings::Mistakes mistakes;
    const auto text = fmt::format("{{id: plugs, driver: mqtt, url: 'mqtt://127.0.0.1:{}'{}}}", broker.port(), more);
    auto result =
        Registry<Line>::instance().find("mqtt")->make(settings::load_text(text, "site.yaml", mistakes), mistakes);
    EXPECT_TRUE(mistakes.empty());
    return result;
  }
  std::unique_ptr<Driver> attach(Line& line, const DeviceProfile& profile, const std::string& device) {
    settings::Mistakes mistakes;
    auto driver = line.attach(shared(profile), settings::load_text(device, "site.yaml", mistakes), mistakes);
    EXPECT_TRUE(mistakes.empty());
    into.assign(profile.points.size(), Reading{});
    return driver;
  }
  void publish(const std::string& topic, const std::string& payload, bool retained = false) const {
    std::vector<std::string> command{"mosquitto_pub", "-p", std::to_string(broker.port()), "-t", topic, "-m", payload};
    if (retained) command.emplace_back("-r");
    test::Child publisher{command};
    ASSERT_EQ(publisher.wait(20s), 0) << publisher.output();
  }
  /// Waits until the broker has made a subscription to so many topics.
  void wait_for_subscriptions(int filters) {
    for (int filter = 0; filter < filters; ++filter) ASSERT_TRUE(broker.wait_for_line(subscription, 20s));
  }
  /// Reads once so that the line listens, and waits until it does.
  void listen(Driver& device, int filters = 2) {
    ASSERT_EQ(device.read(into).value(), 0U);
    wait_for_subscriptions(filters);
  }
  double value(const DeviceProfile& profile, std::string_view point) const {
    return into.at(*profile.find(point)).value;
  }

  test::Mosquitto broker{"log_type subscribe\nlog_type error\nlog_type information"};
  std::vector<Reading> into;
};

TEST_F(MqttInput, reads_a_tasmota_plug) {
  const auto line = make_line();
  const auto profile = shipped("generic_tasmota_plug");
  const auto plug = attach(*line, profile, "{id: boiler, device: tasmota_7, every: 1m}");
  listen(*plug);
  const auto before = DomainClock{}.now();
  publish(
      "tele/tasmota_7/SENSOR",
      R"({"Time":"2026-01-01T00:00:00","ENERGY":{"Total":3.705,"Power":5,"Voltage":233,"Current":0.021,"Factor":1.00}})");
  ASSERT_TRUE(plug->await(steady_clock::now() + 20s));
  EXPECT_GE(plug->read(into).value(), 4U);
  EXPECT_DOUBLE_EQ(value(profile, "power"), 0.005);
  EXPECT_DOUBLE_EQ(value(profile, "energy"), 3.705);
  EXPECT_GE(into[0].time, before) << "by the arrival of the message, not by what the plug believes";
  EXPECT_LE(into[0].time, DomainClock{}.now());
  EXPECT_EQ(plug->raw(*profile.find("voltage")), "233");
}

TEST_F(MqttInput, reads_only_what_a_shelly_says_has_changed) {
  const auto line = make_line(", protocol: 3.1.1");
  const auto profile = shipped("shelly_pro3em_mqtt");
  const auto meter = attach(*line, profile, "{id: main, device: shellypro3em-x, every: 1m}");
  listen(*meter);
  publish("shellypro3em-x/events/rpc", shelly_notification);
  ASSERT_TRUE(meter->await(steady_clock::now() + 20s));
  EXPECT_EQ(meter->read(into).value(), 2U);
  EXPECT_DOUBLE_EQ(value(profile, "p_total"), 1.2505);
  EXPECT_EQ(into[*profile.find("v_l2")].reason, Reason::not_read);
  EXPECT_EQ(meter->read(into).value(), 0U) << "a message counts once";
  EXPECT_EQ(into[*profile.find("p_total")].reason, Reason::not_read);
}

TEST_F(MqttInput, reads_a_lorawan_device_under_whatever_application) {
  const auto line = make_line();
  const auto profile = shipped("generic_chirpstack_climate");
  const auto sensor = attach(*line, profile, "{id: room, device: 0011223344556677, every: 15m}");
  listen(*sensor, 1);
  publish("application/3f2a/device/0011223344556677/event/up",
          R"({"deduplicationId":"x","deviceInfo":{"devEui":"0011223344556677"},"fCnt":7,"fPort":85,"data":"AWcA",)"
          R"("object":{"temperature":21.25,"humidity":48.5},"rxInfo":[{"rssi":-57,"snr":9.5}]})");
  ASSERT_TRUE(sensor->await(steady_clock::now() + 20s));
  ASSERT_TRUE(sensor->read(into));
  EXPECT_DOUBLE_EQ(value(profile, "temperature"), 21.25);
}

TEST_F(MqttInput, takes_from_a_retained_message_only_whether_the_device_is_there) {
  publish("zigbee2mqtt/fridge", R"({"power":80})", true);
  publish("zigbee2mqtt/fridge/availability", R"({"state":"offline"})", true);
  const auto line = make_line();
  const auto profile = shipped("generic_zigbee2mqtt_plug");
  const auto plug = attach(*line, profile, "{id: fridge, every: 1m}");
  ASSERT_TRUE(plug->await(steady_clock::now() + 20s));
  const auto result = plug->read(into);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().fault, Fault::timeout);
  EXPECT_EQ(result.error().detail, "fridge: says that it is away (zigbee2mqtt/fridge/availability)");
  publish("zigbee2mqtt/fridge", R"({"power":75})");
  while (!plug->has_news()) ASSERT_TRUE(plug->await(steady_clock::now() + 20s));
  ASSERT_TRUE(plug->read(into));
  EXPECT_DOUBLE_EQ(value(profile, "power"), 0.075);
}

TEST_F(MqttInput, says_that_a_device_is_silent) {
  const auto line = make_line();
  const auto plug = attach(*line, shipped("generic_tasmota_plug"), "{id: dead, every: 1s, timeout: 50ms}");
  listen(*plug);
  EXPECT_FALSE(plug->await(steady_clock::now() + 60ms) && plug->read(into));
  EXPECT_EQ(plug->read(into).error().detail, "dead: no message with any of its points within 50ms on tele/dead/SENSOR");
}

TEST_F(MqttInput, says_that_the_broker_is_away_and_listens_again_when_it_is_back) {
  const auto line = make_line();
  const auto profile = shipped("generic_tasmota_plug");
  const auto plug = attach(*line, profile, "{id: boiler, every: 1m}");
  listen(*plug);
  broker.kill();
  ASSERT_TRUE(plug->await(steady_clock::now() + 20s));
  const auto result = plug->read(into);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().fault, Fault::offline);
  EXPECT_THAT(result.error().detail, HasSubstr(fmt::format("the broker mqtt://127.0.0.1:{}: ", broker.port())));
  broker.start();
  wait_for_subscriptions(2);
  publish("tele/boiler/SENSOR", R"({"ENERGY":{"Power":7}})");
  const auto deadline = steady_clock::now() + 20s;
  while (!plug->has_news() && steady_clock::now() < deadline) plug->await(deadline);
  while (plug->read(into).value() == 0) ASSERT_TRUE(plug->await(deadline));
  EXPECT_DOUBLE_EQ(value(profile, "power"), 0.007);
}

TEST_F(MqttInput, publishes_nothing) {
  test::Subscriber everything{broker.port(), "#", {}, test::Subscriber::Witnessed::no};
  {
    const auto line = make_line();
    const auto plug = attach(*line, shipped("generic_tasmota_plug"), "{id: boiler, every: 1m}");
    listen(*plug);
  }
  publish("the/end", "x");
  ASSERT_TRUE(everything.wait_for("the/end", 20s));
  EXPECT_EQ(everything.all().size(), 1U);
}

TEST_F(MqttInput, knows_a_wrong_password) {
  // A broker of its own, which lets nobody in without one.
  const test::TempDir folder;
  test::Mosquitto strict{"password_file " + folder.write("users", "")};
  settings::Mistakes mistakes;
  const auto text =
      fmt::format("{{id: plugs, driver: mqtt, url: 'mqtt://127.0.0.1:{}', username: u, password_file: {}}}",
                  strict.port(), folder.write("password", "wrong"));
  const auto line =
      Registry<Line>::instance().find("mqtt")->make(settings::load_text(text, "site.yaml", mistakes), mistakes);
  const auto plug = attach(*line, shipped("generic_tasmota_plug"), "{id: boiler, every: 1m}");
  ASSERT_TRUE(plug->await(steady_clock::now() + 20s));
  EXPECT_THAT(plug->read(into).error().detail, HasSubstr("rejects us"));
}

class MqttInputRights : public MqttInput, public testing::WithParamInterface<const char*> {};

TEST_P(MqttInputRights, are_missed_where_the_broker_refuses_a_topic) {
  const test::TempDir folder;
  // Its files of rights let anybody subscribe in vain; its plugin refuses.
  const auto rights = folder.write(
      "rights.json",
      R"({"defaultACLAccess":{"publishClientSend":true,"publishClientReceive":true,"subscribe":false,"unsubscribe":true}})");
  const test::Mosquitto strict{"plugin " FETTLE_MOSQUITTO_RIGHTS "\nplugin_opt_config_file " + rights};
  settings::Mistakes mistakes;
  const auto text =
      fmt::format("{{id: plugs, driver: mqtt, url: 'mqtt://127.0.0.1:{}', protocol: {}}}", strict.port(), GetParam());
  const auto line =
      Registry<Line>::instance().find("mqtt")->make(settings::load_text(text, "site.yaml", mistakes), mistakes);
  const auto plug = attach(*line, shipped("generic_tasmota_plug"), "{id: boiler, every: 1m}");
  ASSERT_TRUE(plug->await(steady_clock::now() + 20s));
  const auto result = plug->read(into);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().fault, Fault::refused);
  EXPECT_THAT(result.error().detail, HasSubstr("boiler: the broker does not let us listen to tele/boiler/"));
}

INSTANTIATE_TEST_SUITE_P(versions, MqttInputRights, testing::Values("5", "3.1.1"));

TEST(MqttInputTls, listens_over_tls_only_to_a_broker_that_it_trusts) {
  const test::TempDir folder;
  const test::Authority authority{folder.path()};
  const auto identity = authority.issue("localhost");
  test::Mosquitto broker{fmt::format("cafile {}\ncertfile {}\nkeyfile {}\nlog_type subscribe\nlog_type information",
                                     authority.certificate(), identity.certificate, identity.key)};
  const auto profile = shipped("generic_tasmota_plug");
  std::vector<Reading> into(profile.points.size());
  settings::Mistakes mistakes;
  const auto read = [&](const std::string& tls) {
    const auto text = fmt::format("{{id: b, driver: mqtt, url: 'mqtts://127.0.0.1:{}'{}}}", broker.port(), tls);
    const auto line =
        Registry<Line>::instance().find("mqtt")->make(settings::load_text(text, "site.yaml", mistakes), mistakes);
    const auto plug =
        line->attach(shared(profile), settings::load_text("{id: p, every: 1m}", "site.yaml", mistakes), mistakes);
    const auto first = plug->read(into);
    if (!tls.empty()) return broker.wait_for_line(std::regex{"SENSOR"}, 20s).value_or("no subscription");
    plug->await(steady_clock::now() + 20s);
    return plug->read(into).error().detail;
  };
  EXPECT_THAT(read(""), HasSubstr("certificates do not match"));
  EXPECT_THAT(read(fmt::format(", tls: {{ca: {}}}", authority.certificate())), HasSubstr("SENSOR"));
}

}  // namespace
}  // namespace fettle::acquisition
