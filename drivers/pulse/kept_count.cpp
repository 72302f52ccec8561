#include "pulse/kept_count.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <system_error>

namespace fettle::pulse {
namespace {

Error cannot(const char* what, const std::string& file, int cause) {
  return failure(Fault::offline, fmt::format("cannot {} {} ({})", what, file, std::generic_category().message(cause)));
}

}  // namespace

Result<std::uint64_t> load_count(const std::string& file) {
  std::ifstream stream{file};
  if (!stream && !std::filesystem::exists(file)) return std::uint64_t{0};
  if (!stream) return cannot("read", file, EACCES);
  std::string text;
  std::getline(stream, text);
  std::uint64_t count = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error == std::errc{} && stop == text.data() + text.size()) return count;
  return failure(Fault::offline,
                 fmt::format("{} holds no number of pulses; write the right one into it, or remove it", file));
}

Result<void> save_count(const std::string& file, std::uint64_t count) {
  const auto beside = file + ".new";
  const auto text = fmt::format("{}\n", count);
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): open() has no other form
  const int descriptor = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
  if (descriptor < 0) return cannot("write", beside, errno);
  const bool written =
      ::write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(descriptor) == 0;
  const auto cause = errno;
  ::close(descriptor);
  if (!written) return cannot("write", beside, cause);
  if (std::rename(beside.c_str(), file.c_str()) != 0) return cannot("write", file, errno);
  return {};
}

}  // namespace fettle::pulse
