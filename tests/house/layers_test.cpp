#include "sources.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <algorithm>
#include <regex>
#include <set>

namespace fettle::test {
namespace {

using testing::IsEmpty;

const std::set<std::string, std::less<>> rooms{"core",     "settings",   "acquisition", "manipulation", "detection",
                                               "health",   "prognosis",  "advisory",    "delivery",     "store",
                                               "commands", "operations", "doctor"};

/// `"health/x.hpp"` -> "health"; an include without a folder is a header beside main.cpp.
std::string room_of_include(const std::string& include) {
  const auto slash = include.find('/');
  return slash == std::string::npos ? "" : include.substr(1, slash - 1);
}

bool is_ours(const std::string& include) { return include.front() == '"'; }

/// What a file that reads its own settings may use.
bool is_settings_door(const std::string& include) {
  return include == "\"settings/node.hpp\"" || include == "\"settings/fields.hpp\"";
}

bool may_include(const std::string& room, const std::string& include) {
  const auto wanted = room_of_include(include);
  if (wanted == room || wanted == "core") return true;
  if (room == "core") return false;
  if (is_settings_door(include)) return true;
  if (room == "drivers") return wanted == "acquisition" || !rooms.contains(wanted);
  return (room == "commands" || room == "operations" || room == "doctor") && wanted.empty();
}

TEST(Layers, no_room_includes_another) {
  std::vector<std::string> wrong;
  for (const auto& file : sources_in({"agent", "drivers"})) {
    if (file.room().empty()) continue;
    for (const auto& include : file.includes()) {
      if (is_ours(include) && !may_include(file.room(), include)) wrong.push_back(file.path + " includes " + include);
    }
  }
  EXPECT_THAT(wrong, IsEmpty());
}

TEST(Layers, every_room_has_a_known_name) {
  for (const auto& file : sources_in({"agent"})) {
    EXPECT_TRUE(file.room().empty() || rooms.contains(file.room())) << file.path;
  }
}

/// A library of others, and the only places that may know it.
struct Door {
  std::string_view library;
  std::string_view include;  ///< regular expression
  std::vector<std::string_view> places;
};

using Places = std::vector<std::string_view>;
const Places where_io_is{"agent/acquisition/", "agent/delivery/", "agent/commands/", "agent/doctor/", "drivers/"};
const Places where_openssl_is{"agent/delivery/jws.cpp", "agent/delivery/certificate.cpp",
                              "agent/delivery/tls_visit.cpp", "agent/delivery/sas_token.cpp"};
const Places where_logs_are{"agent/acquisition/", "agent/delivery/", "agent/commands/", "agent/store/", "drivers/"};

class Doors : public testing::TestWithParam<Door> {};

TEST_P(Doors, are_the_only_way_to_the_library) {
  const auto& door = GetParam();
  const std::regex pattern{std::string{door.include}};
  const bool beside_main = door.library == "Asio" || door.library == "spdlog";
  std::vector<std::string> wrong;
  for (const auto& file : sources_in({"agent", "drivers"})) {
    if (file.is_in_any(door.places) || (beside_main && file.room().empty())) continue;
    for (const auto& include : file.includes()) {
      if (std::regex_search(include, pattern)) wrong.push_back(file.path + " includes " + include);
    }
  }
  EXPECT_THAT(wrong, IsEmpty()) << door.library;
}

INSTANTIATE_TEST_SUITE_P(
    Layers, Doors,
    testing::Values(
        Door{"Paho", R"(mqtt/\w+\.h[>"]|MQTT(Async|Client))", {"agent/delivery/paho_", "drivers/mqtt/paho_"}},
        Door{"protozero", "protozero/", {"agent/delivery/sparkplug_payload.cpp"}},
        Door{"SQLite", "sqlite3", {"agent/store/"}}, Door{"YAML", "yaml-cpp", {"agent/settings/"}},
        Door{"muParser", "muParser", {"agent/manipulation/formula.cpp"}},
        Door{"Eigen", "Eigen/", {"agent/detection/mewma.cpp"}}, Door{"OpenSSL", "openssl/", where_openssl_is},
        Door{"CLI11", "CLI/", {"agent/commands/", "agent/main.cpp"}}, Door{"Asio", "boost/asio", where_io_is},
        Door{"spdlog", "spdlog", where_logs_are}),
    [](const auto& door) { return std::string{door.param.library}; });

TEST(Layers, yaml_ends_in_the_settings_room_s_cpp_files) {
  for (const auto& file : sources_in({"agent/settings"})) {
    if (!file.path.ends_with(".hpp")) continue;
    for (const auto& include : file.includes()) EXPECT_EQ(include.find("yaml-cpp"), std::string::npos) << file.path;
  }
}

/// Lines outside of comments that match.
std::vector<std::string> lines_with(const std::vector<SourceFile>& files, const std::regex& pattern) {
  std::vector<std::string> result;
  for (const auto& file : files) {
    for (std::size_t line = 0; line < file.lines.size(); ++line) {
      const auto code = file.lines[line].substr(0, file.lines[line].find("//"));
      if (std::regex_search(code, pattern)) result.push_back(at_line(file, line));
    }
  }
  return result;
}

TEST(Layers, pure_rooms_never_ask_for_the_time_or_the_outside_world) {
  const auto pure =
      sources_in({"agent/manipulation", "agent/detection", "agent/health", "agent/prognosis", "agent/advisory"});
  EXPECT_THAT(lines_with(pure, std::regex{R"(_clock::now|\bstd::time\(|\bgettimeofday|\bDomainClock\b)"}), IsEmpty());
  EXPECT_THAT(
      lines_with(pure, std::regex{R"(std::[io]?fstream|std::filesystem|std::j?thread|std::getenv|std::random_device)"}),
      IsEmpty());
}

TEST(Layers, nobody_locks_sleeps_or_suspends) {
  const auto all = sources_in({"agent", "drivers"});
  EXPECT_THAT(lines_with(all, std::regex{R"(std::(recursive_|shared_)?mutex|lock_guard|unique_lock|scoped_lock)"}),
              IsEmpty());
  EXPECT_THAT(lines_with(all, std::regex{R"(sleep_for|sleep_until|\bu?sleep\(|co_await|co_return|co_yield)"}),
              IsEmpty());
}

TEST(Size, no_source_is_longer_than_300_lines) {
  for (const auto& file : sources_in({"agent", "drivers", "tests"})) {
    EXPECT_LE(file.lines.size(), 300U) << file.path;
  }
}

TEST(Size, headers_are_guarded_by_pragma_once) {
  for (const auto& file : sources_in({"agent", "drivers", "tests"})) {
    if (!file.path.ends_with(".hpp")) continue;
    EXPECT_EQ(file.lines.at(0), "#pragma once") << file.path;
  }
}

}  // namespace
}  // namespace fettle::test
