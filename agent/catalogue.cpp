#include "catalogue.hpp"

#include <cstdlib>
#include <filesystem>
#include <set>

namespace fettle {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> files_of(const std::string& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator entry{folder, error}; !error && entry != fs::directory_iterator{};
       entry.increment(error)) {
    if (entry->path().extension() == ".yaml") files.push_back(entry->path());
  }
  return files;
}

}  // namespace

Catalogue::Catalogue(std::string_view kind, const std::string& beside) {
  if (!beside.empty()) folders_.push_back(beside);
  // NOLINTNEXTLINE(concurrency-mt-unsafe): nothing changes the environment once a command runs
  const char* elsewhere = std::getenv("FETTLE_DATA");
  if (elsewhere != nullptr && *elsewhere != '\0') folders_.push_back((fs::path{elsewhere} / kind).string());
  folders_.push_back((fs::path{FETTLE_DATA_DIR} / kind).string());
}

std::optional<std::string> Catalogue::find(std::string_view name) const {
  for (const auto& folder : folders_) {
    for (const auto& file : files_of(folder)) {
      if (file.stem() == name) return file.string();
    }
  }
  return std::nullopt;
}

std::vector<std::string> Catalogue::names() const {
  std::set<std::string> names;
  for (const auto& folder : folders_) {
    for (const auto& file : files_of(folder)) names.insert(file.stem().string());
  }
  return {names.begin(), names.end()};
}

}  // namespace fettle
