#include "installation.hpp"
#include "settings/node.hpp"
#include "support/certificates.hpp"
#include "support/child.hpp"
#include "support/temp_dir.hpp"

#include <gtest/gtest.h>
#include <algorithm>
#include <chrono>
#include <filesystem>

namespace fettle::test {
namespace {

namespace fs = std::filesystem;

const fs::path config{FETTLE_SOURCE_DIR "/config"};

std::vector<std::string> yaml_files_in(const fs::path& folder) {
  std::vector<std::string> result;
  for (const auto& entry : fs::directory_iterator{folder}) {
    if (entry.path().extension() == ".yaml") result.push_back(entry.path().string());
  }
  std::ranges::sort(result);
  return result;
}

std::string text_of(const settings::Mistakes& mistakes) {
  std::string result;
  for (const auto& each : mistakes.all()) result += to_text(each) + "\n";
  return result;
}

TEST(ShippedYaml, every_device_profile_is_without_mistakes) {
  const auto files = yaml_files_in(config / "devices");
  EXPECT_FALSE(files.empty());
  for (const auto& file : files) {
    settings::Mistakes mistakes;
    check_profile_file(file, mistakes);
    EXPECT_EQ(text_of(mistakes), "");
  }
}

TEST(ShippedYaml, every_equipment_model_is_without_mistakes) {
  const auto files = yaml_files_in(config / "equipment");
  EXPECT_FALSE(files.empty());
  for (const auto& file : files) {
    settings::Mistakes mistakes;
    check_model_file(file, mistakes);
    EXPECT_EQ(text_of(mistakes), "");
  }
}

TEST(ShippedYaml, every_site_file_passes_fettle_check) {
  constexpr std::chrono::seconds patience{20};
  const auto files = yaml_files_in(config);
  EXPECT_FALSE(files.empty());
  // What a login to a cloud service takes.
  const TempDir folder;
  const Authority authority{folder.path()};
  const auto pair = authority.issue("gw-0042");
  const ChildOptions secrets{{{"FETTLE_DEVICE_KEY", folder.write("key", "AAECAwQFBgcICQoLDA0ODw==")},
                              {"FETTLE_CERTIFICATE", pair.certificate},
                              {"FETTLE_KEY", pair.key}},
                             config};
  for (const auto& file : files) {
    Child fettle{{FETTLE_BINARY, "check", "-c", file}, secrets};
    EXPECT_EQ(fettle.wait(patience), 0) << fettle.output();
  }
}

}  // namespace
}  // namespace fettle::test
