#include "doctor/files.hpp"
#include "doctor/mounts.hpp"
#include "doctor/ttys.hpp"
#include "support/serial_pair.hpp"
#include "support/temp_dir.hpp"

#include "doctor/baud.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <unistd.h>
#include <filesystem>

namespace fettle::doctor {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr auto mounts =
    "22 27 0:21 / /proc rw,relatime - proc proc rw\n"
    "27 1 179:2 / / rw,noatime shared:1 master:2 - ext4 /dev/mmcblk0p2 rw\n"
    "31 27 0:25 / /run rw,nosuid - tmpfs tmpfs rw\n"
    "32 27 8:1 / /var/lib/fettle ro,relatime - ext4 /dev/sda1 rw\n";

TEST(Mounts, are_found_for_the_deepest_folder) {
  EXPECT_EQ(mount_of(mounts, "/home/x")->source, "/dev/mmcblk0p2");
  EXPECT_EQ(mount_of(mounts, "/var/lib/fettle/store")->source, "/dev/sda1");
  EXPECT_TRUE(mount_of(mounts, "/var/lib/fettle")->is_read_only);
  EXPECT_EQ(mount_of(mounts, "/var/lib/fettle2")->source, "/dev/mmcblk0p2") << "a name that begins alike";
  EXPECT_TRUE(is_in_memory(*mount_of(mounts, "/run/fettle")));
  EXPECT_FALSE(is_in_memory(*mount_of(mounts, "/home")));
  EXPECT_FALSE(mount_of("", "/home"));
  EXPECT_FALSE(mount_of("nonsense\n", "/home"));
}

TEST(Disks, are_named_without_their_partition) {
  EXPECT_EQ(disk_of("/dev/mmcblk0p2"), "mmcblk0");
  EXPECT_EQ(disk_of("/dev/nvme0n1p1"), "nvme0n1");
  EXPECT_EQ(disk_of("/dev/nvme0n1"), "nvme0n1");
  EXPECT_EQ(disk_of("/dev/sda12"), "sda");
  EXPECT_EQ(disk_of("/dev/mapper/root"), "");
  EXPECT_EQ(disk_of("tmpfs"), "");
}

TEST(Rights, are_those_of_the_first_class_that_fits) {
  const User fettle{"fettle", 900, {900, 20}};
  EXPECT_TRUE(may_read_and_write(fettle, {0, 20, 0660}));
  EXPECT_FALSE(may_read_and_write(fettle, {0, 5, 0660}));
  EXPECT_FALSE(may_read_and_write(fettle, {900, 20, 0066})) << "the owner's bits count for the owner";
  EXPECT_TRUE(may_read(fettle, {0, 0, 0644}));
  EXPECT_FALSE(may_add_to(fettle, {0, 0, 0755}));
  EXPECT_TRUE(may_add_to({"root", 0, {0}}, {900, 900, 0700}));
}

/// A system with one FTDI adapter, as the kernel shows it.
class Adapter : public testing::Test {
 protected:
  Adapter() {
    const auto usb = folder.path() / "sys/devices/pci0/usb1/1-2";
    fs::create_directories(usb / "1-2:1.0/ttyUSB0/tty/ttyUSB0");
    fs::create_directories(folder.path() / "sys/class/tty");
    fs::create_directories(folder.path() / "dev/serial/by-id");
    folder.write("sys/devices/pci0/usb1/1-2/idVendor", "0403\n");
    folder.write("sys/devices/pci0/usb1/1-2/idProduct", "6001\n");
    folder.write("sys/devices/pci0/usb1/1-2/serial", "A50285BI\n");
    fs::create_directory_symlink(usb / "1-2:1.0/ttyUSB0", usb / "1-2:1.0/ttyUSB0/tty/ttyUSB0/device");
    fs::create_directory_symlink(usb / "1-2:1.0/ttyUSB0/tty/ttyUSB0", folder.path() / "sys/class/tty/ttyUSB0");
    port = folder.write("dev/ttyUSB0", "");
    fs::create_symlink("../../ttyUSB0", folder.path() / "dev/serial/by-id/usb-FTDI-if00-port0");
    roots.sys = folder.path() / "sys";
    roots.dev = folder.path() / "dev";
    roots.proc = folder.path() / "proc";
  }

  test::TempDir folder;
  std::string port;
  Roots roots;
};

TEST_F(Adapter, is_known_by_what_it_says_about_itself) {
  const auto ttys = usb_ttys(roots);
  ASSERT_THAT(ttys, SizeIs(1));
  EXPECT_EQ(ttys[0].id(), "usb:0403:6001:A50285BI");
  EXPECT_TRUE(ttys[0].is_meant_by("usb:0403:6001"));
  EXPECT_TRUE(ttys[0].is_meant_by("usb:0403:6001:a50285bi"));
  EXPECT_FALSE(ttys[0].is_meant_by("usb:0403:6015"));
}

TEST_F(Adapter, has_a_name_that_stays) {
  EXPECT_THAT(stable_name(port, roots), HasSubstr("by-id/usb-FTDI-if00-port0"));
  EXPECT_THAT(stable_name(folder.write("dev/ttyS0", ""), roots), IsEmpty());
}

TEST_F(Adapter, is_held_by_whoever_has_it_open) {
  fs::create_directories(folder.path() / "proc/77/fd");
  fs::create_directories(folder.path() / "proc/self/fd");
  folder.write("proc/77/comm", "ModemManager\n");
  fs::create_symlink(fs::canonical(port), folder.path() / "proc/77/fd/5");
  const auto holders = holders_of(port, roots);
  ASSERT_THAT(holders, SizeIs(1));
  EXPECT_EQ(holders[0].process, 77);
  EXPECT_EQ(holders[0].name, "ModemManager");
  EXPECT_THAT(holders_of(folder.write("dev/ttyS0", ""), roots), IsEmpty());
}

TEST(Intruders, have_a_remedy) {
  EXPECT_THAT(remedy_against("ModemManager", "ttyUSB0"), HasSubstr("mask --now ModemManager"));
  EXPECT_THAT(remedy_against("agetty", "ttyS1"), HasSubstr("serial-getty@ttyS1"));
  EXPECT_THAT(remedy_against("bash", "ttyS1"), IsEmpty());
}

TEST(Baud, is_asked_of_the_port_without_a_byte_on_the_wire) {
  const test::SerialPair wire;
  const int listener = ::open(wire.right().c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK);
  EXPECT_EQ(trouble_with_baud(wire.left(), 19'200), "");
  EXPECT_EQ(trouble_with_baud(wire.left(), 250'000), "");
  char byte = 0;
  EXPECT_EQ(::read(listener, &byte, 1), -1);
  ::close(listener);
}

TEST(Baud, is_nothing_that_a_file_can_do) {
  const test::TempDir folder;
  EXPECT_THAT(trouble_with_baud(folder.write("file", ""), 9600), HasSubstr("no serial port"));
  EXPECT_THAT(trouble_with_baud(folder.file("none"), 9600), HasSubstr("cannot be opened"));
}

}  // namespace
}  // namespace fettle::doctor
