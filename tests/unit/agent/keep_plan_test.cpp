#include "keep_plan.hpp"

#include <gmock/gmock.h>

#include <memory>
#include <set>

namespace fettle {
namespace {

using namespace std::chrono_literals;

/// A part whose state is so large.
class Part final : public Stateful {
 public:
  Part(std::string id, std::size_t bytes) : id_{std::move(id)}, bytes_{bytes} {}
  std::string state_id() const override { return id_; }
  std::uint32_t state_version() const override { return 1; }
  std::uint64_t settings_hash() const override { return 0; }
  void save(StateWriter& writer) const override {
    for (std::size_t byte = 0; byte < bytes_; ++byte) writer.put(std::uint8_t{});
  }
  bool restore(StateReader& /*reader*/) override { return true; }

 private:
  std::string id_;
  std::size_t bytes_;
};

class Parts {
 public:
  Parts(int small, int large) {
    for (int number = 0; number < small; ++number) add("small" + std::to_string(number), 1000);
    for (int number = 0; number < large; ++number) add("large" + std::to_string(number), 23'000);
  }
  const std::vector<Stateful*>& all() const { return pointers_; }

 private:
  void add(std::string id, std::size_t bytes) {
    parts_.push_back(std::make_unique<Part>(std::move(id), bytes));
    pointers_.push_back(parts_.back().get());
  }
  std::vector<std::unique_ptr<Part>> parts_;
  std::vector<Stateful*> pointers_;
};

std::size_t bytes_of(const std::vector<store::LearnedState>& states) {
  std::size_t bytes = 0;
  for (const auto& state : states) bytes += state.bytes.size();
  return bytes;
}

TEST(KeepPlan, keeps_everything_at_the_end) {
  const Parts parts{3, 400};
  EXPECT_EQ(KeepPlan{}.all(parts.all()).size(), 403);
}

TEST(KeepPlan, keeps_the_small_ones_every_time) {
  const Parts parts{3, 400};
  KeepPlan plan;
  for (int turn = 0; turn < 5; ++turn) {
    const auto states = plan.due(parts.all(), 1h);
    for (std::size_t place = 0; place < 3; ++place) EXPECT_EQ(states.at(place).part, "small" + std::to_string(place));
  }
}

TEST(KeepPlan, keeps_each_large_one_in_its_turn) {
  const Parts parts{3, 400};
  KeepPlan plan;
  std::set<std::string> kept;
  std::size_t bytes = 0;
  for (int hour = 0; hour < 24 * 5; ++hour) {
    const auto states = plan.due(parts.all(), 1h);
    bytes += bytes_of(states);
    for (const auto& state : states) kept.insert(state.part);
  }
  EXPECT_EQ(kept.size(), 403) << "within five days";
  EXPECT_LT(2 * bytes / 5, 6'500'000) << "bytes written a day, of 20 MB that a day may have";
}

TEST(KeepPlan, keeps_all_of_a_small_site_each_time) {
  const Parts parts{10, 4};
  EXPECT_EQ(KeepPlan{}.due(parts.all(), 1h).size(), 14);
}

TEST(KeepPlan, waits_longer_the_more_there_is) {
  const Parts few{3, 0}, many{250, 0}, very_many{4000, 0};
  KeepPlan plan;
  plan.due(few.all(), 1h);
  EXPECT_EQ(plan.period(), 1h);
  plan.due(many.all(), 1h);
  EXPECT_EQ(plan.period(), 4h + 48min);
  plan.due(very_many.all(), 1h);
  EXPECT_EQ(plan.period(), 6h);
}

}  // namespace
}  // namespace fettle
