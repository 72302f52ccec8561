#include "modbus/tcp_master.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <chrono>
#include <deque>
#include <set>
#include <utility>
#include <vector>

// Several silent units behind one connection.

namespace fettle::modbus {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr Request one_register{RegisterTable::holding, 0, 1};

/// A gateway with units behind it, which answers 5 ms later for those that live; whoever hangs up gets nothing any more.
class HostWire final : public Wire {
 public:
  std::set<std::uint8_t> living;

  void pass(Span span) { now_ += span; }
  int openings() const { return openings_; }

  Moment now() const override { return now_; }
  bool is_open() const override { return open_; }
  void cancel() override { close(); }
  void close() override {
    open_ = false;
    answers_.clear();
  }
  Result<void> open(Moment /*deadline*/) override {
    ++openings_;
    open_ = true;
    return {};
  }
  Result<void> write(std::span<const std::uint8_t> bytes, Moment /*deadline*/) override {
    const auto unit = bytes[6];
    if (living.contains(unit)) answers_.push_back({now_ + 5ms, {bytes[0], bytes[1], 0, 0, 0, 5, unit, 3, 2, 0, 42}});
    return {};
  }
  void expect_more() override {}
  void rest(Moment until) override { now_ = std::max(now_, until); }
  Result<std::size_t> read(std::span<std::uint8_t> into, Moment deadline) override {
    if (answers_.empty() || answers_.front().first > deadline) {
      now_ = std::max(now_, deadline);
      return std::size_t{0};
    }
    const auto [moment, bytes] = std::exchange(answers_.front(), {});
    answers_.pop_front();
    now_ = std::max(now_, moment);
    std::copy(bytes.begin(), bytes.end(), into.begin());
    return bytes.size();
  }

 private:
  Moment now_{std::chrono::hours{1}};
  bool open_ = false;
  int openings_ = 0;
  std::deque<std::pair<Moment, std::vector<std::uint8_t>>> answers_;
};

class SilentUnits : public testing::Test {
 protected:
  /// Knocks at all of them each second; those that were heard.
  std::set<std::uint8_t> knock(int seconds) {
    std::set<std::uint8_t> heard;
    for (int second = 0; second < seconds; ++second) {
      if (wire.living.contains(healthy)) {
        EXPECT_TRUE(master.ask({healthy, 1s, 0s}, one_register));
      }
      for (std::uint8_t unit = 7; unit <= 11; ++unit) {
        if (master.knock({unit, 1s, 0s}, one_register)) heard.insert(unit);
      }
      wire.pass(1s);
    }
    return heard;
  }

  static constexpr std::uint8_t healthy = 1;
  HostWire wire;
  TcpMaster master{wire};
};

class ReturningUnit : public SilentUnits, public testing::WithParamInterface<std::uint8_t> {};

TEST_P(ReturningUnit, is_heard_within_seven_seconds_beside_a_healthy_one) {
  wire.living = {healthy};
  EXPECT_THAT(knock(20), IsEmpty());
  EXPECT_EQ(wire.openings(), 1) << "silent units are no reason to hang up";
  wire.living.insert(GetParam());
  EXPECT_THAT(knock(7), ElementsAre(GetParam()));
}

TEST_P(ReturningUnit, is_heard_within_seven_seconds_where_nobody_else_answers) {
  EXPECT_THAT(knock(23), IsEmpty());
  EXPECT_GT(wire.openings(), 1) << "the connection itself may be what is dead";
  wire.living.insert(GetParam());
  EXPECT_THAT(knock(7), ElementsAre(GetParam()));
}

INSTANTIATE_TEST_SUITE_P(OfFive, ReturningUnit, testing::Values(7, 8, 9, 10, 11));

}  // namespace
}  // namespace fettle::modbus
