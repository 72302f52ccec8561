#include "core/result.hpp"
#include "core/reading.hpp"
#include "core/verdicts.hpp"

#include <gtest/gtest.h>
#include <cmath>
#include <set>

namespace fettle {
namespace {

Result<int> asked(bool answers) {
  if (answers) return 7;
  return failure(Fault::timeout, "meter_3: no answer within 300 ms");
}

TEST(ResultTest, is_a_value_or_a_fault_with_a_sentence) {
  EXPECT_EQ(asked(true).value(), 7);
  const auto result = asked(false);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().fault, Fault::timeout);
  EXPECT_EQ(result.error().detail, "meter_3: no answer within 300 ms");
}

TEST(ResultTest, throws_when_a_failed_one_is_asked_for_its_value) {
  EXPECT_THROW(static_cast<void>(asked(false).value()), std::logic_error);
}

TEST(FaultTest, becomes_the_reason_of_the_same_name) {
  for (const auto fault : {Fault::timeout, Fault::refused, Fault::malformed, Fault::unsupported, Fault::offline}) {
    EXPECT_EQ(name_of(reason_of(fault)), name_of(fault));
  }
}

TEST(ReadingTest, is_bad_and_without_a_value_until_it_is_read) {
  const Reading reading;
  EXPECT_FALSE(reading.is_good());
  EXPECT_TRUE(std::isnan(reading.value));
  EXPECT_EQ(name_of(reading.reason), "not read yet");
}

TEST(ReadingTest, is_good_with_a_value_or_bad_with_a_reason) {
  const Time time{std::chrono::hours{1}};
  EXPECT_TRUE(good(PointId{1}, time, 5).is_good());
  const auto missing = bad(PointId{1}, time, Reason::stale);
  EXPECT_EQ(name_of(missing.quality), "bad");
  EXPECT_EQ(name_of(missing.reason), "stale");
  EXPECT_TRUE(std::isnan(missing.value));
}

TEST(ReadingTest, has_a_different_text_for_every_reason) {
  std::set<std::string_view> texts;
  for (auto number = static_cast<int>(Reason::none); number <= static_cast<int>(Reason::undefined); ++number) {
    const auto text = name_of(static_cast<Reason>(number));
    EXPECT_NE(text, "?");
    EXPECT_TRUE(texts.insert(text).second) << text;
  }
}

TEST(DispatchGrade, needs_an_active_alert_of_a_machine_with_priority_3_or_better) {
  Alert alert;
  alert.kind = AlertKind::prediction;
  alert.priority = 3;
  EXPECT_TRUE(dispatch_grade(alert));
  alert.priority = 4;
  EXPECT_FALSE(dispatch_grade(alert));
  alert.priority = 1;
  alert.test = true;
  EXPECT_FALSE(dispatch_grade(alert));
  alert.test = false;
  alert.parent = "01J";
  EXPECT_FALSE(dispatch_grade(alert));
  alert.parent.clear();
  alert.state = AlertState::cleared;
  EXPECT_FALSE(dispatch_grade(alert));
  alert.state = AlertState::active;
  alert.kind = AlertKind::system;
  EXPECT_FALSE(dispatch_grade(alert));
}

template <class Word>
std::set<std::string_view> names_up_to(Word last) {
  std::set<std::string_view> names;
  for (auto number = 0; number <= static_cast<int>(last); ++number) names.insert(name_of(static_cast<Word>(number)));
  return names;
}

TEST(Names, are_the_words_of_the_contract) {
  using Words = std::set<std::string_view>;
  EXPECT_EQ(names_up_to(AlertState::closed), (Words{"active", "cleared", "closed"}));
  EXPECT_EQ(names_up_to(AlertKind::system), (Words{"prediction", "fault", "service", "system"}));
  EXPECT_EQ(names_up_to(Severity::critical), (Words{"warning", "minor", "major", "critical"}));
  EXPECT_EQ(names_up_to(AlertEvent::closed),
            (Words{"raised", "updated", "cleared", "returned", "acked", "shelved", "unshelved", "closed"}));
  EXPECT_EQ(names_up_to(Quality::bad), (Words{"good", "uncertain", "bad"}));
}

TEST(Names, are_question_marks_for_what_does_not_exist) {
  EXPECT_EQ(name_of(static_cast<Severity>(99)), "?");
  EXPECT_EQ(name_of(static_cast<AlertState>(99)), "?");
  EXPECT_EQ(name_of(static_cast<AlertKind>(99)), "?");
  EXPECT_EQ(name_of(static_cast<AlertEvent>(99)), "?");
  EXPECT_EQ(name_of(static_cast<Quality>(99)), "?");
  EXPECT_EQ(name_of(static_cast<Reason>(99)), "?");
}

}  // namespace
}  // namespace fettle
