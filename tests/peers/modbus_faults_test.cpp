#include <gmock/gmock.h>

#include <array>
#include <ostream>

#include "modbus_line.hpp"
#include "support/child.hpp"
#include "support/serial_pair.hpp"

namespace fettle::acquisition {
namespace {

using namespace std::chrono_literals;

constexpr auto patience = 20s;
constexpr int registers = 10;

/// A unit of fault_peer.py, and how its readings must come out.
struct FaultyUnit {
  int unit = 0;
  std::string name;
  Reason reason = Reason::none;  ///< none: good all the same
  std::string detail;            ///< what people are told
};

void PrintTo(const FaultyUnit& unit, std::ostream* out) { *out << unit.name; }

const std::array<FaultyUnit, 15> faulty_units{{
    {2, "has_no_such_register", Reason::unsupported, ""},
    {3, "is_busy", Reason::refused, "refused with exception 6 (device busy)"},
    {4, "sends_a_wrong_check_sum", Reason::malformed, "25 bytes without a good check sum"},
    {5, "stops_in_the_middle", Reason::malformed, "5 bytes without a good check sum"},
    {6, "gives_another_number", Reason::timeout, "no answer within 500ms, but unit 7 spoke"},
    {8, "is_late", Reason::timeout, "no answer within 500ms"},
    {9, "pauses_in_the_middle", Reason::none, ""},
    {10, "sends_a_byte_too_many", Reason::none, ""},
    {11, "begins_with_noise", Reason::none, ""},
    {12, "has_an_echo", Reason::none, ""},
    {13, "sends_more_registers", Reason::malformed, "answered 22 bytes instead of 20"},
    {14, "answers_another_function", Reason::malformed, "answered another function"},
    {15, "is_silent", Reason::timeout, "no answer within 500ms"},
    {16, "is_very_late", Reason::timeout, "no answer within 500ms"},
    {7, "is_not_there", Reason::timeout, "no answer within 500ms"},
}};

DeviceProfile ten_registers() {
  std::string points;
  for (int address = 0; address < registers; ++address) points += fmt::format("p{0}: {{address: {0}}}, ", address);
  return test::profile_of(
      "{protocol: modbus, defaults: {quantity: state, unit: 1, type: u16, table: holding}, points: {" + points + "}}");
}

/// A line on which one unit has a fault and the others have none.
class Faults : public testing::TestWithParam<FaultyUnit> {
 protected:
  void SetUp() override { test::wait_until_ready(peer); }

  std::unique_ptr<Driver> unit(int number) { return test::device_on(*line, profile, number); }

  void expect_right(Driver& driver, int number) {
    ASSERT_TRUE(driver.read(readings));
    for (int address = 0; address < registers; ++address) {
      EXPECT_EQ(readings[static_cast<std::size_t>(address)].value, address + 100 * number);
    }
  }

  const DeviceProfile profile = ten_registers();
  std::vector<Reading> readings{profile.points.size()};
  test::SerialPair wire;
  test::Child peer{test::python_peer("fault_peer.py", {wire.right()})};
  std::unique_ptr<Line> line = test::rtu_line(wire.left(), "500ms");
};

INSTANTIATE_TEST_SUITE_P(AUnitThat, Faults, testing::ValuesIn(faulty_units),
                         [](const auto& unit) { return unit.param.name; });

TEST_P(Faults, cost_only_the_unit_that_has_them) {
  const auto& fault = GetParam();
  const auto faulty = unit(fault.unit);
  const auto good = unit(17);
  const auto result = faulty->read(readings);
  for (const auto& reading : readings) EXPECT_EQ(reading.reason, fault.reason);
  if (fault.reason == Reason::none) {
    expect_right(*faulty, fault.unit);
  } else if (!fault.detail.empty()) {
    EXPECT_THAT(result.error().detail, testing::HasSubstr(fault.detail));
  }
  expect_right(*good, 17);
  EXPECT_EQ(good->quality()->requests, 1U);
  EXPECT_EQ(good->quality()->answers, 1U);
}

TEST_P(Faults, leave_nothing_behind_that_is_taken_for_another_answer) {
  const auto faulty = unit(GetParam().unit);
  const auto first = unit(1), second = unit(17);
  for (int turn = 0; turn < 2; ++turn) {
    (void)faulty->read(readings);
    expect_right(*first, 1);
    expect_right(*second, 17);
  }
}

/// What comes late comes between the questions to others, or instead of an answer that was lost.
class LateAnswer : public Faults {};

INSTANTIATE_TEST_SUITE_P(OfAUnitThat, LateAnswer, testing::Values(faulty_units[5], faulty_units[13]),
                         [](const auto& unit) { return unit.param.name; });

TEST_P(LateAnswer, is_dropped_whenever_it_comes) {
  const auto number = GetParam().unit;
  const auto late = unit(number);
  const auto good = unit(1);
  EXPECT_FALSE(late->read(readings));
  const auto sent = fmt::format("sent {}", number);
  const auto deadline = std::chrono::steady_clock::now() + patience;
  bool came = false;
  while (!came && std::chrono::steady_clock::now() < deadline) {
    expect_right(*good, 1);
    came = peer.wait_for_line(sent, 0ms).has_value();
  }
  ASSERT_TRUE(came);
  expect_right(*good, 1);
  EXPECT_EQ(good->quality()->requests, good->quality()->answers);
}

}  // namespace
}  // namespace fettle::acquisition
