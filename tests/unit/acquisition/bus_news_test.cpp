#include "acquisition/bus.hpp"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <chrono>
#include <semaphore>

namespace fettle::acquisition {
namespace {

using namespace std::chrono_literals;

/// A wire on which devices speak of their own accord.
class TalkingLine : public Line {
 public:
  explicit TalkingLine(std::function<void()>& wake) : wake_{wake} {}
  std::unique_ptr<Driver> attach(const SharedProfile&, const settings::Node&, settings::Mistakes&) override {
    return nullptr;
  }
  void start(const DomainClock&, std::function<void()> wake) override { wake_ = std::move(wake); }
  void cancel() override {}

 private:
  std::function<void()>& wake_;
};

/// A device that says a number whenever the test lets it.
class TalkingDriver : public Driver {
 public:
  explicit TalkingDriver(std::atomic<int>& words) : words_{words} {}
  Result<std::size_t> read(std::span<Reading> into) override {
    into[0] = Reading{};
    if (words_ == said_) return std::size_t{0};
    into[0] = good({}, Time{1s}, ++said_);
    return std::size_t{1};
  }
  bool has_news() override { return words_ != said_; }
  std::string raw(std::size_t) const override { return {}; }
  std::string source(std::size_t) const override { return {}; }

 private:
  std::atomic<int>& words_;
  int said_ = 0;
};

class BusNews : public testing::Test {
 protected:
  void SetUp() override {
    std::vector<BusDevice> devices;
    devices.push_back({"talker", std::make_unique<TalkingDriver>(words), 1, all_at(24h), {{0, {0}}}});
    bus.emplace("line", std::make_unique<TalkingLine>(wake), std::move(devices), DomainClock{},
                BusSinks{[this](const std::vector<Reading>& batch) { take(batch); },
                         [this](const DeviceState&) { states.release(); }});
  }
  void take(const std::vector<Reading>& batch) {
    const auto place = count.load();
    if (place < readings.size()) readings.at(place) = batch.at(0);
    ++count;
    arrived.release();
  }
  void says_one_more() {
    ++words;
    wake();
  }

  std::atomic<int> words = 0;
  std::function<void()> wake;
  std::array<Reading, 8> readings;
  std::atomic<std::size_t> count = 0;
  std::counting_semaphore<> arrived{0}, states{0};
  std::optional<Bus> bus;  // last: its thread uses what stands above
};

TEST_F(BusNews, are_read_at_once_however_long_the_period_is) {
  for (int word = 1; word <= 3; ++word) {
    says_one_more();
    ASSERT_TRUE(arrived.try_acquire_for(10s)) << word;
  }
  bus.reset();
  EXPECT_EQ(count, 3U);
  EXPECT_EQ(readings[2].value, 3);
  EXPECT_EQ(readings[2].time, Time{1s}) << "the driver knows when it was said";
}

TEST_F(BusNews, that_do_not_come_are_neither_good_nor_bad) {
  says_one_more();
  ASSERT_TRUE(arrived.try_acquire_for(10s));
  ASSERT_TRUE(states.try_acquire_for(10s)) << "it answers";
  wake();
  bus.reset();
  EXPECT_FALSE(states.try_acquire());
  EXPECT_EQ(count, 1U);
}

}  // namespace
}  // namespace fettle::acquisition
