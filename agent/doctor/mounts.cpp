#include "doctor/mounts.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <sstream>
#include <vector>

namespace fettle::doctor {
namespace {

constexpr std::array<std::string_view, 3> in_memory{"tmpfs", "ramfs", "zram"};

bool is_below(const std::filesystem::path& folder, const std::filesystem::path& point) {
  const auto [end, unused] = std::mismatch(point.begin(), point.end(), folder.begin(), folder.end());
  return end == point.end();
}

std::vector<std::string> words_of(const std::string& line) {
  std::istringstream stream{line};
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

/// "22 27 0:21 / /proc rw,relatime shared:7 - proc proc rw": after the dash kind and source, before it any number of fields.
std::optional<Mount> read_line(const std::string& line) {
  constexpr std::size_t point = 4, options = 5;
  const auto words = words_of(line);
  const auto dash = std::find(words.begin(), words.end(), "-");
  if (words.size() <= options || words.end() - dash < 3) return std::nullopt;
  return Mount{words[point], *(dash + 1), *(dash + 2), (words[options] + ",").starts_with("ro,")};
}

}  // namespace

std::optional<Mount> mount_of(std::string_view mountinfo, const std::filesystem::path& folder) {
  std::optional<Mount> best;
  std::istringstream stream{std::string{mountinfo}};
  for (std::string line; std::getline(stream, line);) {
    auto mount = read_line(line);
    if (!mount || !is_below(folder, mount->point)) continue;
    if (!best || mount->point.size() >= best->point.size()) best = std::move(mount);  // a later one covers an earlier
  }
  return best;
}

bool is_in_memory(const Mount& mount) {
  return std::find(in_memory.begin(), in_memory.end(), mount.kind) != in_memory.end();
}

std::string disk_of(std::string_view source) {
  constexpr std::string_view folder = "/dev/";
  if (!source.starts_with(folder)) return {};
  std::string disk{source.substr(folder.size())};
  if (disk.find('/') != std::string::npos) return {};
  const auto digit = [](char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; };
  auto end = disk.size();
  while (end > 0 && digit(disk[end - 1])) --end;
  const bool has_number_in_name = disk.starts_with("mmcblk") || disk.starts_with("nvme");
  if (!has_number_in_name) return disk.substr(0, end);
  return end > 1 && disk[end - 1] == 'p' ? disk.substr(0, end - 1) : disk;
}

}  // namespace fettle::doctor
