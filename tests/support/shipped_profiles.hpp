#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace fettle::test {

/// What a profile says after "protocol: ". The file is not parsed: each test of a program waits for the names of all of them.
inline std::string protocol_of(const std::filesystem::path& file) {
  constexpr std::string_view key{"protocol: "};
  std::ifstream lines{file};
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(key)) return line.substr(key.size());
  }
  return {};
}

/// The files of config/devices of which `wanted` says so.
template <class Wanted>
std::vector<std::string> shipped_profiles(Wanted wanted) {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator{FETTLE_SOURCE_DIR "/config/devices"}) {
    if (entry.path().extension() == ".yaml" && wanted(entry.path())) files.push_back(entry.path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

/// A profile's test is named as its file.
inline std::string stem(const testing::TestParamInfo<std::string>& info) {
  return std::filesystem::path{info.param}.stem().string();
}

}  // namespace fettle::test
