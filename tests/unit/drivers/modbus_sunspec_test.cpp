#include "modbus/sunspec.hpp"

#include "modbus/device.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <map>

namespace fettle::modbus {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// An inverter's registers; what is not there is refused.
class Inverter final : public Master {
 public:
  bool knock(const Station& /*station*/, const Request& /*request*/) override { return true; }
  bool knocks_freely() const override { return false; }
  std::size_t break_even(const Station& /*station*/) const override { return 125; }
  Result<Words> ask(const Station&, const Request& request) override {
    asked.push_back(fmt::format("{}+{}", request.address, request.count));
    if (fault) return failure(*fault, "no answer");
    Words words;
    for (std::size_t place = request.address; place < std::size_t{request.address} + request.count; ++place) {
      const auto found = registers.find(place);
      if (found == registers.end()) return failure(Fault::unsupported, "refused with exception 2");
      words.push_back(found->second);
    }
    return words;
  }

  void put(std::size_t address, const Words& words) {
    for (const auto word : words) registers[address++] = word;
  }
  /// The marker, and models as pairs of number and length.
  void chain(std::size_t base, const std::vector<std::pair<std::uint16_t, std::uint16_t>>& models) {
    put(base, {0x5375, 0x6E53});
    auto address = base + 2;
    for (const auto& [model, length] : models) {
      put(address, Words(std::size_t{length} + 2, 0));
      put(address, {model, length});
      address += std::size_t{length} + 2;
    }
    put(address, {0xFFFF, 0});
  }

  std::map<std::size_t, std::uint16_t> registers;
  std::vector<std::string> asked;
  std::optional<Fault> fault;
};

const Station station{1, std::chrono::milliseconds{300}, {}};
const std::vector<long> inverters{101, 102, 103};

class SunSpecTest : public testing::Test {
 protected:
  Inverter device;
};

TEST_F(SunSpecTest, finds_a_model_behind_others) {
  device.chain(40000, {{1, 66}, {103, 50}, {120, 26}});
  EXPECT_EQ(find_sunspec_model(device, station, inverters).value(), 40070);
  EXPECT_THAT(device.asked, ElementsAre("40000+2", "40002+2", "40070+2"));
}

TEST_F(SunSpecTest, looks_in_all_three_places) {
  device.chain(0, {{101, 50}});
  device.put(50000, {7, 7});
  EXPECT_EQ(find_sunspec_model(device, station, inverters).value(), 2);
}

TEST_F(SunSpecTest, says_which_models_there_are_instead) {
  device.chain(50000, {{1, 66}, {113, 60}});
  const auto error = find_sunspec_model(device, station, inverters).error();
  EXPECT_EQ(error.fault, Fault::unsupported);
  EXPECT_EQ(error.detail, "no SunSpec model 101, 102, 103 (there are 1, 113)");
}

TEST_F(SunSpecTest, knows_a_device_that_is_no_SunSpec) {
  EXPECT_EQ(find_sunspec_model(device, station, inverters).error().detail, "no SunSpec marker at 40000, 50000, 0");
}

TEST_F(SunSpecTest, stops_at_a_silent_device) {
  device.fault = Fault::timeout;
  EXPECT_EQ(find_sunspec_model(device, station, inverters).error().fault, Fault::timeout);
  EXPECT_EQ(device.asked.size(), 1U);
}

TEST_F(SunSpecTest, is_not_led_in_circles_nor_out_of_the_table) {
  device.chain(40000, {{1, 65535}});
  EXPECT_EQ(find_sunspec_model(device, station, inverters).error().fault, Fault::unsupported);
  device.registers.clear();
  device.put(40000, {0x5375, 0x6E53});
  for (std::size_t address = 40002; address < 45000; ++address) device.put(address, {0});
  EXPECT_EQ(find_sunspec_model(device, station, inverters).error().fault, Fault::unsupported);
}

acquisition::DeviceProfile profile() {
  settings::Mistakes mistakes;
  return acquisition::read_device_profile(
      settings::load_text("protocol: modbus\nsunspec: [103]\ngap: 20\npoints:\n"
                          "  p: {quantity: active_power, unit: W, address: 14, type: i16, exponent: 15}\n"
                          "  v: {quantity: voltage, unit: V, address: 10, type: u16, exponent: 13}\n",
                          "inverter.yaml", mistakes),
      mistakes);
}

TEST_F(SunSpecTest, device_is_searched_once_and_read_where_its_model_lies) {
  device.chain(40000, {{1, 66}, {103, 50}});
  device.put(40080, {2305, 0, 0, 0xFFFF, 0xFFFE, 1});
  Device inverter{"inverter", station, acquisition::shared(profile()), device};
  std::vector<Reading> into(2);
  EXPECT_EQ(inverter.source(0), "modbus:1:sunspec+14");
  EXPECT_EQ(inverter.read(into).value(), 2U);
  EXPECT_EQ(into[0].value, -0.02);
  EXPECT_EQ(into[1].value, 230.5);
  EXPECT_EQ(inverter.raw(1), "0901 / FFFF");
  EXPECT_EQ(inverter.source(0), "modbus:1:sunspec+14");
  device.asked.clear();
  EXPECT_EQ(inverter.read(into).value(), 2U);
  EXPECT_THAT(device.asked, ElementsAre("40080+6"));
}

TEST_F(SunSpecTest, device_that_has_no_such_model_says_so_and_is_searched_again) {
  Device inverter{"inverter", station, acquisition::shared(profile()), device};
  std::vector<Reading> into(2);
  EXPECT_THAT(inverter.read(into).error().detail, HasSubstr("inverter: no SunSpec marker"));
  EXPECT_EQ(into[0].reason, Reason::unsupported);
  device.chain(50000, {{103, 50}});
  EXPECT_EQ(inverter.read(into).value(), 2U);
}

TEST_F(SunSpecTest, device_whose_model_ends_beyond_the_table_is_not_read) {
  device.chain(50000, {{1, 15520}, {103, 6}});
  Device inverter{"inverter", station, acquisition::shared(profile()), device};
  std::vector<Reading> into(2);
  EXPECT_EQ(inverter.read(into).error().fault, Fault::malformed);
}

}  // namespace
}  // namespace fettle::modbus
