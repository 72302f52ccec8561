#pragma once

#include "support/temp_dir.hpp"

#include <map>
#include <random>
#include <string>

namespace fettle::test {

/// What a disk does when it is told to flush.
enum class Flush : std::uint8_t { obeyed, ignored };

/// A folder on a disk that can lose power and get into trouble, for programs that are started with environment().
class Disk {
 public:
  explicit Disk(Flush flush = Flush::obeyed);

  const std::filesystem::path& folder() const { return folder_; }
  std::map<std::string, std::string> environment() const;

  /// The power fails and comes back; whoever wrote to the folder is dead already. What was flushed is there. Of all else, each sector of
  /// 512 bytes comes back as it was at the last flush or as it was written last, by chance; so do a file's length, and, all together, the
  /// names of the files.
  void cut_power(std::mt19937_64& random);

  /// From now on, changes fail so: ENOSPC, EIO or EROFS.
  void fail_with(const std::string& error) const;
  void recover() const;

 private:
  TempDir place_;
  std::filesystem::path folder_ = place_.path() / "store", durable_ = place_.path() / "durable";
  std::string trouble_ = place_.file("trouble");
  Flush flush_;
};

}  // namespace fettle::test
