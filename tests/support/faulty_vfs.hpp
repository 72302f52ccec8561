#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace fettle::test {

/// What a file is on a disk whose power may go: what is there for certain, and what was written since the last sync.
class UnsyncedFile {
 public:
  explicit UnsyncedFile(std::optional<std::string> durable) : durable_{std::move(durable)} {}

  void write(std::int64_t offset, std::string_view bytes) { pending_.push_back({offset, std::string{bytes}, false}); }
  void truncate(std::int64_t size) { pending_.push_back({size, {}, true}); }
  void remove() { removed_ = true; }
  void sync();
  /// What is found after a power cut: any part of what was written since the last sync, sector by sector; nothing if there is no file.
  std::optional<std::string> after_cut(std::mt19937_64& random, double share) const;

 private:
  struct Change {
    std::int64_t at = 0;  ///< the size, of a truncation
    std::string bytes;
    bool truncates = false;
  };
  std::optional<std::string> durable_;  ///< nothing: the file's name itself was not synced yet
  std::vector<Change> pending_;
  bool removed_ = false;
};

/// A disk that misbehaves on demand, under every SQLite file that is opened while it exists (it is SQLite's default VFS then).
/// One at a time; files must be closed before it goes.
class FaultyVfs {
 public:
  FaultyVfs();
  FaultyVfs(const FaultyVfs&) = delete;
  FaultyVfs& operator=(const FaultyVfs&) = delete;
  ~FaultyVfs();

  /// From now on files can grow by so much all together; then the disk is full. Nothing: room enough.
  void leave_room(std::optional<std::int64_t> bytes) { room_ = bytes; }
  void fail_writes(bool fail) { failing_writes_ = fail; }
  void fail_reads(bool fail) { failing_reads_ = fail; }
  void fail_syncs(bool fail) { failing_syncs_ = fail; }
  /// As after a remount because of errors.
  void make_read_only(bool read_only) { read_only_ = read_only; }

  /// The power goes at the nth write, sync, truncation or removal from now; everything fails from then on.
  void cut_power_at(std::uint64_t operation) { until_cut_ = operation; }
  bool is_off() const { return off_; }
  /// To be called when all files are closed: they become what the cut has left of them.
  void restore_power(std::mt19937_64& random);

  std::uint64_t bytes_written() const { return bytes_written_; }
  std::uint64_t syncs() const { return syncs_; }

  struct Callbacks;  ///< of faulty_vfs.cpp

 private:
  /// One step of a change to the disk; false if the power is off.
  bool step();
  int may_write(std::int64_t growth);
  UnsyncedFile& known(const std::string& path);

  struct Registration;
  std::unique_ptr<Registration> registration_;
  std::map<std::string, UnsyncedFile> files_;
  std::optional<std::int64_t> room_;
  std::optional<std::uint64_t> until_cut_;
  bool failing_writes_ = false, failing_reads_ = false, failing_syncs_ = false, read_only_ = false, off_ = false;
  std::uint64_t bytes_written_ = 0, syncs_ = 0;
};

}  // namespace fettle::test
