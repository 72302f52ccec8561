#include "settings/node.hpp"
#include "support/temp_dir.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <cstdlib>
#include <filesystem>

namespace fettle::settings {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> texts(const Mistakes& mistakes) {
  std::vector<std::string> texts;
  for (const auto& mistake : mistakes.all()) texts.push_back(to_text(mistake));
  return texts;
}

struct Loaded {
  Node root;
  std::vector<std::string> mistakes;
};

Loaded load(std::string_view text) {
  Mistakes mistakes;
  auto root = load_text(text, "site.yaml", mistakes);
  return {root, texts(mistakes)};
}

std::string repeated(std::string_view text, int times) {
  std::string result;
  for (int i = 0; i < times; ++i) result += text;
  return result;
}

/// An environment variable for as long as the object lives.
class Variable {
 public:
  Variable(const char* name, const char* value) : name_{name} { setenv(name, value, 1); }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;
  ~Variable() { unsetenv(name_); }

 private:
  const char* name_;
};

TEST(Load, knows_kind_place_and_path_of_every_value) {
  const auto [root, mistakes] = load("gateway:\n  id: gw-1\ndevices:\n  - {id: a, unit: 3}\n  - id: b\nempty:\n");
  EXPECT_THAT(mistakes, IsEmpty());
  EXPECT_EQ(root.kind(), Node::Kind::mapping);
  const auto unit = root["devices"].items().at(0)["unit"];
  EXPECT_EQ(unit.path(), "devices[0].unit");
  EXPECT_EQ(unit.scalar(), "3");
  EXPECT_EQ(unit.mark().line, 4);
  EXPECT_EQ(unit.mark().column, 19);
  EXPECT_EQ(unit.key_mark().column, 13);
  EXPECT_EQ(root["empty"].kind(), Node::Kind::null);
}

TEST(Load, gives_a_missing_entry_its_parents_place) {
  const auto [root, mistakes] = load("a: 1\nb:\n  c: 2\n");
  const auto missing = root["b"]["d"];
  EXPECT_FALSE(missing);
  EXPECT_EQ(missing.path(), "b.d");
  EXPECT_EQ(missing.mark().line, 3);
}

TEST(Load, keeps_the_order_of_the_file) {
  const auto [root, mistakes] = load("z: 1\na: 2\nm: 3\n");
  EXPECT_EQ(root.entries().at(0).first, "z");
  EXPECT_EQ(root.entries().at(2).first, "m");
}

TEST(Load, resolves_aliases_and_merges_what_a_mapping_does_not_say_itself) {
  const auto [root, mistakes] = load(
      "base: &base {unit: 1, every: 5s}\n"
      "other: &other {every: 9s, gap: 2}\n"
      "device: {<<: [*base, *other], unit: 7}\n"
      "same: *base\n");
  EXPECT_THAT(mistakes, IsEmpty());
  EXPECT_EQ(root["device"]["unit"].scalar(), "7");
  EXPECT_EQ(root["device"]["every"].scalar(), "5s");
  EXPECT_EQ(root["device"]["gap"].scalar(), "2");
  EXPECT_EQ(root["same"]["every"].path(), "same.every");
}

TEST(Load, reports_a_key_that_stands_twice_and_keeps_the_first) {
  const auto [root, mistakes] = load("a:\n  b: 1\n  c: 2\n  b: 3\n");
  EXPECT_THAT(mistakes, ElementsAre("site.yaml:4:3: a: \"b\" stands here twice (first in line 2)"));
  EXPECT_EQ(root["a"]["b"].scalar(), "1");
}

TEST(Load, says_where_the_syntax_is_wrong) {
  EXPECT_THAT(load("a:\n  b: 1\n c: 2\n").mistakes,
              ElementsAre("site.yaml:3:2: this is not YAML: the indentation does not fit the lines above"));
  EXPECT_THAT(load("a:\n\tb: 1\n").mistakes,
              ElementsAre("site.yaml:2:3: this is not YAML: a tab in the indentation (use spaces)"));
  EXPECT_THAT(load("a: 1\nb: \"x\nc: 2\n").mistakes,
              ElementsAre("site.yaml:2:4: this is not YAML: this quote is never closed"));
  EXPECT_THAT(load("a: *nobody\n").mistakes, ElementsAre(HasSubstr("site.yaml:1:4: this is not YAML")));
}

TEST(Load, wants_one_document) {
  EXPECT_THAT(load("").mistakes, ElementsAre("site.yaml:1:1: the file is empty"));
  EXPECT_THAT(load("# nothing yet\n").mistakes, ElementsAre("site.yaml:1:1: the file is empty"));
  EXPECT_THAT(load("a: 1\n---\nb: 2\n").mistakes,
              ElementsAre("site.yaml:2:1: a second document begins here (one file holds one)"));
}

TEST(Load, refuses_what_the_parser_would_drop_or_never_pass) {
  EXPECT_THAT(load(", # nothing\n").mistakes,
              ElementsAre("site.yaml:1:1: this is not YAML: this does not belong here"));
  EXPECT_THAT(load("{a: 1}\n}\n").mistakes, ElementsAre(HasSubstr("site.yaml:2:1: this is not YAML")));
  EXPECT_THAT(load("[a]\n, b\n").mistakes, ElementsAre(HasSubstr("site.yaml:2:1: this is not YAML")));
}

TEST(Load, reads_utf8_and_refuses_what_is_not_text) {
  EXPECT_EQ(load("\xef\xbb\xbf"
                 "a: Gerät\n")
                .root["a"]
                .scalar(),
            "Gerät");
  EXPECT_THAT(load("a: 1\nb: Ger\xe4t\n").mistakes,
              ElementsAre("site.yaml:2:7: this is not UTF-8 text (save the file as UTF-8)"));
  EXPECT_THAT(load("a: \xed\xa0\x80\n").mistakes, ElementsAre(HasSubstr("1:4: this is not UTF-8")));
  EXPECT_THAT(load("a: \xc0\xaf\n").mistakes, ElementsAre(HasSubstr("1:4: this is not UTF-8")));
  EXPECT_THAT(load(std::string_view{"a: \0\n", 5}).mistakes, ElementsAre(HasSubstr("1:4: a control character")));
}

TEST(Load, fills_in_the_environment_and_defaults) {
  const Variable host{"FETTLE_TEST_HOST", "10.0.0.7"};
  const auto [root, mistakes] =
      load("a: tcp://${FETTLE_TEST_HOST}:${FETTLE_TEST_PORT:-1883}/x\nb: ${FETTLE_TEST_PORT:-}\n");
  EXPECT_THAT(mistakes, IsEmpty());
  EXPECT_EQ(root["a"].scalar(), "tcp://10.0.0.7:1883/x");
  EXPECT_EQ(root["b"].scalar(), "");
}

TEST(Load, does_not_read_yaml_out_of_the_environment) {
  const Variable evil{"FETTLE_TEST_EVIL", "{a: 1}\nb: 2"};
  const auto [root, mistakes] = load("x: ${FETTLE_TEST_EVIL}\n");
  EXPECT_EQ(root["x"].scalar(), "{a: 1}\nb: 2");
  EXPECT_EQ(root.entries().size(), 1);
}

TEST(Load, reports_variables_that_cannot_be_filled_in) {
  const auto [root, mistakes] = load("a: ${FETTLE_TEST_NOBODY}\nb: ${FETTLE\nc: ${1X}\n");
  EXPECT_THAT(
      mistakes,
      ElementsAre(
          "site.yaml:1:4: a: the environment variable FETTLE_TEST_NOBODY is not set (set it, for the service in "
          "/etc/fettle/environment, or write ${FETTLE_TEST_NOBODY:-default})",
          "site.yaml:2:4: b: \"${\" without a closing brace (write ${NAME} or ${NAME:-default})",
          "site.yaml:3:4: c: \"${1X}\" names no environment variable (write ${NAME} or ${NAME:-default})"));
  EXPECT_TRUE(root["a"].reported());
}

TEST(Load, finds_the_place_of_a_character_unless_the_file_writes_the_text_otherwise) {
  const auto [root, mistakes] = load("plain: x + y\nquoted: \"x + y\"\nfolded: >-\n  x +\n  y\n");
  EXPECT_EQ(root["plain"].place(4).column, 12);
  EXPECT_EQ(root["quoted"].place(4).column, 14);
  EXPECT_EQ(root["folded"].place(4).column, root["folded"].mark().column);
}

TEST(Load, survives_nesting_without_end) {
  for (const auto* opener : {"[", "{", "{a: ", "- ", "? ", "[{", "&a ", "!a ", "[a: ", ": "}) {
    EXPECT_THAT(load(repeated(opener, 100'000)).mistakes, testing::Not(IsEmpty())) << opener;
  }
}

TEST(Load, survives_aliases_that_multiply_or_contain_themselves) {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i)
    bomb += fmt::format("a{0}: &a{0} [{1}*a{2}]\n", i, repeated(fmt::format("*a{}, ", i - 1), 9), i - 1);
  EXPECT_THAT(load(bomb).mistakes, ElementsAre(HasSubstr("too many values")));
  EXPECT_THAT(load("a: &a [*a]\n").mistakes, ElementsAre(HasSubstr("nested too deeply")));
  EXPECT_THAT(load("a: &a {<<: *a}\n").mistakes, ElementsAre(HasSubstr("nested too deeply")));
}

TEST(Load, refuses_files_that_cannot_be_read) {
  const test::TempDir folder;
  Mistakes mistakes;
  EXPECT_FALSE(load_file(folder.file("none.yaml"), mistakes));
  EXPECT_FALSE(load_file(folder.path().string(), mistakes));
  EXPECT_FALSE(load_file(folder.write("large.yaml", std::string(2'000'000, '#')), mistakes));
  EXPECT_FALSE(load_file(std::string(5'000, 'a'), mistakes)) << "no folder has room for such a name";
  EXPECT_THAT(texts(mistakes),
              ElementsAre(HasSubstr("there is no such file"), HasSubstr("this is a folder, not a file"),
                          HasSubstr("larger than 1 MB"), HasSubstr("cannot be looked at: File name too long")));
}

TEST(Mistakes, are_sorted_by_place_without_repetitions) {
  Mistakes mistakes;
  mistakes.add({{"b.yaml", 1, 1}, "", "last"});
  mistakes.add({{"a.yaml", 10, 2}, "", "third"});
  mistakes.add({{"a.yaml", 9, 7}, "", "second"});
  mistakes.add({{"a.yaml", 9, 7}, "", "second"});
  mistakes.add({{"a.yaml", 9, 1}, "x.y", "first"});
  mistakes.sort();
  EXPECT_THAT(texts(mistakes),
              ElementsAre("a.yaml:9:1: x.y: first", "a.yaml:9:7: second", "a.yaml:10:2: third", "b.yaml:1:1: last"));
  EXPECT_STREQ(SettingsError{mistakes}.what(),
               "a.yaml:9:1: x.y: first\na.yaml:9:7: second\na.yaml:10:2: third\nb.yaml:1:1: last");
}

}  // namespace
}  // namespace fettle::settings
