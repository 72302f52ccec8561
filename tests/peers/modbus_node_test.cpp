#include <gmock/gmock.h>

#include <algorithm>
#include <map>

#include "modbus_line.hpp"
#include "support/child.hpp"
#include "support/ports.hpp"
#include "support/serial_pair.hpp"
#include "support/temp_dir.hpp"

namespace fettle::acquisition {
namespace {

using namespace std::chrono_literals;
using test::Child;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr auto patience = 20s;

/// A point of each table here and there; what the peers have at unit 1 is in the names.
const std::string every_table =
    R"({protocol: modbus, gap: 20, defaults: {quantity: state, unit: 1, type: u16}, points: {
  is_1007: {table: holding, address: 7}, is_1020: {table: holding, address: 20}, is_1503: {table: input, address: 3},
  is_1799: {table: input, address: 299}, coil_is_1: {table: coil, address: 9}, next_coil_is_0: {table: coil, address: 10},
  last_coil_is_1: {table: coil, address: 24}, input_is_0: {table: discrete, address: 16},
  next_input_is_1: {table: discrete, address: 17}}})";

const std::map<std::string, double> expected{
    {"is_1007", 1007},     {"is_1020", 1020},     {"is_1503", 1503}, {"is_1799", 1799},      {"coil_is_1", 1},
    {"next_coil_is_0", 0}, {"last_coil_is_1", 1}, {"input_is_0", 0}, {"next_input_is_1", 1},
};

std::map<std::string, double> good_values(const DeviceProfile& profile, const std::vector<Reading>& readings) {
  std::map<std::string, double> values;
  for (std::size_t place = 0; place < readings.size(); ++place) {
    if (readings[place].is_good()) values[profile.points[place].name] = readings[place].value;
  }
  return values;
}

/// A server on a library for Node.js, and the wire to it.
class NodePeer : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override { test::wait_until_ready(peer); }

  bool is_serial() const { return GetParam() == "modbus_serial_rtu"; }
  std::vector<std::string> command() const {
    if (GetParam() == "jsmodbus") return test::node_peer("jsmodbus_peer.js", {std::to_string(port)});
    if (is_serial()) return test::node_peer("modbus_serial_peer.js", {"rtu", wire.right(), "19200", "1"});
    return test::node_peer("modbus_serial_peer.js", {"tcp", std::to_string(port)});
  }
  std::unique_ptr<Line> line(std::string_view timeout = "5s") const {
    return is_serial() ? test::rtu_line(wire.left(), timeout) : test::tcp_line(port, timeout);
  }
  std::string bus() const {
    return is_serial() ? fmt::format("driver: modbus_rtu, port: {}, baud: 19200, timeout: 5s", wire.left())
                       : fmt::format("driver: modbus_tcp, host: 127.0.0.1, port: {}, timeout: 5s", port);
  }
  /// The next question that the peer was asked.
  std::string asked() { return peer.read_line(patience).value_or("nothing"); }

  test::SerialPair wire;
  unsigned short port = test::free_port();
  Child peer{command()};
};

std::string name_of_peer(const testing::TestParamInfo<std::string>& peer) { return peer.param; }

INSTANTIATE_TEST_SUITE_P(EveryTable, NodePeer, testing::Values("modbus_serial_tcp", "modbus_serial_rtu", "jsmodbus"),
                         name_of_peer);

TEST_P(NodePeer, gives_registers_and_bits_of_every_table) {
  const auto bus = line();
  const auto profile = test::profile_of(every_table);
  const auto device = test::device_on(*bus, profile, 1);
  std::vector<Reading> readings(profile.points.size());
  for (int turn = 0; turn < 3; ++turn) {
    EXPECT_EQ(device->read(readings).value(), readings.size());
    EXPECT_EQ(good_values(profile, readings), expected);
  }
}

TEST_P(NodePeer, is_read_by_the_command) {
  const test::TempDir folder;
  const auto site = folder.write(
      "site.yaml", fmt::format("gateway: {{id: gw-1}}\nsite: {{id: HQ, tz: Europe/Berlin}}\nstore: {{folder: {}}}\n"
                               "buses:\n  - {{id: line, {}}}\n"
                               "devices:\n  - {{id: meter, bus: line, unit: 1, every: 1s, profile: {}}}\n",
                               folder.file("store"), bus(), every_table));
  Child command{{FETTLE_BINARY, "read", "-c", site}};
  EXPECT_EQ(command.wait(patience), 0);
  for (const auto& [point, value] : expected) {
    EXPECT_THAT(command.output(), testing::ContainsRegex(fmt::format("meter +{} .* {} +1 +good", point, value)));
  }
}

/// Only modbus-serial refuses what it does not have, and takes its time.
using ModbusSerialPeer = NodePeer;
INSTANTIATE_TEST_SUITE_P(Refusals, ModbusSerialPeer, testing::Values("modbus_serial_tcp", "modbus_serial_rtu"),
                         name_of_peer);

TEST_P(ModbusSerialPeer, is_asked_in_pieces_for_what_it_refuses_and_not_again_for_what_it_lacks) {
  const auto bus = line();
  const auto profile = test::profile_of(
      "{protocol: modbus, gap: 20, defaults: {quantity: state, unit: 1, type: u16, table: input}, points: "
      "{first: {address: 285}, second: {address: 290}, beyond: {address: 305}}}");
  const auto device = test::device_on(*bus, profile, 1);
  std::vector<Reading> readings(3);
  for (int turn = 0; turn < 3; ++turn) {
    EXPECT_EQ(device->read(readings).value(), 2U);
    EXPECT_EQ(good_values(profile, readings), (std::map<std::string, double>{{"first", 1785}, {"second", 1790}}));
    EXPECT_EQ(readings[2].reason, Reason::unsupported);
  }
  EXPECT_EQ(asked(), "input 285 21");
  EXPECT_EQ(asked(), "input 285 6");
  EXPECT_EQ(asked(), "input 305 1");
  EXPECT_EQ(asked(), "input 285 6");
  EXPECT_EQ(asked(), "input 285 6");
}

TEST_P(ModbusSerialPeer, may_be_slow) {
  const auto bus = line();
  const auto profile = test::profile_of(
      "{protocol: modbus, points: {slow: {quantity: state, unit: 1, type: u32, table: holding, address: 49}}}");
  std::vector<Reading> readings(1);
  EXPECT_TRUE(test::device_on(*bus, profile, 1)->read(readings));
  EXPECT_EQ(readings[0].value, 1049 * 65536 + 1050);
}

TEST_P(ModbusSerialPeer, costs_only_the_question_that_it_answers_too_late) {
  const auto bus = line("500ms");
  const std::string point = "{quantity: state, unit: 1, type: u16, table: holding, address: ";
  const auto slow = test::device_on(*bus, test::profile_of("{protocol: modbus, points: {p: " + point + "50}}}"), 1);
  const auto quick = test::device_on(*bus, test::profile_of("{protocol: modbus, points: {p: " + point + "7}}}"), 1);
  std::vector<Reading> readings(1);
  EXPECT_EQ(slow->read(readings).error().fault, Fault::timeout);
  EXPECT_EQ(readings[0].reason, Reason::timeout);
  for (int turn = 0; turn < 3; ++turn) {
    EXPECT_TRUE(quick->read(readings));
    EXPECT_EQ(readings[0].value, 1007);
  }
}

using JsmodbusPeer = NodePeer;
INSTANTIATE_TEST_SUITE_P(Pipelining, JsmodbusPeer, testing::Values("jsmodbus"), name_of_peer);

TEST_P(JsmodbusPeer, is_understood_when_it_answers_the_last_question_first) {
  const auto bus = line();
  std::string points;
  for (int address = 0; address < 8; ++address) points += fmt::format("p{0}: {{address: {0}}}, ", 30 * address);
  const auto profile = test::profile_of(
      "{protocol: modbus, defaults: {quantity: state, unit: 1, type: u16, table: holding}, points: {" + points + "}}");
  const auto device = test::device_on(*bus, profile, 1);
  std::vector<Reading> readings(8);
  const auto deadline = std::chrono::steady_clock::now() + patience;
  bool reversed = false;
  while (!reversed && std::chrono::steady_clock::now() < deadline) {
    ASSERT_EQ(device->read(readings).value(), 8U);
    for (std::size_t place = 0; place < 8; ++place) ASSERT_EQ(readings[place].value, 1000 + 30 * place);
    reversed = peer.wait_for_line("reversed", 0ms).has_value();
  }
  EXPECT_TRUE(reversed);
}

TEST_P(JsmodbusPeer, is_not_believed_where_it_cuts_an_answer_short) {
  const auto bus = line();
  const auto profile = test::profile_of(
      "{protocol: modbus, gap: 20, defaults: {quantity: state, unit: 1, type: u16, table: input}, points: "
      "{there: {address: 290}, beyond: {address: 305}}}");
  std::vector<Reading> readings(2);
  const auto error = test::device_on(*bus, profile, 1)->read(readings).error();
  EXPECT_EQ(error.fault, Fault::malformed);
  EXPECT_THAT(error.detail, HasSubstr("answered 20 bytes instead of 32"));
}

}  // namespace
}  // namespace fettle::acquisition
