#include "support/child.hpp"
#include "support/temp_dir.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

namespace fettle::test {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

/// `fettle replay` as somebody calls it, with a site of one shaft.
class ReplayCase : public testing::Test {
 protected:
  void SetUp() override {
    folder_.write("site.yaml", R"(
gateway: {id: gw-1}
site: {id: S, tz: Europe/Berlin, building: B}
store: {folder: store}
buses:
  - {id: history, driver: csv}
  - {id: line, driver: modbus_tcp, host: 127.0.0.1}
devices:
  - id: rig
    bus: history
    every: 10m
    profile:
      protocol: csv
      time: {column: time}
      points: {acceleration: {quantity: acceleration, unit: g, column: bearing}}
  - {id: meter, bus: line, unit: 1, profile: generic_vibration_4ch, every: 1m}
assets:
  - {id: SHAFT-01, name: Shaft, model: driven_shaft, points: {acceleration_1: rig/acceleration}}
)");
  }

  int replay(std::vector<std::string> arguments) {
    std::vector<std::string> command{FETTLE_BINARY, "replay", "-c", "site.yaml"};
    command.insert(command.end(), arguments.begin(), arguments.end());
    Child child{std::move(command), {{{"FETTLE_DATA", FETTLE_SOURCE_DIR "/config"}}, folder_.path()}};
    const auto status = child.wait(30s);
    output_ = child.output();
    return status.value_or(-1);
  }

  TempDir folder_;
  std::string output_;
};

/// How many bytes of a file a process has read; none while it has not opened it.
std::size_t read_of(const std::filesystem::path& file, pid_t process) {
  std::error_code gone;
  for (const auto& open : std::filesystem::directory_iterator{fmt::format("/proc/{}/fd", process), gone}) {
    if (std::filesystem::read_symlink(open.path(), gone) != file) continue;
    std::ifstream facts{fmt::format("/proc/{}/fdinfo/{}", process, open.path().filename().string())};
    std::string name;
    std::size_t bytes = 0;
    facts >> name >> bytes;
    return bytes;
  }
  return 0;
}

TEST_F(ReplayCase, sums_up_what_was_read_and_what_was_left_out) {
  folder_.write("a.csv",
                "time,bearing\n2026-06-01 00:00,0.1\n2026-06-01 00:10,0.1\nlunch,0.1\n2026-06-01 00:20,loud\n");
  EXPECT_EQ(replay({"a.csv", "--alerts", "alerts.csv"}), 0) << output_;
  EXPECT_THAT(output_, AllOf(HasSubstr("3 rows, 3 readings (1 without a good value)"), HasSubstr("0 alerts\n"),
                             HasSubstr("a.csv:4: \"lunch\" is not \"iso\""), HasSubstr("a.csv:5: bearing: \"loud\""),
                             HasSubstr("devices without a recorded history: meter"), Not(HasSubstr("\x1b"))));
  EXPECT_EQ(read_text(folder_.path() / "alerts.csv"),
            "asset,mode,kind,severity,raised_at,cleared_at,ttf_low_h,ttf_mid_h,ttf_high_h,alert,visit\n");
}

TEST_F(ReplayCase, does_not_end_well_when_its_summary_is_lost) {
  folder_.write("a.csv", "time,bearing\n2026-06-01 00:00,0.1\n2026-06-01 00:10,0.2\n");
  Child full{{"/bin/sh", "-c", FETTLE_BINARY " replay -c site.yaml a.csv >/dev/full"},
             {{{"FETTLE_DATA", FETTLE_SOURCE_DIR "/config"}}, folder_.path()}};
  EXPECT_EQ(full.wait(30s), 1);
  EXPECT_THAT(full.output(), HasSubstr("fettle: not all could be printed"));
}

TEST_F(ReplayCase, answers_mistakes_with_78_and_their_places) {
  EXPECT_EQ(replay({}), 78);
  EXPECT_THAT(output_, HasSubstr("\"file\" is missing"));
  EXPECT_EQ(replay({"nowhere.csv"}), 78);
  EXPECT_THAT(output_, AllOf(HasSubstr("command line:1:1: rig: cannot read "), HasSubstr("nowhere.csv")));
  folder_.write("wrong.csv", "time,bearings\n2026-06-01 00:00,0.1\n");
  EXPECT_EQ(replay({"wrong.csv"}), 78);
  EXPECT_THAT(output_, HasSubstr("site.yaml:15:72: devices[0].profile.points.acceleration.column: there is no column "
                                 "\"bearing\" in "));
  folder_.write("empty.csv", "");
  EXPECT_EQ(replay({"rig=empty.csv"}), 78);
  EXPECT_THAT(output_, HasSubstr("is empty; its first line must name the columns"));
}

TEST_F(ReplayCase, tells_of_a_table_that_it_cannot_make_out) {
  folder_.write("commas.csv", "time,bearing\n2026-06-01 00:00,0,1\n2026-06-01 00:10,0,2\n2026-06-01 00:20,0,3\n");
  EXPECT_EQ(replay({"commas.csv"}), 1);
  EXPECT_THAT(output_, AllOf(HasSubstr("3 with more cells than the header"), HasSubstr("set profile.decimal: comma")));
  folder_.write("twice.csv", "time,bearing,speed,bearing\n2026-06-01 00:00,1,2,3\n");
  EXPECT_EQ(replay({"twice.csv"}), 78);
  EXPECT_THAT(output_, AllOf(HasSubstr("site.yaml:15:72: "), HasSubstr("\"bearing\" stands twice in the header of "),
                             HasSubstr("(columns 2 and 4)")));
  folder_.write("german.csv", "time,bearing\n01.06.2026 00:00,0.1\n");
  EXPECT_EQ(replay({"german.csv"}), 1);
  EXPECT_THAT(output_, HasSubstr("german.csv:2: \"01.06.2026 00:00\" is not \"iso\"; set profile.time.format, such as "
                                 "\"%d.%m.%Y %H:%M\""));
  EXPECT_EQ(replay({"."}), 78);
  EXPECT_THAT(output_, HasSubstr("is a folder, not a table"));
}

TEST_F(ReplayCase, says_when_there_is_nothing_to_replay) {
  folder_.write("a.csv", "time,bearing\n2026-06-01 00:00,0.1\n");
  EXPECT_EQ(replay({"a.csv", "--from", "2027-01-01"}), 1);
  EXPECT_THAT(output_, HasSubstr("there was no row to replay"));
  EXPECT_EQ(replay({"a.csv", "--from", "soon"}), 64);
  EXPECT_THAT(output_, HasSubstr("\"soon\" is no time (try 2024-01-15"));
  EXPECT_EQ(replay({"a.csv", "--report", "nowhere/report.html"}), 1);
  EXPECT_THAT(output_, HasSubstr("cannot write nowhere/report.html"));
}

TEST_F(ReplayCase, never_writes_over_what_it_reads) {
  const std::string table{"time,bearing\n2026-06-01 00:00,0.1\n2026-06-01 00:10,0.1\n"};
  const auto history = folder_.path() / "a.csv";
  folder_.write("a.csv", table);
  std::filesystem::create_hard_link(history, folder_.path() / "b.csv");
  const auto site = read_text(folder_.path() / "site.yaml");
  EXPECT_EQ(replay({"a.csv", "--alerts", "./a.csv"}), 64);
  EXPECT_THAT(output_, HasSubstr("--alerts ./a.csv would write over a.csv, which is read; name another file"));
  EXPECT_EQ(replay({"rig=a.csv", "--report", "b.csv"}), 64) << output_;
  EXPECT_EQ(replay({"a.csv", "--report", "site.yaml"}), 64);
  EXPECT_THAT(output_, HasSubstr("--report site.yaml would write over site.yaml"));
  EXPECT_EQ(replay({"a.csv", "--alerts", "out", "--report", "./out"}), 64);
  EXPECT_THAT(output_, HasSubstr("--alerts and --report are the same file"));
  auto named = site;
  named.replace(named.find("every: 10m"), 10, "every: 10m\n    files: [b.csv]");
  folder_.write("site.yaml", named);
  folder_.write("c.csv", table);
  EXPECT_EQ(replay({"--alerts", "a.csv"}), 64) << output_;
  EXPECT_EQ(replay({"c.csv", "--alerts", "a.csv"}), 64) << "the site file names it" << output_;
  EXPECT_EQ(replay({"c.csv", "--alerts", "/dev/null", "--report", "/dev/null"}), 0) << output_;
  EXPECT_EQ(read_text(history), table);
  EXPECT_EQ(read_text(folder_.path() / "site.yaml"), named);
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "out"));
}

TEST_F(ReplayCase, ends_at_Ctrl_C_with_what_it_has_seen) {
  std::string table{"time,bearing\n"};
  for (int second = 0; second < 700'000; ++second) table += fmt::format("{},0.1\n", 1'780'000'000 + second);
  folder_.write("long.csv", table);
  auto site = read_text(folder_.path() / "site.yaml");
  site.replace(site.find("{column: time}"), 14, "{column: time, format: epoch}");
  folder_.write("site.yaml", site);
  Child child{{FETTLE_BINARY, "replay", "-c", "site.yaml", "long.csv", "--alerts", "alerts.csv"},
              {{{"FETTLE_DATA", FETTLE_SOURCE_DIR "/config"}}, folder_.path()}};
  const auto deadline = std::chrono::steady_clock::now() + 20s;
  const auto file = folder_.path() / "long.csv";
  while (read_of(file, child.pid()) < table.size() / 3 && std::chrono::steady_clock::now() < deadline)
    std::this_thread::yield();
  child.signal(SIGINT);
  EXPECT_EQ(child.wait(30s), 130) << child.output();
  EXPECT_THAT(child.output(), AllOf(HasSubstr("stopped at 2026-"), HasSubstr(" rows, ")));
  EXPECT_THAT(read_text(folder_.path() / "alerts.csv"), testing::StartsWith("asset,mode,"));
}

}  // namespace
}  // namespace fettle::test
