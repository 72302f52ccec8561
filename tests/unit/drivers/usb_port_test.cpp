#include "modbus/usb_port.hpp"

#include <gmock/gmock.h>
#include <filesystem>

#include "support/temp_dir.hpp"

namespace fettle::modbus {
namespace {

using testing::HasSubstr;

/// The kernel's folders for two adapters of the same kind and a terminal that is none.
class UsbPort : public testing::Test {
 protected:
  void SetUp() override {
    plug("ttyUSB0", "1-1", "A1");
    plug("ttyUSB1", "1-2", "B2");
    std::filesystem::create_directories(folder.path() / "class/tty0");
  }

  void plug(const std::string& tty, const std::string& place, const std::string& serial) {
    const auto usb = "devices/usb1/" + place;
    std::filesystem::create_directories(folder.path() / usb / "interface" / tty);
    folder.write(usb + "/idVendor", "0403\n");
    folder.write(usb + "/idProduct", "6001\n");
    folder.write(usb + "/serial", serial + "\n");
    const auto terminal = folder.path() / "class" / tty;
    std::filesystem::create_directories(terminal);
    std::filesystem::create_directory_symlink(folder.path() / usb / "interface" / tty, terminal / "device");
  }

  Result<std::string> find(const std::string& id) const {
    return find_usb_port(parse_usb_id(id)->value(), {(folder.path() / "class").string(), "/dev"});
  }

  test::TempDir folder;
};

TEST_F(UsbPort, is_found_by_vendor_product_and_serial_number) {
  EXPECT_EQ(find("usb:0403:6001:B2").value(), "/dev/ttyUSB1");
  EXPECT_EQ(find("usb:0403:6001:A1").value(), "/dev/ttyUSB0");
}

TEST_F(UsbPort, must_be_the_only_one) {
  EXPECT_THAT(find("usb:0403:6001").error().detail, HasSubstr("(/dev/ttyUSB0, /dev/ttyUSB1); write the serial number"));
  std::filesystem::remove_all(folder.path() / "class/ttyUSB0");
  EXPECT_EQ(find("usb:0403:6001").value(), "/dev/ttyUSB1");
}

TEST_F(UsbPort, that_is_not_there_is_offline) {
  EXPECT_EQ(find("usb:1a86:7523").error().fault, Fault::offline);
  EXPECT_EQ(find("usb:1a86:7523").error().detail, "no USB adapter 1a86:7523 is plugged in");
}

TEST(UsbId, is_told_from_a_path) {
  EXPECT_FALSE(parse_usb_id("/dev/ttyUSB0"));
  EXPECT_FALSE(*parse_usb_id("usb:403:6001"));
  EXPECT_FALSE(*parse_usb_id("usb:"));
  EXPECT_TRUE(parse_usb_id("usb:0403:6001")->value().serial.empty());
}

}  // namespace
}  // namespace fettle::modbus
