#include "acquisition/bus.hpp"

#include <gmock/gmock.h>

#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>
#include <atomic>
#include <chrono>
#include <future>
#include <semaphore>
#include <sstream>

namespace fettle::acquisition {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

/// What the test's thread gets to see of a bus: at most `capacity` of each, in order, waited for with a deadline.
template <class T, std::size_t capacity = 64>
class Mailbox {
 public:
  void put(T value) {
    const auto place = filled_.load();
    if (place >= capacity) return;
    values_.at(place) = std::move(value);
    filled_.store(place + 1);
    arrived_.release();
  }
  T take() {
    if (!arrived_.try_acquire_for(10s)) throw std::runtime_error{"nothing arrived"};
    return values_.at(taken_++);
  }
  bool empty() const { return filled_ == taken_; }

 private:
  std::array<T, capacity> values_{};
  std::atomic<std::size_t> filled_ = 0;
  std::size_t taken_ = 0;
  std::counting_semaphore<> arrived_{0};
};

using Answer = std::function<Result<std::size_t>(std::span<Reading>)>;

/// A device without a wire: it answers what the test says.
class FakeDriver : public Driver {
 public:
  explicit FakeDriver(Answer answer) : answer_{std::move(answer)} {}
  Result<std::size_t> read(std::span<Reading> into) override { return answer_(into); }
  std::string raw(std::size_t) const override { return {}; }
  std::string source(std::size_t) const override { return {}; }

 private:
  Answer answer_;
};

/// A wire that only knows how to be cancelled.
class FakeLine : public Line {
 public:
  explicit FakeLine(std::function<void()> on_cancel = [] {}) : on_cancel_{std::move(on_cancel)} {}
  std::unique_ptr<Driver> attach(const SharedProfile&, const settings::Node&, settings::Mistakes&) override {
    return nullptr;
  }
  void cancel() override { on_cancel_(); }

 private:
  std::function<void()> on_cancel_;
};

Answer gives(std::vector<double> values) {
  return [values = std::move(values)](std::span<Reading> into) -> Result<std::size_t> {
    for (std::size_t place = 0; place < into.size(); ++place) into[place] = good({}, {}, values.at(place));
    return into.size();
  };
}

Answer fails(const Error& error) {
  return [error](std::span<Reading> into) -> Result<std::size_t> {
    for (auto& reading : into) reading = bad({}, {}, reason_of(error.fault));
    return error;
  };
}

BusDevice device(const std::string& key, Answer answer, Duration every, std::vector<Feed> feeds) {
  return {key, std::make_unique<FakeDriver>(std::move(answer)), 2, all_at(every), std::move(feeds)};
}

template <class... Devices>
std::vector<BusDevice> list(Devices... devices) {
  std::vector<BusDevice> all;
  (all.push_back(std::move(devices)), ...);
  return all;
}

class BusTest : public testing::Test {
 protected:
  BusSinks sinks() {
    return {[this](std::vector<Reading> batch) { readings.put(std::move(batch)); },
            [this](DeviceState state) { states.put(std::move(state)); }};
  }

  Mailbox<std::vector<Reading>> readings;
  Mailbox<DeviceState> states;
  DomainClock clock{Time{1'000'000s}, 1000};
};

TEST_F(BusTest, delivers_each_poll_as_one_batch_stamped_with_the_domain_clock) {
  const Bus bus{"line", std::make_unique<FakeLine>(),
                list(device("meter", gives({7, 8}), 10s, {{1, {4}}, {0, {5}}, {1, {6}}})), clock, sinks()};
  const auto first = readings.take();
  const auto second = readings.take();
  ASSERT_EQ(first.size(), 3U);
  EXPECT_EQ(first[0].point, PointId{4});
  EXPECT_EQ(first[0].value, 8);
  EXPECT_EQ(first[1].value, 7);
  EXPECT_EQ(first[2].value, 8);
  EXPECT_TRUE(first[2].is_good());
  EXPECT_GE(first[0].time, Time{1'000'000s});
  EXPECT_EQ(first[0].time, first[2].time);
  EXPECT_GT(second[0].time, first[0].time);
}

TEST_F(BusTest, says_when_a_device_begins_and_ceases_to_answer) {
  const auto turns = std::make_shared<int>(0);  // shared with the device below, which the bus owns
  const auto answer = [turns](std::span<Reading> into) {
    const auto turn = ++*turns;
    if (turn == 1 || turn > 4) return gives({1, 2})(into);
    return fails({turn == 4 ? Fault::malformed : Fault::refused, "meter: refused"})(into);
  };
  const Bus bus{"line", std::make_unique<FakeLine>(), list(device("meter", answer, 1s, {{0, {0}}})), clock, sinks()};
  EXPECT_TRUE(states.take().answering);
  const auto failed = states.take();
  EXPECT_FALSE(failed.answering);
  EXPECT_EQ(failed.fault, Fault::refused);
  EXPECT_EQ(failed.detail, "meter: refused");
  EXPECT_EQ(states.take().fault, Fault::malformed);
  const auto again = states.take();
  EXPECT_TRUE(again.answering);
  EXPECT_EQ(again.reads, 5U);
  EXPECT_EQ(again.failed, 3U);
}

TEST_F(BusTest, makes_the_points_of_a_dead_device_bad_while_its_neighbour_is_read) {
  const Bus bus{"line", std::make_unique<FakeLine>(),
                list(device("dead", fails({Fault::timeout, "dead: no answer within 300ms"}), 1s, {{0, {0}}}),
                     device("alive", gives({1, 2}), 1s, {{0, {1}}})),
                clock, sinks()};
  int alive = 0;
  for (int poll = 0; poll < 20; ++poll) {
    const auto reading = readings.take().at(0);
    const bool is_alive = reading.point == PointId{1};
    EXPECT_EQ(reading.reason, is_alive ? Reason::none : Reason::timeout);
    alive += is_alive ? 1 : 0;
  }
  EXPECT_GE(alive, 5);
}

TEST_F(BusTest, leaves_a_silent_device_alone_after_several_timeouts) {
  const auto asked = std::make_shared<std::atomic<int>>(0);  // shared with the device below, which the bus owns
  const auto answer = [asked](std::span<Reading> into) {
    ++*asked;
    return fails({Fault::timeout, "dead: no answer"})(into);
  };
  const Bus bus{"line", std::make_unique<FakeLine>(), list(device("dead", answer, 1s, {{0, {0}}})), clock, sinks()};
  for (int poll = 0; poll < 20; ++poll) EXPECT_EQ(readings.take()[0].reason, Reason::timeout);
  EXPECT_LE(*asked, 5);
}

TEST_F(BusTest, shows_that_it_is_at_work_whatever_its_devices_say) {
  Mailbox<int> beats;
  auto heard = sinks();
  heard.beats = [&beats] { beats.put(1); };
  const Bus bus{"line", std::make_unique<FakeLine>(),
                list(device("dead", fails({Fault::offline, "no such port"}), 1s, {{0, {0}}})), clock, std::move(heard)};
  EXPECT_EQ(beats.take(), 1);
}

TEST_F(BusTest, breaks_off_a_read_that_blocks_when_it_is_destroyed) {
  const auto cancelled = std::make_shared<std::promise<void>>();  // shared by line and device, which the bus owns
  std::promise<void> reading;
  const auto blocks = [cancelled, &reading](std::span<Reading> into) {
    reading.set_value();
    cancelled->get_future().wait();
    return fails({Fault::offline, "closed"})(into);
  };
  auto line = std::make_unique<FakeLine>([cancelled] { cancelled->set_value(); });
  {
    const Bus bus{"line", std::move(line), list(device("slow", blocks, 1s, {{0, {0}}})), clock, sinks()};
    reading.get_future().wait();
  }
  EXPECT_TRUE(states.empty()) << "a read that was broken off says nothing about the device";
  EXPECT_TRUE(readings.empty());
}

TEST_F(BusTest, ends_at_once_while_it_sleeps) {
  const auto begin = std::chrono::steady_clock::now();
  {
    const Bus bus{"line", std::make_unique<FakeLine>(), list(device("meter", gives({1, 2}), 24h, {{0, {0}}})),
                  DomainClock{}, sinks()};
    readings.take();
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 5s);
}

/// Collects what is logged while it lives. To be read when no bus runs any more.
class Log {
 public:
  Log() : before_{spdlog::default_logger()} {
    auto sink = std::make_shared<spdlog::sinks::ostream_sink_mt>(text_);
    sink->set_pattern("%v|");
    spdlog::set_default_logger(std::make_shared<spdlog::logger>("test", std::move(sink)));
  }
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;
  ~Log() { spdlog::set_default_logger(before_); }

  std::string text() const {
    auto text = text_.str();
    std::erase(text, '\n');
    return text;
  }

 private:
  std::ostringstream text_;
  std::shared_ptr<spdlog::logger> before_;
};

/// Answers a poll for each '+', none for each '-', and goes on answering.
Answer answers_as(std::string turns) {
  const auto turn = std::make_shared<std::size_t>(0);  // shared with its copies, of which a device has one
  return [turns = std::move(turns), turn](std::span<Reading> into) {
    const auto now = (*turn)++;
    if (now >= turns.size() || turns[now] == '+') return gives({1, 2})(into);
    return fails({Fault::refused, "meter: refused"})(into);
  };
}

class BusLogTest : public BusTest, public testing::WithParamInterface<std::pair<std::string, std::string>> {};

TEST_P(BusLogTest, tells_of_silence_that_lasts_and_of_its_end) {
  const Log log;
  {
    const Bus bus{"line", std::make_unique<FakeLine>(),
                  list(device("meter", answers_as(GetParam().first), 1s, {{0, {0}}})), clock, sinks()};
    for (std::size_t poll = 0; poll < GetParam().first.size() + 2; ++poll) readings.take();
  }
  EXPECT_EQ(log.text(), GetParam().second);
}

INSTANTIATE_TEST_SUITE_P(Bus, BusLogTest,
                         testing::Values(std::pair{"++-+-++", ""},
                                         std::pair{"+--+", "meter: refused|meter answers again|"},
                                         std::pair{"+----+-+", "meter: refused|meter answers again|"},
                                         std::pair{"-+-+", "meter: refused|meter answers again|"}));

}  // namespace
}  // namespace fettle::acquisition
