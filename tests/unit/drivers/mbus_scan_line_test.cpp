#include "mbus/offer.hpp"
#include "mbus/scan_line.hpp"
#include "mbus_wire.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <set>

namespace fettle::mbus {
namespace {

using namespace std::chrono_literals;
using acquisition::FoundDevice;
using acquisition::OfferedValue;
using acquisition::ScanDepth;
using acquisition::ScanFindings;
using acquisition::ScanOrder;
using testing::AllOf;
using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

acquisition::DeviceProfile shipped(const std::string& name) {
  settings::Mistakes mistakes;
  return acquisition::read_device_profile(
      settings::load_file(FETTLE_SOURCE_DIR "/config/devices/" + name + ".yaml", mistakes), mistakes);
}

/// Another end of a wire that outlives it.
class BorrowedWire final : public modbus::Wire {
 public:
  explicit BorrowedWire(modbus::Wire& wire) : wire_{wire} {}
  modbus::Moment now() const override { return wire_.now(); }
  bool is_open() const override { return wire_.is_open(); }
  Result<void> open(modbus::Moment deadline) override { return wire_.open(deadline); }
  void close() override { wire_.close(); }
  Result<void> write(std::span<const std::uint8_t> bytes, modbus::Moment deadline) override {
    return wire_.write(bytes, deadline);
  }
  Result<std::size_t> read(std::span<std::uint8_t> into, modbus::Moment deadline) override {
    return wire_.read(into, deadline);
  }
  void rest(modbus::Moment until) override { wire_.rest(until); }
  void cancel() override { wire_.cancel(); }

 private:
  modbus::Wire& wire_;
};

class LineScanTest : public testing::Test {
 protected:
  ScanFindings scan() {
    const acquisition::ScanWatch watch = [this](const acquisition::ScanProgress& progress) {
      told.push_back(progress);
      return told.size() < most_told;
    };
    return scan_line(order, watch, settings, [this](const LineSettings& line) -> std::unique_ptr<Wire> {
      rates.insert(line.baud);
      return std::make_unique<BorrowedWire>(line.baud == rate_of_meters ? wire : silence);
    });
  }

  static std::vector<std::string> places(const ScanFindings& findings) {
    std::vector<std::string> result;
    for (const auto& device : findings.devices) result.push_back(device.place.first + " " + device.place.second);
    return result;
  }

  MeterWire wire, silence;
  unsigned rate_of_meters = 2400;
  ScanOrder order;
  LineSettings settings{.port = "/dev/ttyUSB0", .host = {}};
  std::vector<acquisition::ScanProgress> told;
  std::size_t most_told = 1'000'000;
  std::set<unsigned> rates;
};

TEST_F(LineScanTest, finds_meters_says_what_they_send_and_knows_the_profile_that_fits) {
  wire.line.meters = test::three_meters();
  order.profiles = {shipped("generic_heat_meter_mbus"), shipped("generic_water_meter_mbus"),
                    shipped("generic_electricity_meter_mbus"), shipped("kamstrup_multical_mbus")};
  const auto findings = scan();
  EXPECT_FALSE(findings.failure);
  EXPECT_EQ(findings.driver, "mbus");
  EXPECT_THAT(findings.line, ElementsAre(std::pair{"port", "/dev/ttyUSB0"}, std::pair{"baud", "2400"}));
  EXPECT_THAT(places(findings), ElementsAre("address 1", "address 2", "address 3"));
  EXPECT_EQ(findings.devices[0].profile, "generic_heat_meter_mbus");
  EXPECT_EQ(findings.devices[1].profile, "generic_electricity_meter_mbus");
  EXPECT_EQ(findings.devices[2].profile, "generic_water_meter_mbus");
  EXPECT_EQ(findings.devices[0].identity, "Kamstrup (KAM) 12345678, heat, version 1B");
  EXPECT_EQ(findings.devices[0].rest, 15min);
  EXPECT_EQ(findings.devices[1].rest, 0ms);
  EXPECT_GT(findings.devices[1].reading, 100);
  EXPECT_THAT(findings.devices[1].learned, ElementsAre("needs 3 telegrams for a readout"));
  EXPECT_THAT(findings.hints, ElementsAre(HasSubstr("supply: mains")));
}

TEST_F(LineScanTest, offers_every_value_with_its_quantity_unit_and_mark) {
  wire.line.meters = test::three_meters();
  order.units_chosen = true;
  order.first_unit = order.last_unit = 1;
  const auto findings = scan();
  ASSERT_THAT(findings.devices, SizeIs(1));
  const auto& values = findings.devices[0].values;
  ASSERT_THAT(values, SizeIs(10));
  EXPECT_EQ(values[1].name, "e_heat");
  EXPECT_EQ(values[1].quantity, "active_energy");
  EXPECT_EQ(values[1].text, "12345 kWh");
  EXPECT_EQ(values[1].mark, "0C 06");
  EXPECT_EQ(values[1].place, "record: energy");
  EXPECT_TRUE(values[1].is_current);
  EXPECT_EQ(values[8].name, "e_heat_s1");
  EXPECT_EQ(values[8].place, "record: {kind: energy, storage: 1}");
  EXPECT_FALSE(values[8].is_current);
  EXPECT_EQ(values[9].name, "error_flags");
  EXPECT_EQ(values[9].mark, "02 FD 17");
  EXPECT_THAT(findings.devices[0].speaks, ElementsAre(std::pair{"protocol", "mbus"}, std::pair{"battery", "true"}));
}

TEST_F(LineScanTest, sends_greetings_selections_and_requests_and_nothing_else) {
  wire.line.meters = test::three_meters();
  scan();
  std::set<std::string> kinds;
  for (const auto& frame : wire.sent) {
    const bool is_short = frame.at(0) == 0x10;
    kinds.insert(is_short ? fmt::format("{:02X}", frame.at(1))
                          : fmt::format("{:02X} {:02X}", frame.at(4), frame.at(6)));
  }
  EXPECT_THAT(kinds, ElementsAre("40", "53 52", "5B", "7B"));
}

TEST_F(LineScanTest, tells_how_long_it_will_take_and_who_answers) {
  wire.line.meters = test::three_meters();
  scan();
  std::vector<std::string> news;
  Duration longest{};
  for (const auto& each : told) {
    if (!each.news.empty()) news.push_back(each.news);
    longest = std::max(longest, each.left);
  }
  EXPECT_THAT(news, Contains("address 2 (87654321 EMH 00 02) answers"));
  EXPECT_GT(longest, 40s);
  EXPECT_LT(longest, 120s);
  EXPECT_THAT(told.front().doing, HasSubstr("listening"));
}

TEST_F(LineScanTest, asks_new_meters_that_share_an_address_by_their_numbers) {
  wire.line.meters = test::three_meters();
  for (auto& meter : wire.line.meters) meter.address = 0;
  const auto findings = scan();
  EXPECT_THAT(places(findings), ElementsAre("secondary 12345678", "secondary 12345679", "secondary 87654321"));
  EXPECT_THAT(findings.hints, Contains(HasSubstr("address 0: several meters answer at once; they are asked by their")));
}

TEST_F(LineScanTest, asks_a_single_new_meter_by_its_number_too) {
  wire.line.meters = test::three_meters();
  wire.line.meters.resize(1);
  wire.line.meters[0].address = 0;
  EXPECT_THAT(places(scan()), ElementsAre("secondary 12345678"));
}

TEST_F(LineScanTest, tells_meters_of_one_number_apart_by_their_makers) {
  wire.line.meters = test::three_meters();
  wire.line.meters.resize(2);
  for (auto& meter : wire.line.meters) meter.address = 0;
  wire.line.meters[1].secondary = "12345678A8150002";
  EXPECT_THAT(places(scan()), ElementsAre("secondary 12345678 EMH 00 02", "secondary 12345678 KAM 1B 04"));
}

TEST_F(LineScanTest, tries_other_rates_where_nobody_answers) {
  wire.line.meters = test::three_meters();
  rate_of_meters = 300;
  const auto findings = scan();
  EXPECT_THAT(findings.devices, SizeIs(3));
  EXPECT_THAT(findings.line, Contains(std::pair{"baud", "300"}));
  EXPECT_THAT(rates, ElementsAre(300U, 2400U));
}

TEST_F(LineScanTest, finds_a_meter_that_only_knows_its_own_address) {
  wire.line.meters = test::three_meters();
  wire.line.meters.resize(1);
  wire.line.answers_only_own_addresses = true;
  EXPECT_THAT(places(scan()), ElementsAre("address 1"));
  order.depth = ScanDepth::quick;
  EXPECT_THAT(places(scan()), IsEmpty());
}

TEST_F(LineScanTest, asks_only_the_addresses_that_are_wanted) {
  wire.line.meters = test::three_meters();
  order.units_chosen = true;
  order.first_unit = 2;
  order.last_unit = 3;
  EXPECT_THAT(places(scan()), ElementsAre("address 2", "address 3"));
  for (const auto& frame : wire.sent) EXPECT_TRUE(frame.at(2) == 2 || frame.at(2) == 3);
}

TEST_F(LineScanTest, leaves_a_line_alone_on_which_somebody_speaks) {
  wire.line.meters = test::three_meters();
  wire.noise = {0x10, 0x5B, 0x01, 0x5C, 0x16};
  const auto findings = scan();
  ASSERT_TRUE(findings.failure);
  EXPECT_THAT(findings.failure->detail, AllOf(HasSubstr("5 bytes came before any question"), HasSubstr("--force")));
  EXPECT_THAT(wire.sent, IsEmpty());
  wire.noise = {0x10};
  order.despite_traffic = true;
  EXPECT_THAT(scan().devices, SizeIs(3));
}

TEST_F(LineScanTest, says_what_is_wrong_with_a_line_instead_of_looking_for_meters_that_nobody_can_tell_apart) {
  wire.line.everything_is_garbled = true;
  const auto findings = scan();
  EXPECT_THAT(findings.devices, IsEmpty());
  EXPECT_THAT(findings.hints, ElementsAre(HasSubstr("this is the line, not the meters")));
}

TEST_F(LineScanTest, says_where_to_look_when_nobody_is_there) {
  EXPECT_THAT(scan().hints, ElementsAre(HasSubstr("36 V")));
  settings = {.port = {}, .host = "10.0.0.7"};
  EXPECT_THAT(scan().hints, ElementsAre(HasSubstr("the converter takes connections")));
}

TEST_F(LineScanTest, cannot_begin_on_a_wire_that_does_not_open) {
  wire.cancel();
  const auto findings = scan();
  ASSERT_TRUE(findings.failure);
  EXPECT_EQ(findings.failure->detail, "closed");
  EXPECT_THAT(told, SizeIs(1));
}

TEST_F(LineScanTest, ends_early_with_what_was_found) {
  wire.line.meters = test::three_meters();
  most_told = 6;  // listening, asking, 0, 1, found, 2
  const auto findings = scan();
  EXPECT_TRUE(findings.cancelled);
  ASSERT_THAT(findings.devices, SizeIs(1));
  EXPECT_EQ(findings.devices[0].where, "address 1");
  EXPECT_THAT(findings.devices[0].troubles, ElementsAre(HasSubstr("not read out")));
}

TEST_F(LineScanTest, shows_a_meter_that_gives_no_readout) {
  wire.line.meters = test::three_meters();
  wire.line.meters.resize(1);
  wire.line.meters[0].telegrams.clear();
  const auto findings = scan();
  ASSERT_THAT(findings.devices, SizeIs(1));
  EXPECT_THAT(findings.devices[0].troubles, ElementsAre(HasSubstr("confirms, but gives no readout: no answer within")));
  EXPECT_THAT(findings.devices[0].values, IsEmpty());
}

TEST_F(LineScanTest, says_of_a_longer_patience_how_a_site_file_writes_it) {
  wire.line.meters = test::three_meters();
  order.timeout = 1s;
  EXPECT_THAT(scan().line, Contains(std::pair{"margin", "812ms"}));
}

TEST(MbusOffer, gives_every_value_a_name_of_its_own) {
  Telegram telegram;
  telegram.header.meter = *parse_secondary("12345678 EMH 00 02");
  telegram.payload = test::hex("04 03 40 E2 01 00  04 03 41 E2 01 00  02 FD 48 FC 08");
  telegram.records = read_records(telegram.payload, 0, ByteOrder::least_first).all;
  const auto values = offer_of({telegram});
  ASSERT_THAT(values, SizeIs(3));
  EXPECT_EQ(values[0].name, "e_total");
  EXPECT_EQ(values[1].name, "e_total_2");
  EXPECT_EQ(values[1].place, "record: {kind: energy, nth: 2}");
  EXPECT_EQ(values[2].text, "230 V");
}

}  // namespace
}  // namespace fettle::mbus
