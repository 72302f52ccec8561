#include "sysfs/files.hpp"

#include "text/words.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

namespace fettle::sysfs {
namespace {

constexpr std::size_t longest = 4096;  // what the kernel gives for one file

Error explain(const std::filesystem::path& file, int cause) {
  const auto what = fmt::format("cannot read {} ({})", file.string(), std::generic_category().message(cause));
  switch (cause) {
    case EACCES:
    case EPERM: return failure(Fault::refused, what + "; give the agent's user access with a group or a udev rule");
    case ENOENT:
    case ENODEV:
    case ENXIO: return failure(Fault::timeout, what + "; is the sensor connected?");
    case EAGAIN:
    case ETIMEDOUT:
    case EIO: return failure(Fault::timeout, what + "; the sensor does not answer its driver");
    default: return failure(Fault::malformed, what);
  }
}

}  // namespace

Result<std::string> read_file(const std::filesystem::path& file) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): open() has no other form
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return explain(file, errno);
  std::array<char, longest> text{};
  std::size_t size = 0;
  ssize_t count = 0;
  while (size < text.size() && (count = ::read(descriptor, text.data() + size, text.size() - size)) > 0)
    size += static_cast<std::size_t>(count);
  const auto cause = errno;
  ::close(descriptor);
  if (count < 0) return explain(file, cause);
  return std::string{text.data(), size};
}

Result<double> read_number(const std::filesystem::path& file) {
  const auto text = read_file(file);
  if (!text) return text.error();
  const auto number = text::parse_number(text::trimmed(*text));
  if (number) return *number;
  return failure(Fault::malformed,
                 fmt::format("{} holds no number (\"{}\")", file.string(), text::trimmed(*text).substr(0, 40)));
}

std::vector<std::string> names_in(const std::filesystem::path& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator{folder, error})
    names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace fettle::sysfs
