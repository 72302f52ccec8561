#include "telemetry_gateway.hpp"

#include "support/child.hpp"
#include "support/cut_proxy.hpp"
#include "support/mosquitto.hpp"
#include "support/subscriber.hpp"
#include "support/temp_dir.hpp"
#include "support/this_program.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <boost/json.hpp>
#include <cstdlib>
#include <map>

namespace fettle::delivery {
namespace {

using namespace std::chrono_literals;
using test::TelemetryGateway;

constexpr auto patience = 20s;
constexpr auto period = 10ms;
const std::string topic = "fettle/v1/gw-0042/data/meter";

BrokerSettings settings_for(unsigned short port) {
  BrokerSettings settings;
  settings.addresses = {{"127.0.0.1", port}};
  return settings;
}

TelemetrySettings fast() {
  TelemetrySettings settings;
  settings.catch_up = 500;
  return settings;
}

/// A batch as a consumer sees it.
struct Seen {
  std::int64_t seq = 0, value = 0, dropped = 0;
  bool replayed = false, after_crash = false;
  std::string content;  ///< without the mark
};

Seen seen_in(const test::Received& received) {
  auto document = boost::json::parse(received.payload).as_object();
  Seen seen;
  seen.seq = document.at("seq").as_int64();
  seen.dropped = document.at("dropped").as_int64();
  seen.value = document.at("points").as_array().at(0).at("value").as_int64();
  seen.after_crash = document.contains("afterCrash");
  seen.replayed = document.contains("replayed");
  document.erase("replayed");
  seen.content = boost::json::serialize(document);
  return seen;
}

/// What a consumer keeps that leaves out repetitions, which must have the same content.
std::vector<Seen> kept(const test::Subscriber& subscriber) {
  std::vector<Seen> result;
  std::map<std::int64_t, std::string> contents;
  for (const auto& received : subscriber.all()) {
    auto seen = seen_in(received);
    const auto [known, fresh] = contents.emplace(seen.seq, seen.content);
    EXPECT_EQ(known->second, seen.content) << "a number never has other content";
    if (fresh) result.push_back(std::move(seen));
  }
  return result;
}

/// Every poll is there once, in order, with numbers that rise by one.
void expect_all(const std::vector<Seen>& batches, int polls) {
  ASSERT_EQ(batches.size(), static_cast<std::size_t>(polls));
  for (std::size_t place = 0; place < batches.size(); ++place) {
    EXPECT_EQ(batches[place].value, static_cast<std::int64_t>(place) + 1);
    EXPECT_EQ(batches[place].seq, batches.front().seq + static_cast<std::int64_t>(place));
    EXPECT_EQ(batches[place].dropped, 0);
  }
}

class TelemetryPeers : public ::testing::Test {
 protected:
  /// Reads on until a batch has this value.
  bool receive(int value) {
    return subscriber_.wait_for([value](const auto& each) { return seen_in(each).value == value; }, patience)
        .has_value();
  }

  test::Mosquitto broker_;
  test::CutProxy cable_{broker_.port()};
  test::TempDir store_;
  test::Subscriber subscriber_{broker_.port(), topic, {"-c", "-i", "consumer"}};
};

TEST_F(TelemetryPeers, is_live_while_the_link_is_well) {
  TelemetryGateway gateway{store_.path().string(), settings_for(cable_.port()), fast()};
  ASSERT_TRUE(gateway.poll_until([&gateway] { return gateway.is_up(); }, period));
  ASSERT_TRUE(gateway.run_until_sent());
  const int before = gateway.polls();
  ASSERT_TRUE(gateway.poll(100, period));
  ASSERT_TRUE(gateway.run_until_sent());
  ASSERT_TRUE(receive(gateway.polls()));
  const auto batches = kept(subscriber_);
  expect_all(batches, gateway.polls());
  EXPECT_EQ(subscriber_.all().size(), batches.size()) << "none came twice";
  EXPECT_EQ(gateway.telemetry().state().dropped, 0U);
  EXPECT_FALSE(batches.back().replayed);
  EXPECT_GT(gateway.polls(), before);
}

TEST_F(TelemetryPeers, loses_doubles_and_reorders_nothing_when_the_cable_is_cut) {
  TelemetryGateway gateway{store_.path().string(), settings_for(cable_.port()), fast()};
  for (int cut = 0; cut < 4; ++cut) {
    ASSERT_TRUE(gateway.poll_until([&gateway] { return gateway.is_up(); }, period));
    ASSERT_TRUE(gateway.poll(30, period));
    cable_.cut();
    ASSERT_TRUE(gateway.poll_until([&gateway] { return !gateway.is_up(); }, period));
    ASSERT_TRUE(gateway.poll(60, period));
    cable_.restore();
  }
  ASSERT_TRUE(gateway.poll(30, period));
  ASSERT_TRUE(gateway.run_until_sent());
  ASSERT_TRUE(receive(gateway.polls()));
  const auto batches = kept(subscriber_);
  expect_all(batches, gateway.polls());
  EXPECT_GT(std::count_if(batches.begin(), batches.end(), [](const Seen& each) { return each.replayed; }), 4 * 50);
  EXPECT_GE(cable_.connections(), 4U);
}

TEST_F(TelemetryPeers, catches_up_when_a_silent_link_speaks_again) {
  TelemetryGateway gateway{store_.path().string(), settings_for(cable_.port()), fast()};
  ASSERT_TRUE(gateway.poll_until([&gateway] { return gateway.is_up(); }, period));
  cable_.freeze();
  ASSERT_TRUE(gateway.poll(150, period));
  EXPECT_LT(gateway.telemetry().state().waiting_in_memory, 100U) << "what is late is on disk";
  cable_.restore();
  ASSERT_TRUE(gateway.poll(30, period));
  ASSERT_TRUE(gateway.run_until_sent());
  ASSERT_TRUE(receive(gateway.polls()));
  expect_all(kept(subscriber_), gateway.polls());
}

TEST_F(TelemetryPeers, loses_nothing_when_the_broker_is_restarted) {
  TelemetryGateway gateway{store_.path().string(), settings_for(broker_.port()), fast()};
  ASSERT_TRUE(gateway.poll_until([&gateway] { return gateway.is_up(); }, period));
  ASSERT_TRUE(gateway.poll(50, period));
  broker_.stop();
  ASSERT_TRUE(gateway.poll_until([&gateway] { return !gateway.is_up(); }, period));
  ASSERT_TRUE(gateway.poll(50, period));
  broker_.start();
  ASSERT_TRUE(gateway.poll_until([&gateway] { return gateway.is_up(); }, period));
  ASSERT_TRUE(gateway.run_until_sent());
  ASSERT_TRUE(receive(gateway.polls()));
  expect_all(kept(subscriber_), gateway.polls());
}

/// Not a test of its own: the program that the test below kills. It says what it has polled for as long as it lives.
TEST(TelemetryPeer, DISABLED_polls_until_it_is_killed) {
  TelemetryGateway gateway{std::getenv("FETTLE_TEST_STORE"),
                           settings_for(static_cast<unsigned short>(std::atoi(std::getenv("FETTLE_TEST_PORT")))),
                           fast()};
  for (;;) {
    ASSERT_TRUE(gateway.poll(1, period));
    const auto since = std::chrono::steady_clock::now().time_since_epoch();
    fmt::print("polled {} at {} {}\n", gateway.polls(), std::chrono::duration_cast<Duration>(since).count(),
               gateway.is_up() ? "up" : "down");
    std::fflush(stdout);
  }
}

class KilledTelemetry : public TelemetryPeers {
 protected:
  test::Child started() {
    return test::Child{
        test::this_program_for("TelemetryPeer.DISABLED_polls_until_it_is_killed"),
        {{{"FETTLE_TEST_PORT", std::to_string(cable_.port())}, {"FETTLE_TEST_STORE", store_.path().string()}}, {}}};
  }
  /// Poll by poll, when it was made, as the program said.
  static std::map<std::int64_t, std::int64_t> polled(test::Child& child) {
    std::map<std::int64_t, std::int64_t> result;
    const std::regex pattern{"polled ([0-9]+) at ([0-9]+)"};
    const auto text = child.output();
    for (std::sregex_iterator match{text.begin(), text.end(), pattern}, end; match != end; ++match) {
      result[std::stoll((*match)[1])] = std::stoll((*match)[2]);
    }
    return result;
  }
};

TEST_F(KilledTelemetry, loses_at_most_a_second_when_the_link_is_cut_and_it_is_killed) {
  auto first = started();
  ASSERT_TRUE(receive(50)) << first.output();
  cable_.cut();
  ASSERT_TRUE(first.wait_for_line("down", patience));
  for (int line = 0; line < 300; ++line) ASSERT_TRUE(first.wait_for_line("down", patience));
  first.kill();
  cable_.restore();
  auto second = started();
  ASSERT_TRUE(subscriber_.wait_for([](const auto& each) { return seen_in(each).after_crash; }, patience))
      << second.output();
  const auto made = polled(first);
  const auto batches = kept(subscriber_);
  const auto last = static_cast<std::int64_t>(batches.size()) - 1;
  expect_all({batches.begin(), batches.end() - 1}, static_cast<int>(last));
  const auto lost = made.rbegin()->second - made.at(last);
  RecordProperty("lost_milliseconds", static_cast<int>(lost));
  EXPECT_LE(lost, 1'000) << made.rbegin()->first - last << " polls are lost";
  EXPECT_GE(last, 300) << "and the outage is not";
  EXPECT_GT(batches.back().seq, batches[batches.size() - 2].seq);
}

}  // namespace
}  // namespace fettle::delivery
