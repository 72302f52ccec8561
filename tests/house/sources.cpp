#include "sources.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>

namespace fettle::test {
namespace {

namespace fs = std::filesystem;

const fs::path top{FETTLE_SOURCE_DIR};

SourceFile read(const fs::path& path) {
  SourceFile result{fs::relative(path, top).generic_string(), {}};
  std::ifstream stream{path};
  for (std::string line; std::getline(stream, line);) result.lines.push_back(line);
  return result;
}

bool is_source(const fs::path& path) { return path.extension() == ".cpp" || path.extension() == ".hpp"; }

bool is_foreign(const fs::path& folder) {
  const auto name = folder.filename().string();
  return name == ".git" || name == "build" || name == "__pycache__" || name == "node_modules";
}

/// Binary files have a zero byte early on.
bool is_text(const fs::path& path) {
  std::ifstream stream{path, std::ios::binary};
  std::string beginning(4096, ' ');
  stream.read(beginning.data(), static_cast<std::streamsize>(beginning.size()));
  beginning.resize(static_cast<std::size_t>(stream.gcount()));
  return beginning.find('\0') == std::string::npos;
}

template <class Wanted>
std::vector<SourceFile> files_below(const fs::path& folder, Wanted wanted) {
  std::vector<SourceFile> result;
  for (auto entry = fs::recursive_directory_iterator{folder}; entry != fs::recursive_directory_iterator{}; ++entry) {
    if (entry->is_directory() && is_foreign(entry->path())) entry.disable_recursion_pending();
    if (entry->path().filename() == ".git") continue;  // of a second work tree it is a file
    if (entry->is_regular_file() && wanted(entry->path())) result.push_back(read(entry->path()));
  }
  std::ranges::sort(result, {}, &SourceFile::path);
  return result;
}

}  // namespace

bool SourceFile::is_in_any(std::span<const std::string_view> folders) const {
  return std::ranges::any_of(folders, [this](std::string_view folder) { return is_in(folder); });
}

std::vector<std::string> SourceFile::includes() const {
  static const std::regex pattern{R"re(^\s*#\s*include\s*([<"][^>"]+[>"]))re"};
  std::vector<std::string> result;
  for (const auto& line : lines) {
    std::smatch match;
    if (std::regex_search(line, match, pattern)) result.push_back(match[1]);
  }
  return result;
}

std::string SourceFile::room() const {
  if (is_in("drivers/")) return "drivers";
  const auto rest = path.substr(path.find('/') + 1);
  const auto slash = rest.find('/');
  return slash == std::string::npos ? "" : rest.substr(0, slash);
}

std::vector<SourceFile> sources_in(std::initializer_list<std::string_view> folders) {
  std::vector<SourceFile> result;
  for (const auto folder : folders) {
    for (auto& file : files_below(top / folder, is_source)) result.push_back(std::move(file));
  }
  return result;
}

std::vector<SourceFile> repository_files() {
  return files_below(top, [](const fs::path& path) { return path.filename() != "LICENSE" && is_text(path); });
}

std::string at_line(const SourceFile& file, std::size_t line) {
  return file.path + ":" + std::to_string(line + 1) + ": " + file.lines.at(line);
}

}  // namespace fettle::test
