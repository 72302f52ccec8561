#include "acquisition/driver.hpp"
#include "sysfs/kernel_units.hpp"
#include "sysfs/one_wire.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "support/mistakes.hpp"
#include "support/temp_dir.hpp"

namespace fettle::sysfs {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(OneWireText, is_believed_with_the_right_checksum_only) {
  EXPECT_EQ(parse_w1_slave("73 01 4b 46 7f ff 0d 10 41 : crc=41 YES\n73 01 4b 46 7f ff 0d 10 41 t=23187\n").value(),
            23187);
  EXPECT_EQ(parse_w1_slave("f8 ff 4b 46 7f ff 08 10 8b : crc=8b YES\nf8 ff 4b 46 7f ff 08 10 8b t=-500\n").value(),
            -500);
  EXPECT_THAT(
      parse_w1_slave("73 01 4b 46 7f ff 0d 10 41 : crc=13 NO\n73 01 4b 46 7f ff 0d 10 41 t=23187\n").error().detail,
      HasSubstr("wrong checksum"));
  EXPECT_THAT(
      parse_w1_slave("00 00 00 00 00 00 00 00 00 : crc=00 YES\n00 00 00 00 00 00 00 00 00 t=0\n").error().detail,
      HasSubstr("shorted"));
  for (const auto* const broken : {"", "YES", "t=5", "crc=1c YES", "crc=1c YES\nt=", "crc=1c YES\nt=x"})
    EXPECT_EQ(parse_w1_slave(broken).error().fault, Fault::malformed) << broken;
}

TEST(PowerOnFilter, believes_85_degrees_only_beside_a_neighbour) {
  PowerOnFilter filter;
  EXPECT_FALSE(filter.accept(85'000)) << "the first reading after power-on";
  EXPECT_TRUE(filter.accept(21'000));
  EXPECT_FALSE(filter.accept(85'000)) << "a dip in the supply";
  EXPECT_TRUE(filter.accept(21'062));
  PowerOnFilter hot;
  EXPECT_TRUE(hot.accept(84'937));
  EXPECT_TRUE(hot.accept(85'000)) << "a boiler that is really that hot";
  EXPECT_FALSE(hot.accept(-62)) << "a plug that is pulled";
  PowerOnFilter freezing;
  EXPECT_TRUE(freezing.accept(0));
  EXPECT_TRUE(freezing.accept(-62));
}

TEST(KernelUnits, are_known_by_the_files_names) {
  EXPECT_EQ(kernel_unit("temp1_input")->quantity, Quantity::temperature);
  EXPECT_EQ(kernel_unit("in1_input")->quantity, Quantity::voltage);
  EXPECT_EQ(kernel_unit("in_voltage0_raw")->quantity, Quantity::voltage);
  EXPECT_EQ(kernel_unit("in_temp_input")->quantity, Quantity::temperature);
  EXPECT_DOUBLE_EQ(kernel_unit("power1_input")->scale * 2e9, 2);
  EXPECT_DOUBLE_EQ(kernel_unit("energy1_input")->scale * 3.6e12, 1);
  EXPECT_EQ(kernel_unit("device/temperature")->quantity, Quantity::temperature);
  EXPECT_FALSE(kernel_unit("temp1_max"));
  EXPECT_FALSE(kernel_unit("my_counter"));
}

/// A folder in the shape of the kernel's own.
class SysfsDevice : public testing::Test {
 protected:
  void put(const std::string& file, const std::string& text) const {
    fs::create_directories((root.path() / file).parent_path());
    std::ofstream{root.path() / file} << text;
  }
  std::unique_ptr<acquisition::Driver> device(const std::string& settings, const std::string& points) {
    mistakes = {};
    line = Registry<acquisition::Line>::instance().find("sysfs")->make(
        settings::load_text(fmt::format("{{id: local, driver: sysfs, root: {}}}", root.path().string()), "site.yaml",
                            mistakes),
        mistakes);
    const auto profile = acquisition::read_device_profile(
        settings::load_text(fmt::format("protocol: sysfs\npoints: {{{}}}", points), "p.yaml", mistakes), mistakes);
    into.assign(profile.points.size(), Reading{});
    return line->attach(shared(profile),
                        settings::load_text("{id: sensor, every: 30s, " + settings + "}", "site.yaml", mistakes),
                        mistakes);
  }
  std::vector<std::string> texts() const { return test::texts(mistakes); }

  test::TempDir root;
  settings::Mistakes mistakes;
  std::unique_ptr<acquisition::Line> line;
  std::vector<Reading> into;
};

constexpr const char* warm = "73 01 4b 46 7f ff 0d 10 41 : crc=41 YES\n73 01 4b 46 7f ff 0d 10 41 t=23187\n";
constexpr const char* disturbed = "73 01 4b 46 7f ff 0d 10 41 : crc=13 NO\n73 01 4b 46 7f ff 0d 10 41 t=23187\n";
constexpr const char* after_power_on = "50 05 4b 46 7f ff 0c 10 1c : crc=1c YES\n50 05 4b 46 7f ff 0c 10 1c t=85000\n";

TEST_F(SysfsDevice, reads_a_1_wire_thermometer_by_its_id) {
  put("bus/w1/devices/28-0000072a1b3c/w1_slave", warm);
  const auto sensor = device("one_wire: 28-0000072a1b3c", "t: {quantity: temperature, file: w1_slave, offset: -0.5}");
  ASSERT_THAT(texts(), IsEmpty());
  EXPECT_EQ(sensor->read(into).value(), 1U);
  EXPECT_DOUBLE_EQ(into[0].value, 22.687);
  EXPECT_THAT(sensor->raw(0), HasSubstr("t=23187"));
  EXPECT_EQ(sensor->source(0), "sysfs:one_wire:28-0000072a1b3c/w1_slave");
  put("bus/w1/devices/28-0000072a1b3c/w1_slave", after_power_on);
  EXPECT_EQ(sensor->read(into).value(), 0U);
  EXPECT_EQ(into[0].reason, Reason::no_value);
  put("bus/w1/devices/28-0000072a1b3c/w1_slave", disturbed);
  EXPECT_EQ(sensor->read(into).value(), 0U) << "it answers, though not well";
  EXPECT_EQ(into[0].reason, Reason::malformed);
}

TEST_F(SysfsDevice, says_which_sensors_there_are_instead) {
  const auto sensor = device("one_wire: 28-0000072a1b3c", "t: {quantity: temperature, file: w1_slave}");
  EXPECT_THAT(sensor->read(into).error().detail, HasSubstr("dtoverlay=w1-gpio"));
  EXPECT_EQ(into[0].reason, Reason::offline);
  put("bus/w1/devices/28-0000072a1bff/w1_slave", warm);
  fs::create_directories(root.path() / "bus/w1/devices/w1_bus_master1");
  const auto error = sensor->read(into).error();
  EXPECT_EQ(error.fault, Fault::timeout);
  EXPECT_THAT(error.detail, HasSubstr("sensor: no \"28-0000072a1b3c\" in "));
  EXPECT_THAT(error.detail, HasSubstr("there is 28-0000072a1bff"));
}

TEST_F(SysfsDevice, finds_a_chip_by_name_or_place_whatever_its_number_is) {
  for (const auto& [number, address] : {std::pair{"hwmon4", "1-0048"}, {"hwmon7", "1-0049"}}) {
    put(fmt::format("devices/i2c-1/{}/name", address), "lm75");
    put(fmt::format("class/hwmon/{}/name", number), "lm75\n");
    put(fmt::format("class/hwmon/{}/temp1_input", number), std::string{address} == "1-0048" ? "21500\n" : "38000\n");
    fs::create_symlink(fmt::format("../../../devices/i2c-1/{}", address),
                       root.path() / "class/hwmon" / number / "device");
  }
  put("class/hwmon/hwmon1/name", "cpu_thermal\n");
  put("class/hwmon/hwmon1/temp1_input", "51234\n");
  const std::string points = "t: {quantity: temperature, file: temp1_input}";
  ASSERT_EQ(device("hwmon: cpu_thermal", points)->read(into).value(), 1U);
  EXPECT_DOUBLE_EQ(into[0].value, 51.234);
  ASSERT_EQ(device("hwmon: 1-0049", points)->read(into).value(), 1U);
  EXPECT_DOUBLE_EQ(into[0].value, 38);
  EXPECT_THAT(device("hwmon: lm75", points)->read(into).error().detail, HasSubstr("2 of 3 are called \"lm75\""));
  EXPECT_THAT(device("hwmon: lm76", points)->read(into).error().detail,
              HasSubstr("there is cpu_thermal (hwmon1), lm75 (hwmon4), lm75 (hwmon7)"));
}

TEST_F(SysfsDevice, combines_an_analogue_input_with_its_scale_and_offset) {
  put("bus/iio/devices/iio:device0/name", "ads1115\n");
  put("bus/iio/devices/iio:device0/in_voltage0_raw", "1000\n");
  put("bus/iio/devices/iio:device0/in_voltage0_scale", "3.0\n");
  put("bus/iio/devices/iio:device0/in_voltage1_raw", "1000\n");
  put("bus/iio/devices/iio:device0/in_voltage_scale", "0.1875\n");
  put("bus/iio/devices/iio:device0/in_voltage_offset", "-200\n");
  const auto adc =
      device("iio: ads1115",
             "a: {quantity: voltage, file: in_voltage0_raw}, b: {quantity: voltage, file: in_voltage1_raw}, "
             "p: {quantity: pressure, unit: bar, file: in_voltage1_raw, scale: 0.01}, "
             "c: {quantity: voltage, file: in_voltage2_raw}");
  ASSERT_THAT(texts(), IsEmpty());
  EXPECT_EQ(adc->read(into).value(), 3U);
  EXPECT_DOUBLE_EQ(into[0].value, 2.4);
  EXPECT_DOUBLE_EQ(into[1].value, 0.15);
  EXPECT_DOUBLE_EQ(into[2].value, 150'000) << "a transmitter: the installer's own unit and scale";
  EXPECT_EQ(into[3].reason, Reason::timeout);
}

TEST_F(SysfsDevice, reads_any_file_with_a_number) {
  put("class/thermal/thermal_zone0/temp", "47774\n");
  put("class/thermal/thermal_zone0/garbage", "many\n");
  const auto zone = device("folder: class/thermal/thermal_zone0",
                           "t: {quantity: temperature, file: temp}, g: {quantity: count, file: garbage}");
  EXPECT_EQ(zone->read(into).value(), 1U);
  EXPECT_DOUBLE_EQ(into[0].value, 47.774);
  EXPECT_EQ(into[1].reason, Reason::malformed);
}

TEST_F(SysfsDevice, gives_nothing_more_when_its_bus_is_closed) {
  put("class/thermal/thermal_zone0/temp", "47774\n");
  const auto zone = device("folder: class/thermal/thermal_zone0", "t: {quantity: temperature, file: temp}");
  line->cancel();
  EXPECT_EQ(zone->read(into).error().fault, Fault::offline);
}

TEST_F(SysfsDevice, reports_every_mistake_in_its_settings) {
  device("hwmon: a/b, iio: adc",
         "v: {quantity: voltage, file: temp1_input}, w: {quantity: voltage, file: ../x}, x: {quantity: voltage}");
  EXPECT_THAT(texts(),
              ElementsAre(HasSubstr("points.v.quantity: the kernel says that temp1_input is a temperature"),
                          HasSubstr("points.w.file: \"../x\" is no file in the device's folder"),
                          HasSubstr("points.x: \"file\" is missing"),
                          HasSubstr("hwmon: \"a/b\" is no name of a device"), HasSubstr("iio: stands beside hwmon")));
  device("unit: 1", "t: {quantity: temperature, file: temp}");
  EXPECT_THAT(texts(), ElementsAre(HasSubstr("which device? one_wire: 28-..."), HasSubstr("unknown key \"unit\"")));
}

}  // namespace
}  // namespace fettle::sysfs
