#include "csv/read_ahead.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "support/temp_dir.hpp"

namespace fettle::csv {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr Time begin{std::chrono::sys_days{std::chrono::year{2026} / 6 / 1}};
constexpr int many = 5000;  ///< rows: more than a batch has

Time at(int row) { return begin + std::chrono::minutes{row}; }

class ReadingAhead : public testing::Test {
 protected:
  /// A file with so many rows of a minute, whose value is the last digit of their number.
  void write(const std::string& name, int rows, const std::string& more = "") {
    std::string text{"time,v,w\n"};
    for (int row = 0; row < rows; ++row) text += fmt::format("{},{},1\n", to_rfc3339(at(row)), row % 10);
    folder.write(name, text + more);
    files += (files.empty() ? "" : ", ") + folder.file(name);
  }
  Recording recording() const {
    settings::Mistakes mistakes;
    const auto profile = acquisition::read_device_profile(
        settings::load_text("{protocol: csv, time: {column: time}, points: {v: {quantity: temperature, column: v}, "
                            "w: {quantity: ratio, column: w}}}",
                            "log.yaml", mistakes),
        mistakes);
    const auto device = settings::load_text("{id: log, every: 1m, files: [" + files + "]}", "site.yaml", mistakes);
    return {profile, device, settings::load_text("{id: history, driver: csv}", "site.yaml", mistakes)};
  }

  test::TempDir folder;
  std::string files;
  boost::asio::thread_pool reader{1};
};

TEST_F(ReadingAhead, gives_every_row_in_its_order) {
  write("a.csv", many, "garbled row\n");
  ReadAhead ahead{recording(), reader};
  for (int row = 0; row < many; ++row) {
    ASSERT_TRUE(ahead.next().value());
    ASSERT_EQ(ahead.time(), at(row));
    ASSERT_EQ(ahead.readings().size(), 2U);
    ASSERT_EQ(ahead.readings()[0].value, row % 10);
    ASSERT_EQ(ahead.readings()[1].value, 1);
  }
  EXPECT_FALSE(ahead.next().value());
  EXPECT_FALSE(ahead.next().value()) << "the end stays the end";
  EXPECT_EQ(ahead.left().undated, 1U);
  EXPECT_EQ(ahead.bytes_read(), ahead.bytes());
}

TEST_F(ReadingAhead, gives_a_mistake_in_the_place_of_its_row) {
  write("a.csv", 3);
  files += ", " + folder.write("b.csv", "time,v\n");
  ReadAhead ahead{recording(), reader};
  for (int row = 0; row < 3; ++row) ASSERT_TRUE(ahead.next().value());
  EXPECT_THAT(ahead.next().error().detail, HasSubstr("there is no column \"w\""));
}

TEST_F(ReadingAhead, reads_no_further_than_it_has_to) {
  write("a.csv", 6, "garbled row\n");
  ReadAhead ahead{recording(), reader};
  ahead.stop_after(at(3));
  std::vector<Time> times;
  while (ahead.next().value()) times.push_back(ahead.time());
  EXPECT_THAT(times, ElementsAre(at(0), at(1), at(2), at(3), at(4))) << "the one that shows that it is enough is read";
  EXPECT_EQ(ahead.left().undated, 0U);
}

TEST_F(ReadingAhead, may_end_in_the_middle) {
  write("a.csv", many);
  ReadAhead ahead{recording(), reader};
  ASSERT_TRUE(ahead.next().value());
  reader.join();
}

TEST_F(ReadingAhead, of_nothing_is_at_its_end) {
  write("a.csv", 0);
  EXPECT_FALSE(ReadAhead(recording(), reader).next().value());
}

}  // namespace
}  // namespace fettle::csv
