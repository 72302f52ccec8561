#include "support/faulty_vfs.hpp"

#include "support/temp_dir.hpp"

#include <sqlite3.h>
#include <algorithm>
#include <filesystem>
#include <fstream>

namespace fettle::test {
namespace {

/// What a disk writes whole or not at all.
constexpr std::size_t sector = 512;

struct File {
  sqlite3_file base;  ///< SQLite sees this one
  FaultyVfs* disk;
  const std::string* path;  ///< nothing: a temporary file, which no power cut concerns
  sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

File& of(sqlite3_file* file) { return *reinterpret_cast<File*>(file); }

std::optional<std::string> content(const std::string& path) {
  return std::filesystem::exists(path) ? std::optional{read_text(path)} : std::nullopt;
}

}  // namespace

void UnsyncedFile::sync() {
  std::mt19937_64 unused;
  durable_ = after_cut(unused, 1);
  if (!durable_) durable_ = "";
  pending_.clear();
}

std::optional<std::string> UnsyncedFile::after_cut(std::mt19937_64& random, double share) const {
  std::bernoulli_distribution survives{share};
  if (removed_ && survives(random)) return std::nullopt;
  if (!durable_ && !survives(random)) return std::nullopt;
  auto result = durable_.value_or("");
  for (const auto& change : pending_) {
    if (change.truncates) {
      if (survives(random)) result.resize(static_cast<std::size_t>(change.at));
      continue;
    }
    const auto at = static_cast<std::size_t>(change.at);
    for (std::size_t from = 0; from < change.bytes.size();) {
      const auto length = std::min(sector - (at + from) % sector, change.bytes.size() - from);
      if (survives(random)) {
        result.resize(std::max(result.size(), at + from + length));
        result.replace(at + from, length, change.bytes, from, length);
      }
      from += length;
    }
  }
  return result;
}

struct FaultyVfs::Registration {
  sqlite3_vfs vfs{};
  sqlite3_vfs* real = nullptr;
};

/// What SQLite calls; each passes on to the real VFS what is not to fail.
struct FaultyVfs::Callbacks {
  static FaultyVfs& disk(sqlite3_vfs* vfs) { return *static_cast<FaultyVfs*>(vfs->pAppData); }
  static sqlite3_vfs* real(sqlite3_vfs* vfs) { return disk(vfs).registration_->real; }

  static int close(sqlite3_file* file) { return of(file).real()->pMethods->xClose(of(file).real()); }

  static int read(sqlite3_file* file, void* into, int length, sqlite3_int64 offset) {
    auto& mine = of(file);
    if (mine.disk->failing_reads_ || mine.disk->off_) return SQLITE_IOERR_READ;
    return mine.real()->pMethods->xRead(mine.real(), into, length, offset);
  }

  static int write(sqlite3_file* file, const void* from, int length, sqlite3_int64 offset) {
    auto& mine = of(file);
    auto& disk = *mine.disk;
    if (disk.off_) return SQLITE_IOERR_WRITE;
    if (mine.path != nullptr && !disk.step()) {
      // The write during which the power goes may still have got through in part.
      disk.known(*mine.path).write(offset, {static_cast<const char*>(from), static_cast<std::size_t>(length)});
      return SQLITE_IOERR_WRITE;
    }
    sqlite3_int64 size = 0;
    mine.real()->pMethods->xFileSize(mine.real(), &size);
    if (const int code = disk.may_write(std::max<sqlite3_int64>(0, offset + length - size)); code != SQLITE_OK)
      return code;
    disk.bytes_written_ += static_cast<std::uint64_t>(length);
    if (mine.path != nullptr) {
      disk.known(*mine.path).write(offset, {static_cast<const char*>(from), static_cast<std::size_t>(length)});
    }
    return mine.real()->pMethods->xWrite(mine.real(), from, length, offset);
  }

  static int truncate(sqlite3_file* file, sqlite3_int64 size) {
    auto& mine = of(file);
    if (mine.path != nullptr && !mine.disk->step()) return SQLITE_IOERR_TRUNCATE;
    if (mine.disk->read_only_ || mine.disk->failing_writes_) return SQLITE_IOERR_TRUNCATE;
    if (mine.path != nullptr) mine.disk->known(*mine.path).truncate(size);
    return mine.real()->pMethods->xTruncate(mine.real(), size);
  }

  static int sync(sqlite3_file* file, int) {
    auto& mine = of(file);
    if (mine.path != nullptr && !mine.disk->step()) return SQLITE_IOERR_FSYNC;
    if (mine.disk->failing_syncs_) return SQLITE_IOERR_FSYNC;
    if (mine.path != nullptr) mine.disk->known(*mine.path).sync();
    ++mine.disk->syncs_;
    return SQLITE_OK;  // nothing real loses its power here, so nobody need wait for the real disk
  }

  static int file_size(sqlite3_file* file, sqlite3_int64* size) {
    return of(file).real()->pMethods->xFileSize(of(file).real(), size);
  }
  static int lock(sqlite3_file* file, int level) { return of(file).real()->pMethods->xLock(of(file).real(), level); }
  static int unlock(sqlite3_file* file, int level) {
    return of(file).real()->pMethods->xUnlock(of(file).real(), level);
  }
  static int check_lock(sqlite3_file* file, int* answer) {
    return of(file).real()->pMethods->xCheckReservedLock(of(file).real(), answer);
  }
  static int control(sqlite3_file* file, int operation, void* argument) {
    return of(file).real()->pMethods->xFileControl(of(file).real(), operation, argument);
  }
  static int sector_size(sqlite3_file*) { return sector; }
  static int characteristics(sqlite3_file* file) {
    return of(file).real()->pMethods->xDeviceCharacteristics(of(file).real());
  }
  static int map(sqlite3_file* file, int region, int size, int extend, void volatile** into) {
    return of(file).real()->pMethods->xShmMap(of(file).real(), region, size, extend, into);
  }
  static int map_lock(sqlite3_file* file, int offset, int count, int flags) {
    return of(file).real()->pMethods->xShmLock(of(file).real(), offset, count, flags);
  }
  static void map_barrier(sqlite3_file* file) { of(file).real()->pMethods->xShmBarrier(of(file).real()); }
  static int unmap(sqlite3_file* file, int remove) {
    return of(file).real()->pMethods->xShmUnmap(of(file).real(), remove);
  }

  static int open(sqlite3_vfs* vfs, sqlite3_filename name, sqlite3_file* file, int flags, int* out) {
    static constexpr sqlite3_io_methods methods{
        2,      close,      read,    write,       truncate,        sync, file_size, lock,
        unlock, check_lock, control, sector_size, characteristics, map,  map_lock,  map_barrier,
        unmap,  nullptr,    nullptr};
    auto& mine = of(file);
    auto& disk = Callbacks::disk(vfs);
    mine.base.pMethods = nullptr;
    mine.disk = &disk;
    mine.path = nullptr;
    if (disk.off_) return SQLITE_CANTOPEN;
    if (disk.read_only_) {
      if (name != nullptr && !std::filesystem::exists(name)) return SQLITE_CANTOPEN;
      flags = (flags & ~(SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)) | SQLITE_OPEN_READONLY;
    }
    if (name != nullptr) {
      disk.known(name);
      if (!std::filesystem::exists(name)) disk.files_.find(name)->second = UnsyncedFile{std::nullopt};
      mine.path = &disk.files_.find(name)->first;
    }
    const int code = real(vfs)->xOpen(real(vfs), name, mine.real(), flags, out);
    if (mine.real()->pMethods != nullptr) mine.base.pMethods = &methods;
    return code;
  }

  static int remove(sqlite3_vfs* vfs, const char* name, int sync_folder) {
    auto& mine = disk(vfs);
    if (!mine.step() || mine.read_only_) return SQLITE_IOERR_DELETE;
    mine.known(name).remove();
    if (sync_folder != 0) mine.files_.erase(name);
    return real(vfs)->xDelete(real(vfs), name, 0);
  }
  static int access(sqlite3_vfs* vfs, const char* name, int flags, int* answer) {
    return real(vfs)->xAccess(real(vfs), name, flags, answer);
  }
  static int full_path(sqlite3_vfs* vfs, const char* name, int length, char* into) {
    return real(vfs)->xFullPathname(real(vfs), name, length, into);
  }
};

FaultyVfs::FaultyVfs() : registration_{std::make_unique<Registration>()} {
  auto* const real = sqlite3_vfs_find(nullptr);
  registration_->real = real;
  auto& vfs = registration_->vfs;
  vfs = *real;
  vfs.iVersion = 1;
  vfs.szOsFile = static_cast<int>(sizeof(File)) + real->szOsFile;
  vfs.pNext = nullptr;
  vfs.zName = "faulty";
  vfs.pAppData = this;
  vfs.xOpen = Callbacks::open;
  vfs.xDelete = Callbacks::remove;
  vfs.xAccess = Callbacks::access;
  vfs.xFullPathname = Callbacks::full_path;
  sqlite3_vfs_register(&vfs, 1);
}

FaultyVfs::~FaultyVfs() {
  sqlite3_vfs_unregister(&registration_->vfs);
  sqlite3_vfs_register(registration_->real, 1);
}

bool FaultyVfs::step() {
  if (off_) return false;
  if (!until_cut_) return true;
  if (*until_cut_ > 1) {
    --*until_cut_;
    return true;
  }
  off_ = true;
  return false;
}

int FaultyVfs::may_write(std::int64_t growth) {
  if (failing_writes_ || read_only_) return SQLITE_IOERR_WRITE;
  if (!room_) return SQLITE_OK;
  if (growth > *room_) return SQLITE_FULL;
  *room_ -= growth;
  return SQLITE_OK;
}

UnsyncedFile& FaultyVfs::known(const std::string& path) {
  const auto found = files_.find(path);
  return found != files_.end() ? found->second : files_.emplace(path, UnsyncedFile{content(path)}).first->second;
}

void FaultyVfs::restore_power(std::mt19937_64& random) {
  for (const auto& [path, file] : files_) {
    // Now and then nothing or everything of it was still on its way.
    const auto left = file.after_cut(random, std::clamp(std::uniform_real_distribution{-0.2, 1.2}(random), 0.0, 1.0));
    if (left) {
      std::ofstream{path, std::ios::binary} << *left;
    } else {
      std::filesystem::remove(path);
    }
  }
  files_.clear();
  until_cut_.reset();
  off_ = false;
}

}  // namespace fettle::test
