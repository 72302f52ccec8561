#include "core/clock.hpp"
#include "plants/summary.hpp"
#include "plants/verdict.hpp"
#include "support/child.hpp"
#include "support/mosquitto.hpp"
#include "support/ports.hpp"
#include "support/subscriber.hpp"
#include "support/temp_dir.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace fettle::test {
namespace {

using namespace std::chrono_literals;
using plants::Document;
using testing::Each;
using testing::Field;

constexpr double speed = 3'600;
const std::string start_text = "2004-02-12T10:32:39Z";
const Time start = *parse_rfc3339(start_text);
const Time last_running_row = *parse_rfc3339("2004-02-19T06:02:39Z");
const Time last_row = *parse_rfc3339("2004-02-19T06:22:39Z");

/// A shaft on four bearings that was run until one of them failed, served row by row to the agent, and what a subscriber
/// received of it.
class RecordedShaft : public testing::Test {
 protected:
  static std::string show(const Document& document) {
    return fmt::format("{} {} {} {} priority {}: {}\n", plants::day_of(document.time, start), document.severity,
                       document.kind, document.state, document.priority, document.title);
  }

  void run_to_the_last_row() {
    ASSERT_TRUE(server_.wait_for_line("ready", 20s)) << server_.output();
    Child agent{{FETTLE_BINARY, "run", "-c", SHAFT_SITE, "--speed", fmt::format("{}@{}", speed, start_text)},
                {{{"FETTLE_BROKER", fmt::format("127.0.0.1:{}", broker_.port())},
                  {"FETTLE_PLANT_HOST", "127.0.0.1"},
                  {"FETTLE_PLANT_PORT", port_},
                  {"FETTLE_STORE", folder_.file("store")}},
                 {}}};
    const DomainClock clock{start, speed};
    while (clock.now() < last_row) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(clock.real(last_row - clock.now()));
      if (const auto received = subscriber_.next(std::min<std::chrono::milliseconds>(left, 1s))) take(*received);
      ASSERT_TRUE(agent.is_running()) << agent.output();
    }
    EXPECT_EQ(agent.terminate(), 0) << agent.output();
  }

  void take(const Received& received) {
    if (received.payload.empty()) return;
    const auto document = plants::read_document(received.payload);
    ASSERT_TRUE(document) << received.topic << ' ' << received.payload;
    story_ += show(*document);
    if (document->is_dispatch_grade()) dispatches_.push_back(*document);
  }

  TempDir folder_;
  std::string port_ = std::to_string(free_port());
  Mosquitto broker_;
  Subscriber subscriber_{broker_.port(), "fettle/v1/+/alert/#"};
  Child server_{{"/usr/bin/python3", SHAFT_SERVER, port_, RECORDING, start_text, fmt::format("{}", speed)}};
  std::vector<Document> dispatches_;
  std::string story_;
};

TEST_F(RecordedShaft, is_announced_two_days_before_its_bearing_fails_and_nothing_else_is) {
  run_to_the_last_row();
  SCOPED_TRACE(story_);
  ASSERT_FALSE(dispatches_.empty());
  const auto& first = dispatches_.front();
  EXPECT_THAT(dispatches_, Each(Field(&Document::asset, "SHAFT-01")));
  EXPECT_THAT(dispatches_, Each(Field(&Document::mode, "bearing-wear")));
  EXPECT_THAT(dispatches_, Each(Field(&Document::id, first.id)));
  EXPECT_EQ(first.kind, "prediction");
  EXPECT_GE(to_hours(last_running_row - first.time), 48);
  RecordProperty("hours_ahead", fmt::format("{:.1f}", to_hours(last_running_row - first.time)));
  fmt::print("announced {:.1f} hours before the end: {}", to_hours(last_running_row - first.time), show(first));
}

}  // namespace
}  // namespace fettle::test
