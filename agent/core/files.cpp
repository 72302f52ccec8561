#include "core/files.hpp"

#include <fcntl.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>

namespace fettle {
namespace {

std::error_code last_error() { return {errno, std::generic_category()}; }

bool write_all(const Descriptor& file, std::string_view text) {
  while (!text.empty()) {
    const auto written = ::write(file.number(), text.data(), text.size());
    if (written < 0 && errno != EINTR) return false;
    text.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(written, 0)));
  }
  return true;
}

/// Fills the text, or leaves it shorter if the file has become so.
bool read_all(const Descriptor& file, std::string& text) {
  std::size_t length = 0;
  while (length < text.size()) {
    const auto count = ::read(file.number(), text.data() + length, text.size() - length);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    if (count == 0) break;
    length += static_cast<std::size_t>(count);
  }
  text.resize(length);
  return true;
}

}  // namespace

Descriptor::~Descriptor() {
  if (number_ >= 0) ::close(number_);
}

std::optional<std::string> read_plain_file(const std::string& file, std::size_t limit, std::error_code& trouble) {
  trouble.clear();
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): open() has no other form
  const Descriptor opened{::open(file.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)};
  if (!opened.is_open()) {
    if (errno != ENOENT) trouble = last_error();
    return std::nullopt;
  }
  struct stat facts {};
  if (::fstat(opened.number(), &facts) != 0 || !S_ISREG(facts.st_mode)) {
    trouble = std::make_error_code(std::errc::invalid_argument);
    return std::nullopt;
  }
  if (static_cast<std::size_t>(facts.st_size) > limit) {
    trouble = std::make_error_code(std::errc::file_too_large);
    return std::nullopt;
  }
  std::string text(static_cast<std::size_t>(facts.st_size), '\0');
  if (read_all(opened, text)) return text;
  trouble = last_error();
  return std::nullopt;
}

std::string name_of_user(uid_t user) {
  const auto* const entry = ::getpwuid(user);
  return entry == nullptr ? std::to_string(user) : entry->pw_name;
}

std::error_code replace_file(const std::string& file, std::string_view text, unsigned rights) {
  const auto beside = file + ".new";
  {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): open() has no other form
    const Descriptor fresh{::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, rights)};
    if (!fresh.is_open() || !write_all(fresh, text) || ::fsync(fresh.number()) != 0) return last_error();
  }
  if (std::rename(beside.c_str(), file.c_str()) != 0) return last_error();
  const auto parent = std::filesystem::path{file}.parent_path();
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): open() has no other form
  const Descriptor folder{::open(parent.empty() ? "." : parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (!folder.is_open() || ::fsync(folder.number()) != 0) return last_error();
  return {};
}

}  // namespace fettle
