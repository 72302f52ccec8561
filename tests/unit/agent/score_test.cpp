#include "score.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <cmath>
#include <fstream>
#include <memory>
#include <random>
#include <sstream>
#include <string>

#include "support/temp_dir.hpp"

namespace fettle {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::string contents(const std::string& file) {
  std::ifstream in{file};
  return {std::istreambuf_iterator<char>{in}, {}};
}

class Scoring : public testing::Test {
 protected:
  /// What is written for a table, or the error.
  std::string score(const std::string& table, std::size_t fit = 50) {
    const auto file = folder.write("table.csv", table);
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> out{std::fopen(folder.file("out.csv").c_str(), "w"),
                                                              std::fclose};
    const auto summary = fettle::score(file, fit, out.get());
    if (!summary) return summary.error().detail;
    notes = summary->notes;
    return contents(folder.file("out.csv"));
  }

  test::TempDir folder;
  std::vector<std::string> notes;
};

std::string rows(int count, int channels) {
  std::mt19937 random{11};
  std::normal_distribution<double> noise{0, 1};
  std::string text;
  for (int row = 0; row < count; ++row) {
    text += fmt::format("2026-06-{:02}T{:02}:{:02}:00Z", 1 + row / 288, row / 12 % 24, 5 * (row % 12));
    for (int channel = 0; channel < channels; ++channel)
      text += fmt::format(",{:.3f}", (row > 700 ? 20 : 0) + 10 * std::sin(row / 46.0) + noise(random));
    text += '\n';
  }
  return text;
}

TEST_F(Scoring, appends_one_column_to_one_value) {
  const auto out = score("timestamp,value\n" + rows(800, 1));
  EXPECT_THAT(out, StartsWith("timestamp,value,anomaly_score\n2026-06-01T00:00:00Z,"));
  EXPECT_EQ(std::count(out.begin(), out.end(), '\n'), 801);
  EXPECT_THAT(out, HasSubstr(",0.5")) << "a step of twice the range";
}

TEST_F(Scoring, appends_three_columns_to_several_values) {
  const auto out = score("time;flow;power\n2026-01-01 00:00:00;1,5;2\n2026-01-01 00:00:01;1,6;2\n");
  EXPECT_EQ(
      out, "time;flow;power;anomaly_score;pred;cp\n2026-01-01 00:00:00;1,5;2;0;0;0\n2026-01-01 00:00:01;1,6;2;0;0;0\n");
}

TEST_F(Scoring, puts_the_scores_of_a_short_row_under_their_names) {
  EXPECT_EQ(score("time,flow,power\n2026-01-01 00:00:00,1\n"),
            "time,flow,power,anomaly_score,pred,cp\n2026-01-01 00:00:00,1,,0,0,0\n");
}

TEST_F(Scoring, says_that_there_are_no_rows) {
  EXPECT_EQ(score("time,flow\n"), "time,flow,anomaly_score\n");
  EXPECT_THAT(notes, testing::ElementsAre(testing::EndsWith("there are no rows below the header")));
}

TEST_F(Scoring, refuses_a_quote_that_is_never_closed) {
  EXPECT_THAT(score("time,flow\n2026-01-01 00:00:00,\"1\n2026-01-01 00:01:00,2\n"),
              testing::EndsWith("table.csv:2: a quote that is never closed (close or remove it)"));
}

/// A row's scores depend on it and on rows before it only: the scores of every prefix are the prefix of the scores.
class Prefixes : public Scoring, public testing::WithParamInterface<int> {};

TEST_P(Prefixes, are_scored_as_within_the_whole) {
  const std::string header = GetParam() == 1 ? "timestamp,value\n" : "timestamp,a,b,c\n";
  const auto table = rows(900, GetParam());
  const auto whole = score(header + table, 300);
  std::mt19937 random{static_cast<unsigned>(GetParam())};
  for (int turn = 0; turn < 40; ++turn) {
    auto cut = table.find('\n', random() % table.size());
    cut = cut == std::string::npos ? table.size() : cut + 1;
    const auto part = score(header + table.substr(0, cut), 300);
    ASSERT_EQ(part, whole.substr(0, part.size()));
    ASSERT_EQ(std::count(part.begin(), part.end(), '\n'),
              1 + std::count(table.begin(), table.begin() + static_cast<std::ptrdiff_t>(cut), '\n'));
  }
}

INSTANTIATE_TEST_SUITE_P(Scoring, Prefixes, testing::Values(1, 3));

TEST_F(Scoring, passes_over_cells_without_a_number_and_says_so) {
  const auto out = score("timestamp,value\n2026-01-01,1\n2026-01-02,n/a\n2026-01-03,oops\n1767571200,2\n");
  EXPECT_EQ(out,
            "timestamp,value,anomaly_score\n2026-01-01,1,0\n2026-01-02,n/a,0\n2026-01-03,oops,0\n1767571200,2,0\n");
  ASSERT_EQ(notes.size(), 1U);
  EXPECT_THAT(notes.front(), HasSubstr("2 rows have no number in the column value"));
}

TEST_F(Scoring, names_the_line_that_it_cannot_read) {
  EXPECT_THAT(score("timestamp,value\n2026-01-01,1\nyesterday,2\n"),
              HasSubstr("table.csv:3: \"yesterday\" is no time"));
  EXPECT_THAT(score("timestamp,value\n2026-01-01,1,7,9\n"), HasSubstr("table.csv:2: 4 cells, but the header has 2"));
  EXPECT_THAT(score("value\n1\n"), HasSubstr("the first line must name a column of times"));
  EXPECT_THAT(score(""), HasSubstr("is empty"));
}

}  // namespace
}  // namespace fettle
