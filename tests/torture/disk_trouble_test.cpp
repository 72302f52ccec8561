#include <fmt/format.h>
#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "support/mosquitto.hpp"
#include "torture/consumer.hpp"
#include "torture/disk.hpp"
#include "torture/gateway.hpp"
#include "torture/levers.hpp"

// The real agent on a disk that refuses to be written: it reads, detects and delivers from memory, says so, and catches up.

namespace fettle::test {
namespace {

using testing::IsEmpty;

constexpr double well = 20, ill = 46;

class OnABadDisk : public testing::Test {
 protected:
  void start(const World& world) {
    for (std::size_t machine = 0; machine < machines; ++machine) levers.set(machine, well);
    gateway.emplace(world);
    gateway->start();
  }

  World world(const std::string& store) const { return {broker.port(), levers.port(), store, machines, {}, {}}; }

  bool until_state(const std::string& slot, const std::string& state) {
    return until([&](const Ledger& book) { return book.row(slot) != nullptr && book.row(slot)->state == state; });
  }

  bool until(const std::function<bool(const Ledger&)>& true_now) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{30};
    while (!true_now(consumer.ledger())) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      consumer.listen(std::chrono::milliseconds{100});
      gateway->listen();
    }
    return true;
  }

  /// While nothing can be written: one machine falls ill, one recovers, and the gateway says what ails itself.
  void expect_to_work_from_memory() {
    levers.set(1, ill);
    levers.set(0, well);
    ASSERT_TRUE(until_state(Gateway::slot(1), "active")) << gateway->last_words();
    ASSERT_TRUE(until_state(Gateway::slot(0), "cleared")) << gateway->last_words();
    ASSERT_TRUE(until_state(store_failed, "active")) << gateway->last_words();
    EXPECT_EQ(consumer.ledger().row(store_failed)->kind, "system");
    EXPECT_EQ(consumer.ledger().episodes(store_failed), 1U);
  }

  /// After all that, a new life knows what happened in the bad time: the alert of then is cleared under its own id.
  void expect_to_have_lost_nothing() {
    const auto before = *consumer.ledger().row(Gateway::slot(1));
    levers.set(1, well);
    ASSERT_TRUE(until_state(Gateway::slot(1), "cleared")) << gateway->last_words();
    EXPECT_EQ(consumer.ledger().row(Gateway::slot(1))->id, before.id);
    ASSERT_TRUE(until([](const Ledger& book) { return book.digest() == book.open(); })) << gateway->last_words();
    for (std::size_t machine = 0; machine < 2; ++machine) {
      EXPECT_EQ(consumer.ledger().episodes(Gateway::slot(machine)), 1U);
    }
    EXPECT_THAT(consumer.ledger().breaches(), IsEmpty());
  }

  static constexpr std::size_t machines = 2;
  const std::string store_failed = std::string{Gateway::id} + "/store-failed";
  Mosquitto broker;
  Levers levers{machines};
  Consumer consumer{broker.port(), Gateway::id};
  std::optional<Gateway> gateway;
  std::mt19937_64 random{7};
};

class ThatFails : public OnABadDisk, public testing::WithParamInterface<const char*> {};

TEST_P(ThatFails, goes_on_from_memory_and_is_whole_again_when_it_works) {
  Disk disk;
  auto there = world(disk.folder().string());
  there.environment = disk.environment();
  start(there);
  levers.set(0, ill);
  ASSERT_TRUE(until_state(Gateway::slot(0), "active")) << gateway->last_words();
  disk.fail_with(GetParam());
  expect_to_work_from_memory();
  disk.recover();
  ASSERT_TRUE(until_state(store_failed, "cleared")) << gateway->last_words();
  gateway->kill();
  disk.cut_power(random);
  gateway->start();
  expect_to_have_lost_nothing();
}

INSTANTIATE_TEST_SUITE_P(OnABadDisk, ThatFails, testing::Values("ENOSPC", "EIO", "EROFS"),
                         [](const auto& each) { return std::string{each.param}; });

TEST_F(OnABadDisk, that_comes_late_is_taken_over_by_starting_again) {
  Disk disk;
  auto there = world(disk.folder().string());
  there.environment = disk.environment();
  disk.fail_with("EIO");
  start(there);
  levers.set(0, ill);
  ASSERT_TRUE(until_state(Gateway::slot(0), "active")) << gateway->last_words();
  expect_to_work_from_memory();
  disk.recover();
  ASSERT_TRUE(until_state(store_failed, "cleared")) << gateway->last_words();
  gateway->kill();
  disk.cut_power(random);
  gateway->start();
  expect_to_have_lost_nothing();
}

/// A disk of four megabytes that only the agent sees, in a mount namespace that a sleeper keeps alive.
class SmallDisk {
 public:
  SmallDisk() { sleeper_.wait_for_line("mounted", std::chrono::seconds{10}); }

  std::string folder() const { return place_.file("store"); }
  std::vector<std::string> wrapper() const {
    return {"nsenter", "--mount", "--target", std::to_string(sleeper_.pid()), "--"};
  }
  void fill() const {
    std::ofstream ballast{seen_from_here("ballast")};
    const std::string block(4'096, 'x');
    while (ballast << block << std::flush) continue;
  }
  void make_room() const { std::filesystem::remove(seen_from_here("ballast")); }

 private:
  std::string seen_from_here(const std::string& name) const {
    return fmt::format("/proc/{}/root{}/{}", sleeper_.pid(), folder(), name);
  }

  TempDir place_;
  Child sleeper_{{"unshare", "--mount", "/bin/sh", "-c",
                  fmt::format("mkdir {0} && mount -t tmpfs -o size=4m none {0} && echo mounted && exec sleep infinity",
                              place_.file("store"))}};
};

TEST_F(OnABadDisk, that_is_really_full_goes_on_from_memory) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can mount a small disk";
  const SmallDisk disk;
  auto there = world(disk.folder());
  there.wrapper = disk.wrapper();
  start(there);
  levers.set(0, ill);
  ASSERT_TRUE(until_state(Gateway::slot(0), "active")) << gateway->last_words();
  disk.fill();
  expect_to_work_from_memory();
  disk.make_room();
  ASSERT_TRUE(until_state(store_failed, "cleared")) << gateway->last_words();
  gateway->kill();
  gateway->start();
  expect_to_have_lost_nothing();
}

}  // namespace
}  // namespace fettle::test
