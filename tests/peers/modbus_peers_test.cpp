#include "acquisition/bus.hpp"

#include <gmock/gmock.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <future>
#include <semaphore>

#include "modbus_line.hpp"
#include "support/child.hpp"
#include "support/ports.hpp"
#include "support/serial_pair.hpp"

namespace fettle::acquisition {
namespace {

using namespace std::chrono_literals;
using test::Child;
using test::device_on;
using test::rtu_line;
using test::shipped;
using test::tcp_line;
using test::wait_until_ready;
using testing::HasSubstr;

std::vector<std::string> libmodbus(unsigned short port) { return {FETTLE_LIBMODBUS_PEER, std::to_string(port)}; }

std::vector<std::string> pymodbus(const std::vector<std::string>& arguments) {
  return test::python_peer("pymodbus_peer.py", arguments);
}

/// The values that the pymodbus peer holds, by the names of the profile.
void expect_meter(const DeviceProfile& profile, const std::vector<Reading>& readings) {
  const auto value = [&](std::string_view point) { return readings.at(*profile.find(point)).value; };
  EXPECT_EQ(value("v_l1"), 230.5);
  EXPECT_EQ(value("i_l3"), 11.75);
  EXPECT_DOUBLE_EQ(value("p_total"), 8.6375);
  EXPECT_EQ(value("f"), 50.03125);
  EXPECT_EQ(value("e_import"), 12345.625);
  for (std::size_t place = 0; place < readings.size(); ++place) {
    EXPECT_TRUE(readings[place].is_good()) << profile.points[place].name;
  }
}

TEST(ModbusTcpPeers, a_libmodbus_server_gives_what_it_has_and_the_rest_is_bad) {
  const auto port = test::free_port();
  Child peer{libmodbus(port)};
  wait_until_ready(peer);
  const auto line = tcp_line(port);
  const auto pump = device_on(*line, shipped("generic_pump_io"), 1);
  std::vector<Reading> readings(5);
  for (int round = 0; round < 3; ++round) {
    EXPECT_EQ(pump->read(readings).value(), 4U);
    EXPECT_DOUBLE_EQ(readings[0].value, 5.3);
    EXPECT_DOUBLE_EQ(readings[1].value, 0.9);
    EXPECT_DOUBLE_EQ(readings[2].value, 1.55);
    EXPECT_DOUBLE_EQ(readings[3].value, 46);
    EXPECT_EQ(readings[4].reason, Reason::unsupported);
  }
}

TEST(ModbusTcpPeers, a_pymodbus_server_gives_a_whole_meter_and_a_missing_unit_nothing) {
  const auto port = test::free_port();
  Child peer{pymodbus({"tcp", std::to_string(port)})};
  wait_until_ready(peer);
  const auto line = tcp_line(port, "400ms");
  const auto profile = shipped("eastron_sdm630");
  const auto meter = device_on(*line, profile, 2);
  const auto missing = device_on(*line, profile, 9);
  std::vector<Reading> readings(profile.points.size());
  EXPECT_FALSE(missing->read(readings));
  EXPECT_EQ(meter->read(readings).value(), readings.size());
  expect_meter(profile, readings);
}

TEST(ModbusRtuPeers, a_pymodbus_server_gives_a_whole_meter_and_a_missing_unit_costs_its_timeout) {
  const test::SerialPair wire;
  Child peer{pymodbus({"rtu", wire.right(), "19200"})};
  wait_until_ready(peer);
  const auto line = rtu_line(wire.left(), "400ms");
  const auto profile = shipped("eastron_sdm630");
  const auto meter = device_on(*line, profile, 1);
  const auto missing = device_on(*line, profile, 9);
  std::vector<Reading> readings(profile.points.size());
  EXPECT_EQ(meter->read(readings).value(), readings.size());
  expect_meter(profile, readings);
  EXPECT_EQ(missing->read(readings).error().detail, "device_9: no answer within 400ms");
  EXPECT_EQ(meter->read(readings).value(), readings.size());
}

TEST(ModbusRtuPeers, a_port_that_is_taken_says_so) {
  const test::SerialPair wire;
  const auto first = rtu_line(wire.left(), "1ms");
  const auto second = rtu_line(wire.left(), "1ms");
  const auto profile = shipped("generic_pump_io");
  std::vector<Reading> readings(profile.points.size());
  EXPECT_EQ(device_on(*first, profile, 1)->read(readings).error().fault, Fault::timeout);
  const auto error = device_on(*second, profile, 1)->read(readings).error();
  EXPECT_EQ(error.fault, Fault::offline);
  EXPECT_THAT(error.detail, HasSubstr(wire.left() + " is held by another process"));
}

TEST(ModbusRtuPeers, a_port_that_is_unplugged_takes_its_points_offline) {
  auto wire = std::make_unique<test::SerialPair>();
  const auto line = rtu_line(wire->left(), "60s");
  const auto profile = shipped("generic_pump_io");
  const auto pump = device_on(*line, profile, 1);
  std::vector<Reading> readings(profile.points.size());
  auto result = std::async(std::launch::async, [&] { return pump->read(readings); });
  wire.reset();
  EXPECT_EQ(result.get().error().fault, Fault::offline);
  EXPECT_EQ(readings[0].reason, Reason::offline);
}

/// A bus in its own thread, and the states that it reports, one by one.
class BusPeers : public testing::Test {
 protected:
  std::unique_ptr<Bus> bus_on(std::unique_ptr<Line> line) {
    const auto profile = shipped("generic_pump_io");
    auto driver = device_on(*line, profile, 1);
    std::vector<BusDevice> devices;
    devices.push_back({"pump", std::move(driver), profile.points.size(), all_at(50ms), {{0, {0}}}});
    return std::make_unique<Bus>(
        "lan", std::move(line), std::move(devices), DomainClock{},
        BusSinks{[](const std::vector<Reading>&) {},
                 [this](const DeviceState& state) { (state.answering ? good : bad).release(); }});
  }
  static bool happens(std::counting_semaphore<>& what) { return what.try_acquire_for(20s); }

  std::counting_semaphore<> good{0}, bad{0};
};

TEST_F(BusPeers, comes_back_when_the_server_does) {
  const auto port = test::free_port();
  auto peer = std::make_unique<Child>(libmodbus(port));
  wait_until_ready(*peer);
  const auto bus = bus_on(tcp_line(port));
  ASSERT_TRUE(happens(good));
  peer.reset();
  ASSERT_TRUE(happens(bad));
  peer = std::make_unique<Child>(libmodbus(port));
  EXPECT_TRUE(happens(good));
}

TEST_F(BusPeers, ends_at_once_while_a_server_keeps_it_waiting) {
  boost::asio::io_context context;
  boost::asio::ip::tcp::acceptor silent{context, {boost::asio::ip::make_address("127.0.0.1"), 0}};
  auto bus = bus_on(tcp_line(silent.local_endpoint().port(), "60s"));
  boost::asio::ip::tcp::socket connection{context};
  silent.accept(connection);
  std::array<std::uint8_t, 12> question{};
  connection.receive(boost::asio::buffer(question));
  const auto begin = std::chrono::steady_clock::now();
  bus.reset();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 5s);
  EXPECT_FALSE(bad.try_acquire());
}

}  // namespace
}  // namespace fettle::acquisition
