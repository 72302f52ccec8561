#include "support/child.hpp"

#include <gmock/gmock.h>
#include <csignal>

#include "support/ports.hpp"
#include "support/temp_dir.hpp"

namespace fettle::test {
namespace {

using namespace std::chrono_literals;
using testing::Optional;

TEST(Child, is_read_line_by_line_from_both_of_its_outputs) {
  Child child{{"sh", "-c", "echo one; echo two >&2; printf three"}};
  EXPECT_THAT(child.read_line(5s), Optional(std::string{"one"}));
  EXPECT_THAT(child.read_line(5s), Optional(std::string{"two"}));
  EXPECT_THAT(child.read_line(5s), Optional(std::string{"three"}));
  EXPECT_EQ(child.read_line(5s), std::nullopt);
}

TEST(Child, is_waited_for_until_it_says_the_word) {
  Child child{{"sh", "-c", "echo starting; echo ready on 17; cat"}};
  EXPECT_THAT(child.wait_for_line(std::regex{"^ready on \\d+$"}, 5s), Optional(std::string{"ready on 17"}));
  EXPECT_EQ(child.output(), "starting\nready on 17\n");
}

TEST(Child, says_nothing_when_time_is_up) {
  Child child{{"sleep", "60"}};
  EXPECT_EQ(child.wait_for_line("ready", 20ms), std::nullopt);
  EXPECT_EQ(child.wait(20ms), std::nullopt);
  EXPECT_TRUE(child.is_running());
}

TEST(Child, tells_how_it_ended) {
  EXPECT_THAT((Child{{"sh", "-c", "exit 78"}}.wait(5s)), Optional(78));
  EXPECT_EQ((Child{{"sleep", "60"}}.terminate()), 128 + SIGTERM);
}

TEST(Child, is_killed_when_it_does_not_listen) {
  Child child{{"sh", "-c", "trap '' TERM; echo deaf; while :; do sleep 60; done"}};
  ASSERT_TRUE(child.wait_for_line("deaf", 5s));
  EXPECT_EQ(child.terminate(50ms), 128 + SIGKILL);
}

TEST(Child, never_outlives_its_object) {
  pid_t pid = 0;
  {
    const Child child{{"sleep", "60"}};
    pid = child.pid();
  }
  EXPECT_EQ(::kill(pid, 0), -1);
}

TEST(Child, does_not_stall_on_a_long_report_nobody_reads) {
  Child child{{"sh", "-c", "head -c 1000000 /dev/zero; exit 3"}};
  EXPECT_THAT(child.wait(10s), Optional(3));
  EXPECT_EQ(child.output().size(), 1'000'000U);
}

TEST(Child, gets_the_environment_and_the_folder_it_was_promised) {
  const TempDir folder;
  Child child{{"sh", "-c", "echo $FETTLE_BROKER; pwd"}, {{{"FETTLE_BROKER", "127.0.0.1:1"}}, folder.path()}};
  EXPECT_THAT(child.read_line(5s), Optional(std::string{"127.0.0.1:1"}));
  EXPECT_THAT(child.read_line(5s), Optional(folder.path().string()));
}

TEST(Child, is_fed_where_it_wants_to_be) {
  Child child{{"sh", "-c", "while read line; do echo \"heard $line\"; [ \"$line\" = end ] && exit; done"},
              {{}, {}, true}};
  EXPECT_TRUE(child.feed("one\nend\n"));
  EXPECT_THAT(child.read_line(5s), Optional(std::string{"heard one"}));
  EXPECT_EQ(child.wait(5s), 0);
  EXPECT_FALSE(child.feed("too late\n"));
}

TEST(Child, that_does_not_exist_is_said_at_once) {
  EXPECT_THROW(Child{{"no-such-program-anywhere"}}, std::runtime_error);
  EXPECT_THROW(Child{{"/no/such/program"}}, std::runtime_error);
}

TEST(Ports, are_free_and_differ) {
  const auto first = free_port();
  EXPECT_GT(first, 1023);
  EXPECT_NE(first, free_port());
}

}  // namespace
}  // namespace fettle::test
