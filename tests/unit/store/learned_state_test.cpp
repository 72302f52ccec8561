#include "sample_journal.hpp"
#include "store/journal.hpp"

#include <gtest/gtest.h>
#include <string_view>

namespace fettle::store {
namespace {

Bytes bytes(std::string_view text) {
  StateWriter writer;
  for (const char letter : text) writer.put(letter);
  return writer.take();
}

TEST(LearnedState, comes_back_to_the_part_that_learned_it) {
  const test::TempDir folder;
  const std::vector<LearnedState> states{{"PUMP-01/bearing-wear", 1, 0xFEDCBA9876543210U, bytes("learned")},
                                         {"PUMP-02/bearing-wear", 1, 5, {}}};
  {
    auto journal = opened(folder);
    EXPECT_TRUE(journal.save_states(states));
    EXPECT_TRUE(journal.save_states(states));
  }
  auto journal = opened(folder);
  EXPECT_EQ(journal.load_state("PUMP-01/bearing-wear", 1, 0xFEDCBA9876543210U), bytes("learned"));
  EXPECT_EQ(journal.load_state("PUMP-02/bearing-wear", 1, 5), Bytes{});
  EXPECT_EQ(journal.load_state("PUMP-03/bearing-wear", 1, 5), std::nullopt);
}

TEST(LearnedState, of_another_version_or_other_settings_is_dropped_alone) {
  const test::TempDir folder;
  auto journal = opened(folder);
  const std::vector<LearnedState> states{{"a", 1, 5, bytes("a")}, {"b", 1, 5, bytes("b")}};
  EXPECT_TRUE(journal.save_states(states));
  EXPECT_EQ(journal.load_state("a", 2, 5), std::nullopt);
  EXPECT_EQ(journal.load_state("a", 1, 6), std::nullopt);
  EXPECT_EQ(journal.load_state("b", 1, 5), bytes("b"));
}

TEST(LearnedState, that_is_damaged_is_dropped_alone) {
  const test::TempDir folder;
  {
    auto journal = opened(folder);
    const std::vector<LearnedState> states{{"a", 1, 5, bytes("a")}, {"b", 1, 5, bytes("b")}};
    EXPECT_TRUE(journal.save_states(states));
  }
  execute(folder.file("journal.db"), "UPDATE learned SET bytes = x'00' WHERE part = 'a'");
  auto journal = opened(folder);
  EXPECT_EQ(journal.load_state("a", 1, 5), std::nullopt);
  EXPECT_EQ(journal.load_state("b", 1, 5), bytes("b"));
}

}  // namespace
}  // namespace fettle::store
