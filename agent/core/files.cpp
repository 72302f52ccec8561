#include "core/files.hpp"

#include <fcntl.h>
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

}  // namespace

Descriptor::~Descriptor() {
  if (number_ >= 0) ::close(number_);
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
