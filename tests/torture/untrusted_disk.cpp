// A disk that is not to be trusted, for a program that is started with LD_PRELOAD=<this library>. It watches one folder.
//
//   FETTLE_DISK_FOLDER      the folder; all else is left alone
//   FETTLE_DISK_DURABLE     a folder outside of it, where the content of each file as of its last fsync or fdatasync is kept,
//                           under <identity>.<name>; an fsync of a folder keeps its names. What is not there, a power cut may take away.
//   FETTLE_DISK_FORGETFUL   if set: fsync and fdatasync do nothing and claim success
//   FETTLE_DISK_TROUBLE     a file; while it exists, every change in the folder fails with the error that it names:
//                           ENOSPC, EIO or EROFS
//
// Nothing is really flushed: the power of this machine stays on, and the copies are all that the test asks for.

#include "torture/durable_copies.hpp"

#include <dlfcn.h>
#include <fcntl.h>
#include <unistd.h>
#include <cerrno>
#include <cstdarg>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using fettle::test::DurableCopies;

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

struct Settings {
  std::string folder = variable("FETTLE_DISK_FOLDER");
  std::string durable = variable("FETTLE_DISK_DURABLE");
  std::string trouble = variable("FETTLE_DISK_TROUBLE");
  bool forgetful = !variable("FETTLE_DISK_FORGETFUL").empty();
};

const Settings& settings() {
  static const Settings read_once;
  return read_once;
}

template <class Function>
Function* next(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

bool is_watched(std::string_view path) {
  const std::string_view folder = settings().folder;
  return !folder.empty() && path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

bool is_watched(int descriptor) { return is_watched(fettle::test::path_of(descriptor)); }

/// The error that changes in the folder meet; 0: none.
int trouble() {
  const auto& file = settings().trouble;
  if (file.empty()) return 0;
  static const auto real_open = next<int(const char*, int, ...)>("open64");
  const int descriptor = real_open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return 0;
  char text[8] = {};
  const auto size = read(descriptor, text, sizeof text - 1);
  close(descriptor);
  const std::string_view name{text, size > 0 ? static_cast<std::size_t>(size) : 0};
  if (name.starts_with("EROFS")) return EROFS;
  return name.starts_with("ENOSPC") ? ENOSPC : EIO;
}

/// True, with errno set, if a change of what `place` names is refused.
template <class Place>
bool refuses(Place place) {
  if (!is_watched(place)) return false;
  const int error = trouble();
  if (error != 0) errno = error;
  return error != 0;
}

int flush(int descriptor, const char* name) {
  if (!is_watched(descriptor)) return next<int(int)>(name)(descriptor);
  if (refuses(descriptor)) return -1;
  if (!settings().forgetful && !settings().durable.empty()) {
    DurableCopies{settings().folder, settings().durable}.keep(descriptor);
  }
  return 0;
}

/// Opening for writing fails on a disk that is read-only, and making a file on one that is full as well.
bool refuses_to_open(const char* path, int flags) {
  const bool makes = (flags & O_CREAT) != 0 && access(path, F_OK) != 0;
  const bool writes = (flags & O_ACCMODE) != O_RDONLY;
  if (!makes && !writes) return false;
  return refuses(path) && (makes || errno == EROFS);
}

int open_as(const char* name, const char* path, int flags, mode_t mode) {
  if (refuses_to_open(path, flags)) return -1;
  return next<int(const char*, int, ...)>(name)(path, flags, mode);
}

}  // namespace

// The C library's own names and signatures.
extern "C" {

int fsync(int descriptor) { return flush(descriptor, "fsync"); }
int fdatasync(int descriptor) { return flush(descriptor, "fdatasync"); }

int open(const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const auto mode = (flags & O_CREAT) != 0 ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  return open_as("open", path, flags, mode);
}

int open64(const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const auto mode = (flags & O_CREAT) != 0 ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  return open_as("open64", path, flags, mode);
}

ssize_t write(int descriptor, const void* bytes, size_t size) {
  static const auto real = next<ssize_t(int, const void*, size_t)>("write");
  return refuses(descriptor) ? -1 : real(descriptor, bytes, size);
}

ssize_t pwrite(int descriptor, const void* bytes, size_t size, off_t offset) {
  static const auto real = next<ssize_t(int, const void*, size_t, off_t)>("pwrite");
  return refuses(descriptor) ? -1 : real(descriptor, bytes, size, offset);
}

ssize_t pwrite64(int descriptor, const void* bytes, size_t size, off64_t offset) {
  static const auto real = next<ssize_t(int, const void*, size_t, off64_t)>("pwrite64");
  return refuses(descriptor) ? -1 : real(descriptor, bytes, size, offset);
}

int ftruncate(int descriptor, off_t size) noexcept {
  static const auto real = next<int(int, off_t)>("ftruncate");
  return refuses(descriptor) ? -1 : real(descriptor, size);
}

int ftruncate64(int descriptor, off64_t size) noexcept {
  static const auto real = next<int(int, off64_t)>("ftruncate64");
  return refuses(descriptor) ? -1 : real(descriptor, size);
}

int unlink(const char* path) noexcept {
  static const auto real = next<int(const char*)>("unlink");
  return refuses(path) ? -1 : real(path);
}

int rename(const char* from, const char* to) noexcept {
  static const auto real = next<int(const char*, const char*)>("rename");
  return refuses(to) ? -1 : real(from, to);
}

}  // extern "C"
