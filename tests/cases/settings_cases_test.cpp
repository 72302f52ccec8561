#include "support/child.hpp"
#include "support/temp_dir.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <algorithm>
#include <filesystem>
#include <regex>

namespace fettle::test {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

std::vector<std::string> cases() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator{CASES}) names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

/// Where profiles are installed differs from build to build; the cases write {installed}.
std::string without_prefix(const std::string& text) {
  return std::regex_replace(text, std::regex{INSTALLED_DATA}, "{installed}");
}

class SettingsCase : public testing::TestWithParam<std::string> {};

TEST_P(SettingsCase, is_answered_with_every_mistake_and_its_place) {
  const auto folder = fs::path{CASES} / GetParam();
  Child check{{FETTLE_BINARY, "check", "-c", "site.yaml"}, {{{"FETTLE_DATA", "../../../../config"}}, folder}};
  EXPECT_EQ(check.wait(30s), 78);
  EXPECT_EQ(without_prefix(check.output()), read_text(folder / "error.txt"));
}

INSTANTIATE_TEST_SUITE_P(Settings, SettingsCase, testing::ValuesIn(cases()),
                         [](const auto& each) { return each.param; });

TEST(Check, says_what_would_run_when_all_is_well) {
  Child check{{FETTLE_BINARY, "check", "-c", "site.example.yaml"},
              {{{"FETTLE_DATA", "."}}, fs::path{FETTLE_SOURCE_DIR} / "config"}};
  EXPECT_EQ(check.wait(30s), 0);
  EXPECT_THAT(check.output(), testing::HasSubstr("site.example.yaml is fine: gateway gw-0042"));
  EXPECT_THAT(check.output(), testing::ContainsRegex("AHU-01 +air_handler +filter-clog"));
  EXPECT_THAT(check.output(),
              testing::HasSubstr("note: profile eastron_sdm630 was not yet compared with a real device"));
}

TEST(Check, finds_the_other_examples_without_a_mistake_as_well) {
  const fs::path config{FETTLE_SOURCE_DIR "/config"};
  const test::TempDir folder;
  const auto key = folder.write("device_key", "c2VjcmV0\n");
  for (const std::string name : {"azure", "sparkplug", "shaft"}) {
    Child check{{FETTLE_BINARY, "check", "-c", "site." + name + ".example.yaml"},
                {{{"FETTLE_DATA", "."}, {"FETTLE_DEVICE_KEY", key}}, config}};
    EXPECT_EQ(check.wait(30s), 0) << check.output();
  }
  Child aws{{FETTLE_BINARY, "check", "-c", "site.aws.example.yaml"}, {{{"FETTLE_DATA", "."}}, config}};
  EXPECT_EQ(aws.wait(30s), 78);
  EXPECT_THAT(aws.output(), testing::HasSubstr("1 mistake in 1 file")) << "its certificate is not there";
}

/// What the program says to some words, which end it with `status`.
std::string answer(std::vector<std::string> words, int status) {
  words.insert(words.begin(), FETTLE_BINARY);
  Child child{std::move(words)};
  EXPECT_EQ(child.wait(30s), status);
  return child.output();
}

TEST(CommandLine, answers_usage_mistakes_with_64_and_help_with_0) {
  answer({}, 64);
  answer({"list", "nonsense"}, 64);
  EXPECT_THAT(answer({"--help"}, 0), testing::HasSubstr("Example: fettle check"));
  EXPECT_THAT(answer({"--version"}, 0), testing::MatchesRegex("fettle [0-9]+\\.[0-9]+\\.[0-9]+\n"));
}

TEST(CommandLine, names_the_word_that_it_does_not_know) {
  EXPECT_THAT(answer({"chekc"}, 64), testing::HasSubstr("no command \"chekc\" (did you mean \"check\"?)"));
  EXPECT_THAT(answer({"bogus"}, 64), testing::HasSubstr("no command \"bogus\" (there are alerts, check,"));
  EXPECT_THAT(answer({"check", "good.yaml"}, 64), testing::HasSubstr("A site file is given as -c FILE"));
}

TEST(CommandLine, takes_help_for_a_command) {
  EXPECT_THAT(answer({"help", "check"}, 0), testing::HasSubstr("Usage: fettle check"));
}

TEST(CommandLine, does_not_end_well_when_what_it_says_is_lost) {
  for (const std::string words :
       {"list drivers", "list equipment", "check -c " FETTLE_SOURCE_DIR "/config/site.example.yaml", "help",
        "sandbox -c " FETTLE_SOURCE_DIR "/config/site.example.yaml"}) {
    Child full{{"/bin/sh", "-c", FETTLE_BINARY " " + words + " >/dev/full"},
               {{{"FETTLE_DATA", FETTLE_SOURCE_DIR "/config"}}, {}}};
    EXPECT_EQ(full.wait(30s), 1) << words;
    EXPECT_THAT(full.output(), testing::StartsWith("fettle: ")) << words;
  }
}

TEST(CommandLine, says_once_that_scores_are_lost) {
  const test::TempDir folder;
  const auto table = folder.write("table.csv", "time,flow\n2026-01-01 00:00:00,1\n");
  Child full{{"/bin/sh", "-c", FETTLE_BINARY " score " + table + " >/dev/full"}};
  EXPECT_EQ(full.wait(30s), 1);
  EXPECT_EQ(full.output(), "fettle score: the scores cannot be written: no space, or nobody reads them\n");
}

TEST(CommandLine, does_not_scan_for_a_draft_that_it_cannot_write) {
  const test::TempDir folder;
  const auto file = folder.write("site.yaml", "gateway: mine\n");
  EXPECT_THAT(answer({"scan", "modbus-tcp", "127.0.0.1:1", "--force", "-o", file}, 64),
              testing::HasSubstr("write over it with --overwrite"));
  EXPECT_THAT(answer({"scan", "modbus-tcp", "127.0.0.1:1", "-o", folder.file("none/site.yaml")}, 64),
              testing::HasSubstr("no file can be written into"));
  EXPECT_THAT(answer({"scan", "modbus-tcp", "127.0.0.1:1", "--overwrite", "-o", folder.path().string()}, 64),
              testing::HasSubstr("cannot be written"));
}

TEST(CommandLine, lists_parts_profiles_and_models) {
  const ChildOptions shipped{{{"FETTLE_DATA", FETTLE_SOURCE_DIR "/config"}}, {}};
  const auto list = [&shipped](const std::string& kind) {
    Child child{{FETTLE_BINARY, "list", kind}, shipped};
    child.wait(30s);
    return child.output();
  };
  EXPECT_THAT(list("drivers"), testing::ContainsRegex("modbus_tcp +[A-Za-z]"));
  EXPECT_THAT(list("detectors"), testing::ContainsRegex("baseline_limit +[A-Za-z]"));
  EXPECT_THAT(list("forecasters"), testing::ContainsRegex("theil_sen +[A-Za-z]"));
  EXPECT_THAT(list("features"), testing::ContainsRegex("formula +[A-Za-z]"));
  EXPECT_THAT(list("devices"), testing::ContainsRegex("name +device +protocol +points +verified +identify"));
  EXPECT_THAT(list("devices"), testing::ContainsRegex("eastron_sdm630 +Eastron SDM630.* +modbus +38 +no +no\n"));
  EXPECT_THAT(list("devices"), testing::ContainsRegex("sunspec_meter_203 +SunSpec .* +modbus +16 +no +yes\n"));
  EXPECT_THAT(list("equipment"), testing::ContainsRegex("pump +Centrifugal pump"));
}

}  // namespace
}  // namespace fettle::test
