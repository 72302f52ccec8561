#include "acquisition/driver.hpp"
#include "mqtt/broker_settings.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "support/mistakes.hpp"
#include "support/temp_dir.hpp"

namespace fettle::mqtt_input {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class MqttSettings : public testing::Test {
 protected:
  BrokerSettings read(const std::string& bus) {
    settings::Fields fields{settings::load_text(bus, "site.yaml", mistakes), mistakes};
    return read_broker(fields);
  }
  std::vector<std::string> texts() const { return test::texts(mistakes); }

  settings::Mistakes mistakes;
  test::TempDir folder;
};

TEST_F(MqttSettings, know_where_a_broker_listens) {
  EXPECT_EQ(read("{id: b, driver: mqtt, url: mqtt://10.0.0.5}").url(), "mqtt://10.0.0.5:1883");
  EXPECT_EQ(read("{id: b, driver: mqtt, url: mqtts://b.example/}").url(), "mqtts://b.example:8883");
  EXPECT_EQ(read("{id: b, driver: mqtt, url: 'mqtt://[::1]:1884'}").url(), "mqtt://[::1]:1884");
  EXPECT_THAT(texts(), IsEmpty());
}

TEST_F(MqttSettings, give_each_connection_a_name_of_its_own) {
  const auto first = read("{id: b, driver: mqtt, url: mqtt://h}");
  EXPECT_NE(first.client_id, read("{id: b, driver: mqtt, url: mqtt://h}").client_id);
  EXPECT_EQ(read("{id: b, driver: mqtt, url: mqtt://h, client_id: gw-1}").client_id, "gw-1");
}

TEST_F(MqttSettings, report_every_mistake) {
  read(
      "{id: b, driver: mqtt, url: 'http://h:1', protocol: 6, password_file: /nothing, tls: {ca: /nothing, key: x}, "
      "user: x}");
  EXPECT_THAT(
      texts(),
      ElementsAre(HasSubstr("url: \"http://h:1\" is no broker (try mqtt://host:1883 or mqtts://host:8883)"),
                  HasSubstr("protocol: \"6\" is none of 5, 5.0, 3.1.1, 4"),
                  HasSubstr("password_file: no password in the first line of \"/nothing\""),
                  HasSubstr("password_file: needs a username beside it"),
                  HasSubstr("tls: is only used with a url that begins with mqtts://"),
                  HasSubstr("tls: needs both certificate and key"), HasSubstr("tls.ca: cannot read \"/nothing\""),
                  HasSubstr("tls.key: cannot read \"x\""), HasSubstr("unknown key \"user\"")));
}

TEST_F(MqttSettings, take_the_password_from_a_file) {
  EXPECT_EQ(read_password(folder.write("password", "secret\r\nmore")).value(), "secret");
  EXPECT_FALSE(read_password(folder.write("empty", "\n")));
}

TEST_F(MqttSettings, of_a_device_are_checked_without_a_broker) {
  const auto line = Registry<acquisition::Line>::instance().find("mqtt")->make(
      settings::load_text("{id: b, driver: mqtt, url: 'mqtt://nowhere.invalid'}", "site.yaml", mistakes), mistakes);
  const auto profile = acquisition::read_device_profile(
      settings::load_text(
          "{protocol: mqtt, topic: 'tele/{device}/SENSOR', points: {p: {quantity: active_power, pointer: /P}}}",
          "plug.yaml", mistakes),
      mistakes);
  const auto device = line->attach(
      shared(profile), settings::load_text("{id: plug, bus: b, every: 5m, device: sonoff_7}", "site.yaml", mistakes),
      mistakes);
  EXPECT_THAT(texts(), IsEmpty());
  EXPECT_EQ(device->source(0), "mqtt:tele/sonoff_7/SENSOR#/P");
  line->attach(shared(profile), settings::load_text("{id: plug, every: {normal: 5m}, bus: b}", "site.yaml", mistakes),
               mistakes);
  EXPECT_THAT(texts(), testing::Contains(HasSubstr("when it wants to, so write one time for all of them")));
  mistakes = {};
  line->attach(shared(profile),
               settings::load_text("{id: plug, every: 5m, unit: 7, timeout: soon}", "site.yaml", mistakes), mistakes);
  EXPECT_THAT(texts(),
              ElementsAre(HasSubstr("unknown key \"unit\""), HasSubstr("timeout: \"soon\" is not a duration")));
}

}  // namespace
}  // namespace fettle::mqtt_input
