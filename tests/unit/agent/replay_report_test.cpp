#include "replay_report.hpp"
#include "recorded_pumps.hpp"
#include "replay_article.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fettle {
namespace {

using namespace std::chrono_literals;
using test::pump_rows;
using test::RecordedPumps;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

/// The page of a pump that was too hot, after `change` has changed what became of it.
template <class Change>
std::string page_of(const Change& change) {
  const RecordedPumps pumps;
  const auto installation = pumps.load({pumps.write("a.csv", pump_rows(72, 46))});
  Replay replay{installation};
  AlertBook book;
  CourseBook courses;
  replay.pipeline().on_judgement([&courses](const auto& each) { courses.take(each); });
  EXPECT_TRUE(replay.run(
      {}, [&book](const Alert& alert) { book.take(alert); }, [] { return true; }));
  auto stories = book.stories();
  EXPECT_THAT(stories, SizeIs(1));
  change(stories);
  const auto summary = summarise(replay, stories);
  return report_page({installation, replay.pipeline(), summary, stories, courses});
}

TEST(ReportPage, names_and_links_the_alert_that_explains_another) {
  const auto page = page_of([](auto& stories) {
    stories.push_back(stories.front());
    stories[1].worst.title = "The <cause>";
    stories[1].raised.id = "cause";
    stories[0].explained_by = "cause";
    stories[0].dispatched.reset();
  });
  EXPECT_THAT(page, HasSubstr("<dt>Explained by</dt><dd><a href=\"#a1\">The &lt;cause&gt;</a></dd>"));
}

TEST(ReportPage, says_that_something_was_explained_for_a_time_only) {
  const auto page = page_of([](auto& stories) {
    stories[0].explained_by = "gone";
    stories[0].dispatched = stories[0].raised.raised_at + 1h;
  });
  EXPECT_THAT(page, HasSubstr("<dt>Explained for a time by</dt><dd>another alert</dd>"));
}

TEST(ReportPage, tells_once_what_comes_and_goes_many_times) {
  const auto page_after = [](int times) {
    return page_of([times](auto& stories) {
      const auto at = *parse_rfc3339("2026-06-03T10:00:00Z");
      stories[0].steps = {{at, AlertEvent::raised, Severity::minor, "Hot"}};
      for (int time = 1; time <= times; ++time) {
        stories[0].steps.push_back({at + (2 * time - 1) * 1h, AlertEvent::cleared, Severity::minor, "Hot"});
        stories[0].steps.push_back({at + 2 * time * 1h, AlertEvent::returned, Severity::minor, "Hot"});
      }
      stories[0].steps.push_back({at + 20h, AlertEvent::cleared, Severity::minor, "Hot"});
    });
  };
  EXPECT_THAT(page_after(4),
              HasSubstr("13:00</time> <span>cleared and returned 4 times until 3 Jun 2026 20:00</span></li>\n"
                        "<li><time>4 Jun 2026 08:00</time> <span>cleared</span></li>\n</ul>"));
  EXPECT_THAT(page_after(2), HasSubstr("<span>returned</span></li>\n<li><time>3 Jun 2026 15:00</time> <span>cleared"));
}

TEST(ReportPage, tells_the_same_words_in_a_row_once) {
  const auto page = page_of([](auto& stories) {
    const auto at = *parse_rfc3339("2026-06-03T10:00:00Z");
    stories[0].steps = {{at, AlertEvent::raised, Severity::minor, "Hot"},
                        {at + 1h, AlertEvent::updated, Severity::minor, "Hot"},
                        {at + 2h, AlertEvent::updated, Severity::minor, "Hot"},
                        {at + 3h, AlertEvent::updated, Severity::major, "Hot"}};
  });
  EXPECT_THAT(page, HasSubstr("3 Jun 2026 12:00</time> <span><span class=\"severity minor\">minor</span>: Hot … and 2 "
                              "more until 3 Jun 2026 14:00</span></li>\n<li><time>3 Jun 2026 15:00</time> <span><span "
                              "class=\"severity major\">major</span>: Hot</span></li>"));
}

TEST(ReportPage, says_when_a_predicted_limit_was_reached) {
  const auto page = page_of([](auto& stories) {
    stories[0].dispatched = *parse_rfc3339("2026-06-02T02:00:00Z");
    stories[0].at_limit = *parse_rfc3339("2026-06-03T10:00:00Z");
  });
  EXPECT_THAT(page, AllOf(HasSubstr("limit reached 3 Jun 2026 12:00, 32 hours after the call for a visit"),
                          HasSubstr("median warning, 1 predicted limit reached")));
}

TEST(ReportPage, tells_two_hundred_of_many_alerts_in_full_and_links_no_other) {
  const auto page = page_of([](auto& stories) {
    stories.resize(201, stories.front());
    stories[7].dispatched.reset();
    for (std::size_t place = 0; place < stories.size(); ++place) {
      if (place != 7) stories[place].dispatched = stories[place].raised.raised_at;
    }
  });
  EXPECT_THAT(page, AllOf(HasSubstr("<article id=\"a0\">"), HasSubstr("<article id=\"a200\">"),
                          HasSubstr("href=\"#a200\""), HasSubstr("200 of 201 alerts are shown in full")));
  EXPECT_THAT(page, AllOf(Not(HasSubstr("id=\"a7\"")), Not(HasSubstr("href=\"#a7\""))));
}

TEST(ReportPage, plots_nothing_beside_what_a_models_alert_names) {
  const auto page = page_of([](auto& stories) { stories[0].worst.evidence.reset(); });
  EXPECT_THAT(page, Not(HasSubstr("<figure")));
}

TEST(Rarity, is_told_to_two_digits_with_the_length_of_a_period) {
  EXPECT_EQ(rarity_text(7.2339, 10min), "come once in 17,000,000 periods of 10 minutes");
  EXPECT_EQ(rarity_text(3.08, Duration{}), "come once in 1,200 periods");
  EXPECT_EQ(rarity_text(12, 1h), "practically never come");
}

}  // namespace
}  // namespace fettle
