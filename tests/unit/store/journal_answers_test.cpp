#include "sample_journal.hpp"
#include "store/journal.hpp"

#include <gtest/gtest.h>
#include <chrono>
#include <stdexcept>

namespace fettle::store {
namespace {

AnsweredCommand command(const std::string& jti, Time expires = moment() + Days{1}) {
  return {"dispatch", jti, expires, R"({"jti": ")" + jti + R"(", "status": 200})"};
}

Result<void> answer(Journal& journal, const AnsweredCommand& answered, std::vector<Alert> alerts = {}) {
  return journal.record(alerts, render, answered);
}

std::size_t answers_in(const test::TempDir& folder) {
  auto database = Database::open(folder.file("journal.db")).value();
  return static_cast<std::size_t>(database.integer("SELECT count(*) FROM answered").value());
}

TEST(AnsweredCommands, are_known_after_a_restart_by_requester_and_number) {
  const test::TempDir folder;
  {
    auto journal = opened(folder);
    EXPECT_TRUE(answer(journal, command("1"), {alert("a", "A", 1)}));
  }
  auto journal = opened(folder);
  EXPECT_EQ(journal.answer_to("dispatch", "1").value(), R"({"jti": "1", "status": 200})");
  EXPECT_EQ(journal.answer_to("dispatch", "2").value(), std::nullopt);
  EXPECT_EQ(journal.answer_to("facility", "1").value(), std::nullopt);
  EXPECT_EQ(dirty_ids(journal), std::vector<std::string>{"A-1"});
}

TEST(AnsweredCommands, keep_their_first_answer) {
  const test::TempDir folder;
  auto journal = opened(folder);
  EXPECT_TRUE(answer(journal, command("1")));
  EXPECT_TRUE(answer(journal, {"dispatch", "1", moment(), "another"}));
  EXPECT_EQ(journal.answer_to("dispatch", "1").value(), R"({"jti": "1", "status": 200})");
}

TEST(AnsweredCommands, are_recorded_together_with_their_alerts_or_not_at_all) {
  const test::TempDir folder;
  auto journal = opened(folder);
  const std::vector alerts{alert("a", "A", 1)};
  const auto fails = [](const Alert&, std::uint64_t) -> std::string { throw std::runtime_error{"cannot be rendered"}; };
  EXPECT_THROW(static_cast<void>(journal.record(alerts, fails, command("1"))), std::runtime_error);
  EXPECT_EQ(journal.answer_to("dispatch", "1").value(), std::nullopt);
  EXPECT_TRUE(dirty_ids(journal).empty());
}

TEST(AnsweredCommands, are_forgotten_when_they_have_expired_for_certain) {
  const test::TempDir folder;
  auto journal = opened(folder);
  EXPECT_TRUE(answer(journal, command("old", moment())));
  EXPECT_TRUE(answer(journal, command("a month", moment() + Days{30})));
  EXPECT_NE(journal.answer_to("dispatch", "old").value(), std::nullopt) << "it may still be alive";
  EXPECT_TRUE(answer(journal, command("more", moment() + Days{30} + std::chrono::seconds{1})));
  EXPECT_EQ(journal.answer_to("dispatch", "old").value(), std::nullopt);
  EXPECT_NE(journal.answer_to("dispatch", "a month").value(), std::nullopt);
}

TEST(AnsweredCommands, are_bounded_in_number_and_those_that_expire_first_go_first) {
  const test::TempDir folder;
  opened(folder);
  execute(folder.file("journal.db"),
          "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 11000) INSERT INTO answered SELECT "
          "'dispatch', 'n' || i, 1795252498000 + i, 10, 'yes' FROM n");
  {
    auto journal = opened(folder);
    EXPECT_TRUE(answer(journal, command("1")));
    EXPECT_EQ(journal.answer_to("dispatch", "n1001").value(), std::nullopt);
    EXPECT_EQ(journal.answer_to("dispatch", "n1002").value(), "yes");
    EXPECT_NE(journal.answer_to("dispatch", "1").value(), std::nullopt);
  }
  EXPECT_EQ(answers_in(folder), 10'000U);
}

TEST(AnsweredCommands, are_bounded_in_bytes) {
  const test::TempDir folder;
  {
    auto journal = opened(folder);
    for (int number = 0; number < 10; ++number) {
      const auto expires = moment() + std::chrono::hours{number};
      EXPECT_TRUE(answer(journal, {"dispatch", fmt::format("{}", number), expires, std::string(990'000, 'x')}));
    }
    EXPECT_EQ(journal.answer_to("dispatch", "5").value(), std::nullopt);
    EXPECT_NE(journal.answer_to("dispatch", "6").value(), std::nullopt);
  }
  EXPECT_EQ(answers_in(folder), 4U);
}

}  // namespace
}  // namespace fettle::store
