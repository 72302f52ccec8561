#include "torture/disk.hpp"

#include "support/child.hpp"

#include <gmock/gmock.h>
#include <filesystem>
#include <set>

// Small programs of the shell and Python on a disk that is not to be trusted.

namespace fettle::test {
namespace {

using std::chrono::seconds;
using testing::Contains;
using testing::HasSubstr;
using testing::UnorderedElementsAre;

class UntrustedDisk : public testing::Test {
 protected:
  /// Runs a few lines of Python in the folder.
  static std::string run(const Disk& disk, const std::string& lines) {
    Child child{{"/usr/bin/python3", "-ISc", "import os\n" + lines}, {disk.environment(), disk.folder()}};
    child.wait(seconds{20});
    return child.output();
  }

  std::mt19937_64 random{7};
};

constexpr auto write_and_flush = R"(
f = os.open("a", os.O_CREAT | os.O_RDWR)
os.write(f, b"1" * 2048)
os.fsync(f)
)";

TEST_F(UntrustedDisk, keeps_what_was_flushed) {
  Disk disk;
  run(disk, write_and_flush);
  for (int cut = 0; cut < 50; ++cut) {
    disk.cut_power(random);
    ASSERT_EQ(read_text(disk.folder() / "a"), std::string(2048, '1'));
  }
}

TEST_F(UntrustedDisk, may_keep_lose_or_tear_what_was_written_since) {
  std::set<std::string> remains;
  for (int cut = 0; cut < 60; ++cut) {
    Disk disk;
    run(disk, std::string{write_and_flush} + "os.pwrite(f, b'2' * 1024, 0)\n");
    disk.cut_power(random);
    remains.insert(read_text(disk.folder() / "a"));
  }
  const std::string ones(512, '1'), twos(512, '2');
  EXPECT_THAT(remains, UnorderedElementsAre(ones + ones + ones + ones, ones + twos + ones + ones,
                                            twos + ones + ones + ones, twos + twos + ones + ones));
}

TEST_F(UntrustedDisk, may_lose_a_name_until_the_file_or_its_folder_is_flushed) {
  bool lost = false, kept = false;
  for (int cut = 0; cut < 60; ++cut) {
    Disk disk;
    run(disk, std::string{write_and_flush} + "os.rename('a', 'b')\n");
    disk.cut_power(random);
    const bool renamed = std::filesystem::exists(disk.folder() / "b");
    ASSERT_NE(renamed, std::filesystem::exists(disk.folder() / "a"));
    ASSERT_EQ(read_text(disk.folder() / (renamed ? "b" : "a")), std::string(2048, '1'));
    (renamed ? kept : lost) = true;
  }
  EXPECT_TRUE(lost && kept);
}

TEST_F(UntrustedDisk, keeps_a_name_when_the_folder_was_flushed) {
  for (int cut = 0; cut < 20; ++cut) {
    Disk disk;
    run(disk, std::string{write_and_flush} + "os.rename('a', 'b')\nos.fsync(os.open('.', os.O_RDONLY))\n");
    disk.cut_power(random);
    ASSERT_EQ(read_text(disk.folder() / "b"), std::string(2048, '1'));
    ASSERT_FALSE(std::filesystem::exists(disk.folder() / "a"));
  }
}

TEST_F(UntrustedDisk, loses_everything_if_it_only_claims_to_flush) {
  std::set<bool> there;
  for (int cut = 0; cut < 30; ++cut) {
    Disk disk{Flush::ignored};
    run(disk, write_and_flush);
    disk.cut_power(random);
    there.insert(std::filesystem::exists(disk.folder() / "a"));
  }
  EXPECT_THAT(there, Contains(false));
}

TEST_F(UntrustedDisk, fails_as_it_is_told_and_recovers) {
  Disk disk;
  for (const std::string error : {"ENOSPC", "EIO", "EROFS"}) {
    disk.fail_with(error);
    EXPECT_THAT(run(disk,
                    "try:\n  os.write(os.open('a', os.O_CREAT | os.O_RDWR), b'1')\nexcept OSError as e:\n  "
                    "import errno\n  print(errno.errorcode[e.errno])\n"),
                HasSubstr(error));
    disk.recover();
    EXPECT_EQ(run(disk, write_and_flush), "");
    std::filesystem::remove(disk.folder() / "a");
  }
}

}  // namespace
}  // namespace fettle::test
