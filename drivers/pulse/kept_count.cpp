#include "pulse/kept_count.hpp"

#include "core/files.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <charconv>
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
  const auto trouble = replace_file(file, fmt::format("{}\n", count), 0640);
  if (trouble) return cannot("write", file, trouble.value());
  return {};
}

}  // namespace fettle::pulse
