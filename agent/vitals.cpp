#include "vitals.hpp"

#include <sys/statvfs.h>
#include <charconv>
#include <fstream>
#include <string_view>

namespace fettle {
namespace {

/// The number behind "key:" in a file of /proc.
std::optional<std::uint64_t> number_behind(const std::string& file, std::string_view key) {
  std::ifstream stream{file};
  for (std::string line; std::getline(stream, line);) {
    if (!line.starts_with(key)) continue;
    const auto begin = line.find_first_of("0123456789", key.size());
    if (begin == std::string::npos) return std::nullopt;
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(line.data() + begin, line.data() + line.size(), value);
    if (error == std::errc{}) return value;
    return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

Vitals take_vitals(const std::string& store_folder) {
  Vitals vitals;
  vitals.store_folder = store_folder;
  struct statvfs facts {};
  if (::statvfs(store_folder.c_str(), &facts) == 0) {
    vitals.free_bytes = std::uint64_t{facts.f_bavail} * facts.f_frsize;
    vitals.total_bytes = std::uint64_t{facts.f_blocks} * facts.f_frsize;
  }
  return vitals;
}

std::optional<std::uint64_t> bytes_written(const std::string& file) { return number_behind(file, "write_bytes:"); }

std::optional<std::uint64_t> resident_memory(const std::string& file) {
  const auto kibibytes = number_behind(file, "VmRSS:");
  if (!kibibytes) return std::nullopt;
  return *kibibytes * 1024;
}

}  // namespace fettle
