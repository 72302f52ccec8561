#include "settings/environment_file.hpp"

#include <gmock/gmock.h>
#include <cstdlib>

#include "support/temp_dir.hpp"

namespace fettle::settings {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

TEST(EnvironmentFile, holds_a_name_and_a_value_a_line) {
  EXPECT_THAT(parse_environment("# broker\nA=1\n; other\n\n  B = two words  \r\nC=\nD=x=y"),
              ElementsAre(Pair("A", "1"), Pair("B", "two words"), Pair("C", ""), Pair("D", "x=y")));
}

TEST(EnvironmentFile, takes_quotes_and_backslashes_as_systemd_does) {
  EXPECT_THAT(parse_environment(R"(A="a # b \" \n "
B=' $x \ '
C=one\ two\
three
D="two
lines"
E=pre"fix"'ed'  )"),
              ElementsAre(Pair("A", R"(a # b " \n )"), Pair("B", R"( $x \ )"), Pair("C", "one twothree"),
                          Pair("D", "two\nlines"), Pair("E", "prefixed")));
}

TEST(EnvironmentFile, passes_over_what_is_no_name_and_goes_on) {
  EXPECT_THAT(parse_environment("MY-VAR=1\nexport A=2\nno equals sign\n=3\n1B=4\nGOOD=5\n"),
              ElementsAre(Pair("GOOD", "5")));
}

TEST(EnvironmentFile, ends_in_the_middle_of_anything) {
  EXPECT_THAT(parse_environment("A=\"open"), ElementsAre(Pair("A", "open")));
  EXPECT_THAT(parse_environment("A=b\\"), ElementsAre(Pair("A", "b")));
  EXPECT_THAT(parse_environment("A=\"b\\"), ElementsAre(Pair("A", "b\\")));
  EXPECT_THAT(parse_environment("A"), IsEmpty());
  EXPECT_THAT(parse_environment(""), IsEmpty());
}

/// Variables of a test's own, gone after it.
class TakenEnvironment : public testing::Test {
 protected:
  static constexpr const char *said = "FETTLE_TEST_SAID", *unsaid = "FETTLE_TEST_UNSAID";

  void SetUp() override {
    ::setenv(said, "by the shell", 1);
    ::unsetenv(unsaid);
  }
  void TearDown() override {
    ::unsetenv(said);
    ::unsetenv(unsaid);
  }

  test::TempDir folder;
};

TEST_F(TakenEnvironment, fills_what_nobody_has_said) {
  take_environment(
      folder.write("environment", "FETTLE_TEST_SAID=file\nFETTLE_TEST_UNSAID=first\nFETTLE_TEST_UNSAID=last\n"));
  EXPECT_STREQ(std::getenv(said), "by the shell");
  EXPECT_STREQ(std::getenv(unsaid), "last");
}

TEST_F(TakenEnvironment, is_as_it_was_without_the_file) {
  take_environment(folder.file("none"));
  EXPECT_EQ(std::getenv(unsaid), nullptr);
}

}  // namespace
}  // namespace fettle::settings
