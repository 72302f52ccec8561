#include "mbus/device.hpp"
#include "mbus/line.hpp"

#include "mbus_wire.hpp"
#include "support/mistakes.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace fettle::mbus {
namespace {

using test::texts;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

acquisition::DeviceProfile profile_of(const std::string& text, settings::Mistakes& mistakes) {
  return acquisition::read_device_profile(settings::load_text(text, "meter.yaml", mistakes), mistakes);
}

class DeviceTest : public testing::Test {
 protected:
  DeviceTest() { wire.line.meters = test::three_meters(); }

  Device& device(const Address& address, const std::string& points) {
    const auto profile = profile_of("protocol: mbus\npoints:\n" + points, mistakes);
    std::vector<std::string> names;
    for (const auto& point : profile.points) names.push_back(point.name);
    into.assign(names.size(), Reading{});
    made = std::make_unique<Device>("meter", address, names, read_profile(profile, mistakes), master);
    return *made;
  }

  MeterWire wire;
  Master master{wire, LinkTiming::of(2400, std::chrono::milliseconds{100}), 2};
  settings::Mistakes mistakes;
  std::vector<Reading> into;
  std::unique_ptr<Device> made;
};

TEST_F(DeviceTest, reads_records_in_the_unit_of_their_quantity_wherever_they_stand) {
  auto& meter = device(std::uint8_t{1},
                       "  p: {quantity: active_power, record: power}\n"
                       "  e: {quantity: active_energy, record: energy}\n"
                       "  last: {quantity: active_energy, record: {kind: energy, storage: 1}}\n"
                       "  t: {quantity: temperature, record: flow_temperature}\n"
                       "  f: {quantity: state, record: error_flags}\n"
                       "  s: {quantity: state, record: status}\n");
  EXPECT_THAT(texts(mistakes), IsEmpty());
  EXPECT_EQ(*meter.read(into), 6U);
  EXPECT_DOUBLE_EQ(into[0].value, 2.85);
  EXPECT_DOUBLE_EQ(into[1].value, 12345);
  EXPECT_DOUBLE_EQ(into[2].value, 12000);
  EXPECT_DOUBLE_EQ(into[3].value, 70.5);
  EXPECT_EQ(into[4].value, 0);
  EXPECT_EQ(into[5].value, 0);
  EXPECT_EQ(into[0].time, Time{});  // the bus's, because the meter answers with what is now
  EXPECT_EQ(meter.raw(0), "0C 2B 50 28 00 00");
  EXPECT_EQ(meter.source(0), "mbus:1:power");
  EXPECT_EQ(meter.source(2), "mbus:1:energy.s1");
}

TEST_F(DeviceTest, counts_what_becomes_of_its_questions) {
  auto& meter = device(std::uint8_t{1}, "  e: {quantity: active_energy, record: energy}\n");
  ASSERT_TRUE(meter.read(into));
  const auto well = *meter.quality();
  EXPECT_EQ(well.requests, 2U) << "a greeting and a request";
  EXPECT_EQ(well.answers, 2U);
  EXPECT_GE(well.latency_p50, 20);
  EXPECT_GT(well.busy, 200);
  wire.line.meters[0].garbled = 1;
  ASSERT_TRUE(meter.read(into));
  EXPECT_EQ(meter.quality()->malformed, 1U);
  EXPECT_GT(meter.quality()->noise, 0U);
  wire.line.meters[0].silent = 100;
  EXPECT_FALSE(meter.read(into));
  EXPECT_GT(meter.quality()->timeouts, 0U);
  const auto before = meter.quality()->requests;
  ASSERT_TRUE(master.greet(2));
  EXPECT_EQ(meter.quality()->requests, before) << "of another meter";
}

TEST_F(DeviceTest, finds_records_in_every_telegram_of_a_meter) {
  auto& meter = device(*parse_secondary("87654321"),
                       "  e: {quantity: active_energy, record: energy}\n"
                       "  v: {quantity: voltage, record: voltage}\n"
                       "  i: {quantity: current, record: current}\n");
  EXPECT_EQ(*meter.read(into), 3U);
  EXPECT_DOUBLE_EQ(into[0].value, 123.456);
  EXPECT_DOUBLE_EQ(into[1].value, 230);
  EXPECT_DOUBLE_EQ(into[2].value, 0.01);
  EXPECT_EQ(meter.source(1), "mbus:87654321:voltage");
}

TEST_F(DeviceTest, takes_a_unit_and_a_scale_where_the_record_has_none) {
  wire.line.meters[0].telegrams = {"02 7C 01 43 05 00  01 13 07"};
  auto& meter = device(std::uint8_t{1},
                       "  c: {quantity: current, unit: mA, scale: 2, record: {label: C}}\n"
                       "  v: {quantity: volume, unit: l, scale: 10, record: volume}\n");
  EXPECT_EQ(*meter.read(into), 2U);
  EXPECT_DOUBLE_EQ(into[0].value, 0.01);
  EXPECT_DOUBLE_EQ(into[1].value, 0.07);  // the record says what it is in
}

TEST_F(DeviceTest, says_why_a_point_has_no_value) {
  wire.line.meters[0].telegrams = {"0C 13 DD DD DD DD  02 5A FF 7F  0C 2B 00 00 00 00"};
  auto& meter = device(std::uint8_t{1},
                       "  volume: {quantity: volume, record: volume}\n"
                       "  hot: {quantity: temperature, range: [0, 150], record: flow_temperature}\n"
                       "  energy: {quantity: active_energy, record: energy}\n"
                       "  power: {quantity: voltage, record: power}\n");
  EXPECT_EQ(*meter.read(into), 0U);
  EXPECT_EQ(into[0].reason, Reason::no_value);
  EXPECT_EQ(into[1].reason, Reason::out_of_range);
  EXPECT_EQ(into[2].reason, Reason::unsupported);
  EXPECT_EQ(into[3].reason, Reason::unsupported);
}

TEST_F(DeviceTest, names_the_meter_that_does_not_answer) {
  auto& meter = device(std::uint8_t{9}, "  e: {quantity: active_energy, record: energy}\n");
  EXPECT_EQ(meter.read(into).error().detail, "meter (M-Bus 9): no answer within 287ms");
  EXPECT_EQ(into[0].reason, Reason::timeout);
  EXPECT_EQ(meter.raw(0), "");
}

TEST_F(DeviceTest, keeps_what_came_whole_of_an_answer_that_is_cut) {
  wire.line.meters[0].telegrams = {"01 13 07 04 03 01"};
  auto& meter = device(std::uint8_t{1},
                       "  v: {quantity: volume, record: volume}\n"
                       "  e: {quantity: active_energy, record: energy}\n");
  EXPECT_EQ(*meter.read(into), 1U);
  EXPECT_EQ(into[1].reason, Reason::malformed);
}

class MbusLineTest : public testing::Test {
 protected:
  std::unique_ptr<acquisition::Line> line(const std::string& bus) {
    return Registry<acquisition::Line>::instance().find("mbus")->make(settings::load_text(bus, "site.yaml", mistakes),
                                                                      mistakes);
  }
  std::unique_ptr<acquisition::Driver> attach(const std::string& device, const std::string& more = "") {
    const auto profile =
        profile_of("protocol: mbus\n" + more + "points: {e: {quantity: active_energy, record: energy}}\n", mistakes);
    return line("{id: m, driver: mbus, port: /dev/nothing}")
        ->attach(shared(profile), settings::load_text(device, "site.yaml", mistakes), mistakes);
  }

  settings::Mistakes mistakes;
};

TEST_F(MbusLineTest, is_a_serial_port_or_a_host) {
  line("{id: a, driver: mbus, port: /dev/ttyUSB0, baud: 300, parity: even, margin: 200ms, retries: 1}");
  line("{id: b, driver: mbus, host: 192.0.2.7, port: 10001, baud: 2400}");
  EXPECT_THAT(texts(mistakes), IsEmpty());
  line("{id: c, driver: mbus, baud: 2400, timeout: 1s}");
  EXPECT_THAT(
      texts(mistakes),
      ElementsAre(
          "site.yaml:1:1: \"port\" (of a level converter: /dev/...) or \"host\" (of a network converter) is missing",
          HasSubstr("unknown key \"timeout\"")));
}

TEST_F(MbusLineTest, knows_meters_by_address_or_secondary_address) {
  attach("{id: a, bus: m, profile: x, every: 1h, address: 250}");
  attach("{id: b, bus: m, profile: x, every: 1h, secondary: \"12345678\"}");
  attach("{id: b, bus: m, profile: x, every: 1h, secondary: \"12345678 KAM 1B 04\"}");
  EXPECT_THAT(texts(mistakes), IsEmpty());
  attach("{id: c, bus: m, profile: x, every: 1h}");
  attach("{id: d, bus: m, profile: x, every: 1h, address: 1, secondary: \"1234\"}");
  attach("{id: e, bus: m, profile: x, every: 1h, address: 251}");
  EXPECT_THAT(texts(mistakes),
              ElementsAre("site.yaml:1:1: \"address\" (0 to 250) or \"secondary\" (the number on the meter) is missing",
                          HasSubstr("by its address or by its secondary address, not both"),
                          HasSubstr("address: \"251\" is out of range (0 to 250)"),
                          HasSubstr("\"1234\" is no secondary address (try \"12345678\"")));
}

TEST_F(MbusLineTest, spares_batteries_unless_there_is_mains_supply) {
  attach("{id: a, every: 15m, address: 1}", "battery: true\n");
  attach("{id: a, every: 5s, address: 1}");
  attach("{id: a, every: 5s, address: 1, supply: mains}", "battery: true\n");
  EXPECT_THAT(texts(mistakes), IsEmpty());
  attach("{id: a, every: 5m, address: 1}", "battery: true\n");
  EXPECT_THAT(texts(mistakes), ElementsAre(HasSubstr("read every 5m (at least 15m; if this one has mains supply")));
}

TEST_F(MbusLineTest, says_what_to_write_in_place_of_a_time_for_each_class) {
  attach("{id: a, every: {fast: 15m, normal: 30m, slow: 1h}, address: 1}", "battery: true\n");
  EXPECT_THAT(texts(mistakes),
              ElementsAre("site.yaml:1:16: every: an M-Bus meter sends all its values at once, so write "
                          "one time for all of them: `every: 30m`"));
}

TEST_F(MbusLineTest, takes_no_profile_of_another_protocol) {
  const auto modbus =
      profile_of("protocol: modbus\npoints: {a: {quantity: voltage, unit: V, address: 0, type: u16}}\n", mistakes);
  line("{id: m, driver: mbus, port: /dev/nothing}")
      ->attach(shared(modbus), settings::load_text("{id: a, every: 1h, address: 1, profile: x}", "site.yaml", mistakes),
               mistakes);
  EXPECT_THAT(texts(mistakes), ElementsAre(HasSubstr("this is a profile for modbus, and the bus speaks M-Bus")));
}

}  // namespace
}  // namespace fettle::mbus
