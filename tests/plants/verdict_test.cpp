#include "plants/verdict.hpp"

#include <gmock/gmock.h>
#include <array>
#include <chrono>

#include "plants/summary.hpp"

namespace fettle::plants {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

const Time start = *parse_rfc3339("2026-06-01T00:00:00Z");

constexpr std::string_view prediction =
    R"({"specversion": "1.0", "type": "fettle.alert.v1", "time": "2026-06-25T12:00:00Z",
  "subject": "AHU-01/filter-clog", "data": {"id": "E1", "rev": 1, "state": "active", "kind": "prediction", "test": false,
  "severity": "major", "priority": 3, "title": "AHU-01 supply filter reaches its limit in about 12 days",
  "asset": {"id": "AHU-01"}, "failure": {"mode": "filter-clog"},
  "prognosis": {"ttfHours": {"low": 192, "mid": 288, "high": null, "level": 0.8}},
  "action": {"text": "Replace the supply filter set", "parts": [{"sku": "F7", "name": "bag filter", "qty": 4}, {"sku": "S", "name": "seal"}]}}})";

Document first_alert() { return read_document(prediction).value(); }

Failure clogged(std::string_view at) { return {"AHU-01", "filter-clog", "filter clogs", parse_rfc3339(at)}; }

Verdict judged(const Failure& failure, const std::vector<Document>& documents) {
  const std::array failures{failure};
  return judge(failures, documents);
}

TEST(Document, is_read_from_an_alert) {
  const auto document = first_alert();
  EXPECT_EQ(document.asset, "AHU-01");
  EXPECT_EQ(document.mode, "filter-clog");
  EXPECT_EQ(document.time, start + Days{24} + std::chrono::hours{12});
  EXPECT_EQ(document.forecast->mid, 288);
  EXPECT_EQ(document.forecast->high, std::nullopt);
  EXPECT_THAT(document.parts, ElementsAre("4 x bag filter", "1 x seal"));
  EXPECT_TRUE(document.is_dispatch_grade());
}

TEST(Document, is_not_read_from_anything_else) {
  EXPECT_EQ(read_document(""), std::nullopt);
  EXPECT_EQ(read_document("{"), std::nullopt);
  EXPECT_EQ(read_document("[1]"), std::nullopt);
  EXPECT_EQ(read_document(R"({"type": "fettle.alert.v1", "time": "yesterday", "data": 3})"), std::nullopt);
  EXPECT_EQ(read_document(R"({"gateway": "gw-0042", "state": "online"})"), std::nullopt);
}

TEST(Document, sends_nobody_when_it_is_not_meant_to) {
  std::vector<Document> quiet(7, first_alert());
  quiet[0].kind = "system";
  quiet[1].state = "cleared";
  quiet[2].priority = 4;
  quiet[3].test = true;
  quiet[4].shelved = true;
  quiet[5].has_parent = true;
  quiet[6].kind = "service";
  for (const auto& document : quiet) EXPECT_FALSE(document.is_dispatch_grade()) << document.kind << document.state;
}

TEST(Verdict, passes_when_the_failure_was_announced_before_it_came) {
  const auto verdict = judged(clogged("2026-07-07T12:00:00Z"), {first_alert()});
  EXPECT_TRUE(verdict.passed());
  EXPECT_EQ(verdict.rows[0].announced->id, "E1");
}

TEST(Verdict, fails_when_nobody_was_sent) {
  auto quiet = first_alert();
  quiet.priority = 4;
  EXPECT_FALSE(judged(clogged("2026-07-07T12:00:00Z"), {quiet}).passed());
}

TEST(Verdict, fails_when_the_alert_came_with_the_failure) {
  EXPECT_FALSE(judged(clogged("2026-06-25T12:00:00Z"), {first_alert()}).passed());
}

TEST(Verdict, fails_when_somebody_is_sent_to_a_sound_machine) {
  auto wrong = first_alert();
  wrong.asset = "AHU-02";
  wrong.id = "E2";
  const auto verdict = judged(clogged("2026-07-07T12:00:00Z"), {first_alert(), wrong});
  EXPECT_FALSE(verdict.passed());
  EXPECT_EQ(verdict.superfluous.size(), 1U);
}

TEST(Verdict, fails_when_somebody_is_sent_for_another_mode) {
  auto wrong = first_alert();
  wrong.mode = "belt-slip";
  EXPECT_FALSE(judged(clogged("2026-07-07T12:00:00Z"), {wrong}).passed());
}

TEST(Verdict, fails_when_a_second_episode_sends_somebody_again) {
  auto again = first_alert();
  again.id = "E2";
  EXPECT_FALSE(judged(clogged("2026-07-07T12:00:00Z"), {first_alert(), again}).passed());
}

TEST(Verdict, takes_the_revisions_of_an_episode_as_one) {
  auto revision = first_alert();
  revision.priority = 1;
  revision.time += Days{5};
  const auto verdict = judged(clogged("2026-07-07T12:00:00Z"), {first_alert(), revision});
  EXPECT_TRUE(verdict.passed());
  EXPECT_EQ(verdict.rows[0].announced->priority, 3);
}

TEST(Summary, tells_the_forecast_beside_the_truth_and_what_to_bring) {
  const auto text = summary(judged(clogged("2026-07-07T12:00:00Z"), {first_alert()}), start);
  EXPECT_THAT(text, HasSubstr("AHU-01      filter clogs                           day 36.5  day 24.5  12.0 d     8.0 / "
                              "12.0 / open d      12.0 d, inside\n"));
  EXPECT_THAT(text, HasSubstr("do: Replace the supply filter set\n"));
  EXPECT_THAT(text, HasSubstr("bring: 4 x bag filter, 1 x seal\n"));
}

TEST(Summary, says_what_went_wrong) {
  auto wrong = first_alert();
  wrong.asset = "PUMP-02";
  const auto text = summary(judged(clogged("2026-07-07T12:00:00Z"), {wrong}), start);
  EXPECT_THAT(text, HasSubstr("NEVER"));
  EXPECT_THAT(text, HasSubstr("PUMP-02     DISPATCHED FOR NOTHING on day 24.5"));
  EXPECT_THAT(text, Not(HasSubstr("bring")));
}

}  // namespace
}  // namespace fettle::plants
