#include "modbus/device.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <map>

namespace fettle::modbus {
namespace {

using acquisition::DeviceProfile;
using testing::ElementsAre;

/// A wire's far end: registers, and what is wrong with some of them.
class FakeMaster final : public Master {
 public:
  Result<Words> ask(const Station&, const Request& request) override {
    asked.push_back(fmt::format("{}+{}", request.address, request.count));
    if (fault) return failure(*fault, "no good");
    Words words;
    for (std::uint16_t place = request.address; place < request.address + request.count; ++place) {
      if (const auto refusal = refusals.find(place); refusal != refusals.end()) {
        return failure(refusal->second, "refused with exception 2");
      }
      words.push_back(place);
    }
    return words;
  }

  bool knock(const Station&, const Request& request) override {
    asked.push_back(fmt::format("knock {}+{}", request.address, request.count));
    return !fault;
  }
  bool knocks_freely() const override { return false; }
  std::size_t break_even(const Station&) const override { return 125; }

  std::vector<std::string> asked;
  std::optional<Fault> fault;
  std::map<int, Fault> refusals;
};

/// Points a, b, c at 0, 1, 2 and d at 50.
DeviceProfile four_points() {
  settings::Mistakes mistakes;
  return acquisition::read_device_profile(
      settings::load_text("protocol: modbus\n"
                          "defaults: {type: u16, quantity: temperature, unit: degC}\n"
                          "points:\n"
                          "  a: {address: 0}\n"
                          "  b: {address: 1, invalid: [1]}\n"
                          "  c: {address: 2, range: [0, 1]}\n"
                          "  d: {address: 50, class: slow}\n",
                          "four.yaml", mistakes),
      mistakes);
}

class ModbusDeviceTest : public testing::Test {
 protected:
  Result<std::size_t> read() {
    master.asked.clear();
    return device.read(into);
  }
  std::vector<Reason> reasons() const {
    std::vector<Reason> result;
    for (const auto& reading : into) result.push_back(reading.reason);
    return result;
  }

  FakeMaster master;
  Device device{"meter_3", {3, std::chrono::milliseconds{300}, {}}, shared(four_points()), master};
  std::vector<Reading> into{4};
};

TEST_F(ModbusDeviceTest, fills_every_point_with_a_value_or_a_reason) {
  EXPECT_EQ(read().value(), 2U);
  EXPECT_THAT(reasons(), ElementsAre(Reason::none, Reason::no_value, Reason::out_of_range, Reason::none));
  EXPECT_EQ(into[3].value, 50);
  EXPECT_THAT(master.asked, ElementsAre("0+3", "50+1"));
}

TEST_F(ModbusDeviceTest, shows_what_was_on_the_wire_and_where) {
  EXPECT_EQ(device.raw(3), "");
  read().value();
  EXPECT_EQ(device.raw(3), "0032");
  EXPECT_EQ(device.source(3), "modbus:3:40051");
}

TEST_F(ModbusDeviceTest, reads_in_pieces_what_is_refused_together_and_remembers_it) {
  master.refusals = {{1, Fault::unsupported}};
  EXPECT_EQ(read().value(), 2U);
  EXPECT_THAT(reasons(), ElementsAre(Reason::none, Reason::unsupported, Reason::out_of_range, Reason::none));
  EXPECT_THAT(master.asked, ElementsAre("0+3", "50+1", "0+1", "1+2", "1+1", "2+1"));
  EXPECT_EQ(read().value(), 2U);
  EXPECT_THAT(reasons(), ElementsAre(Reason::none, Reason::unsupported, Reason::out_of_range, Reason::none));
  EXPECT_THAT(master.asked, ElementsAre("0+1", "2+1", "50+1"));
}

TEST_F(ModbusDeviceTest, asks_again_for_what_it_was_refused_when_the_device_comes_back) {
  master.refusals = {{1, Fault::unsupported}};
  read().value();
  master.refusals.clear();
  master.fault = Fault::timeout;
  EXPECT_FALSE(read());
  master.fault.reset();
  read().value();
  EXPECT_EQ(read().value(), 2U);
  EXPECT_EQ(into[1].reason, Reason::no_value);
}

TEST_F(ModbusDeviceTest, is_knocked_for_once_it_has_been_silent_three_times) {
  EXPECT_EQ(device.stirs(), std::nullopt);
  master.fault = Fault::timeout;
  for (int silence = 0; silence < 3; ++silence) EXPECT_FALSE(read());
  EXPECT_EQ(device.stirs(), false);
  EXPECT_EQ(master.asked.back(), "knock 0+1");
  master.fault.reset();
  EXPECT_EQ(device.stirs(), true);
  EXPECT_TRUE(read());
  EXPECT_EQ(device.stirs(), std::nullopt);
}

TEST_F(ModbusDeviceTest, reads_only_the_points_of_the_classes_that_are_wanted) {
  acquisition::ClassSet slow;
  slow.set(static_cast<std::size_t>(acquisition::PointClass::slow));
  device.choose(slow);
  EXPECT_EQ(read().value(), 1U);
  EXPECT_THAT(master.asked, ElementsAre("50+1"));
  EXPECT_THAT(reasons(), ElementsAre(Reason::not_read, Reason::not_read, Reason::not_read, Reason::none));
}

TEST_F(ModbusDeviceTest, goes_on_after_a_refusal_that_may_pass) {
  master.refusals = {{1, Fault::refused}};
  EXPECT_EQ(read().value(), 1U);
  EXPECT_THAT(reasons(), ElementsAre(Reason::refused, Reason::refused, Reason::refused, Reason::none));
  master.refusals.clear();
  EXPECT_EQ(read().value(), 2U);
  EXPECT_THAT(master.asked, ElementsAre("0+3", "50+1"));
}

TEST_F(ModbusDeviceTest, asks_no_further_when_there_is_no_answer) {
  master.fault = Fault::timeout;
  const auto error = read().error();
  EXPECT_EQ(error.fault, Fault::timeout);
  EXPECT_EQ(error.detail, "meter_3: no good");
  EXPECT_THAT(master.asked, ElementsAre("0+3"));
  EXPECT_THAT(reasons(), ElementsAre(Reason::timeout, Reason::timeout, Reason::timeout, Reason::timeout));
}

TEST_F(ModbusDeviceTest, keeps_what_it_has_when_the_device_falls_silent_halfway) {
  master.refusals = {{50, Fault::timeout}};
  EXPECT_EQ(read().value(), 1U);
  EXPECT_EQ(into[3].reason, Reason::timeout);
  EXPECT_TRUE(into[0].is_good());
}

TEST_F(ModbusDeviceTest, asks_for_the_rest_after_a_malformed_answer) {
  master.refusals = {{0, Fault::malformed}};
  EXPECT_EQ(read().value(), 1U);
  EXPECT_EQ(into[0].reason, Reason::malformed);
  EXPECT_TRUE(into[3].is_good());
}

TEST_F(ModbusDeviceTest, that_refuses_everything_is_asked_for_one_point_until_it_comes_round) {
  master.fault = Fault::unsupported;
  EXPECT_EQ(read().error().fault, Fault::unsupported);
  EXPECT_EQ(read().error().fault, Fault::unsupported);
  EXPECT_THAT(master.asked, ElementsAre("0+1"));
  EXPECT_THAT(reasons(),
              ElementsAre(Reason::unsupported, Reason::unsupported, Reason::unsupported, Reason::unsupported));
  master.fault.reset();
  EXPECT_EQ(read().value(), 2U);
}

}  // namespace
}  // namespace fettle::modbus
