#include <gmock/gmock.h>

#include "modbus_line.hpp"
#include "support/child.hpp"
#include "support/cut_proxy.hpp"
#include "support/ports.hpp"

namespace fettle::acquisition {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

constexpr auto patience = 20s;

/// A gateway of gateway_peer.py with the habit that is the test's parameter, and a meter behind it whose points take three questions.
class Gateway : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override { test::wait_until_ready(peer); }

  virtual std::string habit() const { return GetParam(); }
  std::unique_ptr<Line> line(std::string_view timeout = "5s") const {
    return test::tcp_line(port, timeout, habit().starts_with("rtu") ? "rtu" : "tcp");
  }
  bool is_right(Driver& meter) {
    const auto result = meter.read(readings);
    return result && readings[0].value == 700 && readings[1].value == 750 && readings[2].value == 800;
  }
  bool is_right_in_the_end(Driver& meter) {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (!is_right(meter)) {
      if (std::chrono::steady_clock::now() > deadline) return false;
    }
    return true;
  }

  const DeviceProfile profile = test::profile_of(
      "{protocol: modbus, defaults: {quantity: state, unit: 1, type: u16, table: holding}, points: "
      "{a: {address: 0}, b: {address: 50}, c: {address: 100}}}");
  std::vector<Reading> readings{3};
  unsigned short port = test::free_port();
  test::Child peer{test::python_peer("gateway_peer.py", {std::to_string(port), habit()})};
};

std::string name_of_habit(const testing::TestParamInfo<std::string>& habit) { return habit.param; }

INSTANTIATE_TEST_SUITE_P(ThatSends, Gateway, testing::Values("pieces", "bytes", "rtu", "rtu_bytes"), name_of_habit);

TEST_P(Gateway, is_understood_however_its_answers_are_cut) {
  const auto bus = line();
  const auto meter = test::device_on(*bus, profile, 7);
  for (int turn = 0; turn < 5; ++turn) EXPECT_TRUE(is_right(*meter));
  EXPECT_EQ(meter->quality()->requests, meter->quality()->answers);
}

class ClosingGateway : public Gateway {};
INSTANTIATE_TEST_SUITE_P(Habit, ClosingGateway, testing::Values("closing"), name_of_habit);

TEST_P(ClosingGateway, costs_no_reading) {
  const auto bus = line();
  const auto meter = test::device_on(*bus, profile, 7);
  for (int turn = 0; turn < 6; ++turn) EXPECT_TRUE(is_right(*meter));
  EXPECT_THAT(peer.output(), HasSubstr("accepted\nclosed\naccepted\nclosed\n"));
}

/// A second connection would get no answer, or none at all, while the first one is open.
class LonelyGateway : public Gateway {};
INSTANTIATE_TEST_SUITE_P(Habit, LonelyGateway, testing::Values("single", "refusing"), name_of_habit);

TEST_P(LonelyGateway, is_left_before_it_is_connected_to_again) {
  const auto bus = line("200ms");
  const auto meter = test::device_on(*bus, profile, 7);
  EXPECT_TRUE(is_right(*meter));
  EXPECT_FALSE(is_right(*meter));
  EXPECT_EQ(readings[0].reason, Reason::timeout);
  EXPECT_TRUE(is_right_in_the_end(*meter));
  EXPECT_THAT(peer.output(), Not(HasSubstr("accepted\naccepted")));
}

class GatewayBehindACable : public Gateway {
 protected:
  std::string habit() const override { return "none"; }
  test::CutProxy cable{port};
};
INSTANTIATE_TEST_SUITE_P(WithFrames, GatewayBehindACable, testing::Values("tcp"), name_of_habit);

TEST_P(GatewayBehindACable, is_connected_to_anew_when_it_has_vanished_without_a_word) {
  const auto bus = test::tcp_line(cable.port(), "200ms");
  const auto meter = test::device_on(*bus, profile, 7);
  EXPECT_TRUE(is_right(*meter));
  cable.freeze();
  EXPECT_EQ(meter->read(readings).error().fault, Fault::timeout);
  for (const auto& reading : readings) EXPECT_EQ(reading.reason, Reason::timeout);
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (cable.connections() < 2 && std::chrono::steady_clock::now() < deadline) EXPECT_FALSE(is_right(*meter));
  EXPECT_GE(cable.connections(), 2U);
  cable.restore();
  EXPECT_TRUE(is_right_in_the_end(*meter));
}

}  // namespace
}  // namespace fettle::acquisition
