#include "sample_journal.hpp"
#include "store/journal.hpp"
#include "support/faulty_vfs.hpp"

#include <gtest/gtest.h>
#include <array>
#include <filesystem>
#include <functional>
#include <random>

namespace fettle::store {
namespace {

constexpr int cuts = 200;
constexpr int slots = 6;
constexpr int commands = 8;

/// Everything that can be asked of a journal, as one text.
std::string all_of(Journal& journal) {
  auto result = fmt::format("sequence {} info {}\n", journal.sequence().value(), journal.info_acknowledged().value());
  const auto add = [&result](const StoredAlert& each, const char* list) {
    result += fmt::format("{} {} {}-{} {} {}\n", list, each.slot, each.id, each.rev, each.sequence, each.document);
  };
  for (const auto& each : journal.dirty(1000).value()) add(each, "dirty");
  for (const auto& each : journal.open_documents().value()) add(each, "open");
  for (const auto& each : journal.outcomes(1000).value()) result += "outcome " + each.id + "\n";
  for (const auto& each : journal.last_closed().value()) result += "closed " + each.id + "\n";
  for (int number = 0; number < commands; ++number) {
    result += journal.answer_to("dispatch", std::to_string(number)).value().value_or("-") + "\n";
  }
  const auto learned = journal.load_state("part", 1, 2);
  return result + fmt::format("learned {} fact {}\n", learned ? learned->size() : 0, journal.fact("f").value());
}

std::string large_document(const Alert& alert, std::uint64_t sequence) {
  return render(alert, sequence) + std::string(static_cast<std::size_t>(2800 + sequence % 400), 'x');
}

/// What an agent does to its journal, at random and the same for every journal that is given.
class Life {
 public:
  explicit Life(std::uint64_t seed) : random_{seed} {}

  using Step = std::function<bool(Journal&)>;

  Step next() {
    switch (pick(8)) {
      case 0: return [part = Bytes(pick(6000))](Journal& journal) { return save(journal, part); };
      case 1:
        return [latest = latest()](Journal& journal) { return journal.mark_sent(latest.id, latest.rev).has_value(); };
      case 2:
        return [value = static_cast<std::int64_t>(pick(99))](Journal& journal) {
          return journal.set_fact("f", value).has_value();
        };
      case 3:
        return [jti = pick(commands), alert = change()](Journal& journal) { return command(journal, jti, alert); };
      case 4: return [](Journal& journal) { return journal.mark_open_dirty().has_value(); };
      default:
        return [alerts = changes()](Journal& journal) { return journal.record(alerts, large_document).has_value(); };
    }
  }
  std::size_t pick(std::uint64_t below) { return static_cast<std::size_t>(random_() % below); }
  std::mt19937_64& random() { return random_; }

 private:
  static bool save(Journal& journal, const Bytes& bytes) {
    return journal.save_states(std::vector<LearnedState>{{"part", 1, 2, bytes}}).has_value();
  }
  static bool command(Journal& journal, std::uint64_t jti, const Alert& alert) {
    const std::vector alerts{alert};
    return journal.record(alerts, large_document, {"dispatch", std::to_string(jti), moment(), alert.id}).has_value();
  }
  Alert latest() {
    const auto slot = pick(slots);
    return alert(fmt::format("mode-{}", slot), fmt::format("{}-{}", slot, episodes_.at(slot)),
                 static_cast<int>(revisions_.at(slot)));
  }
  Alert change() {
    const auto slot = pick(slots);
    const bool closes = pick(4) == 0;
    auto result = alert(fmt::format("mode-{}", slot), fmt::format("{}-{}", slot, episodes_.at(slot)),
                        static_cast<int>(++revisions_.at(slot)), closes ? AlertState::closed : AlertState::active);
    if (closes) {
      result.outcome = Outcome{.verdict = Conclusion::confirmed, .by = "tech", .at = moment(), .note = {}};
      ++episodes_.at(slot);
      revisions_.at(slot) = 0;
    }
    return result;
  }
  std::vector<Alert> changes() {
    std::vector<Alert> result;
    for (auto count = 1 + pick(3); count > 0; --count) result.push_back(change());
    return result;
  }

  std::mt19937_64 random_;
  std::array<std::uint64_t, slots> episodes_{}, revisions_{};
};

/// Where the power cuts struck, so that a test that never hits anything is seen.
struct Tally {
  int during_work = 0, undone = 0, done = 0;
};

void expect_whole(const test::TempDir& folder, const std::string& before, const std::string& after, std::uint64_t seed,
                  Tally& tally) {
  auto journal = Journal::open(folder.path().string(), moment());
  ASSERT_TRUE(journal) << "seed " << seed << ": " << journal.error().detail;
  const auto found = all_of(*journal);
  EXPECT_TRUE(found == before || found == after) << "seed " << seed << "\nbefore\n"
                                                 << before << "after\n"
                                                 << after << "found\n"
                                                 << found;
  tally.undone += static_cast<int>(found == before);
  tally.done += static_cast<int>(found == after && found != before);
  EXPECT_FALSE(std::filesystem::exists(folder.file("journal.db.damaged-20261121T091458Z"))) << "seed " << seed;
}

/// Works until the power goes, at the latest when the journal is closed. Returns what it was before and after the step that was hit.
std::pair<std::string, std::string> work(const test::TempDir& folder, test::FaultyVfs& disk, Life& life) {
  auto journal = opened(folder);
  auto reference = std::move(Journal::in_memory(moment()).value());
  disk.cut_power_at(1 + life.pick(life.pick(2) == 0 ? 60 : 1200));
  for (auto steps = 20 + life.pick(120); steps > 0; --steps) {
    const auto step = life.next();
    if (step(journal)) {
      EXPECT_TRUE(step(reference));
      continue;
    }
    auto before = all_of(reference);
    EXPECT_TRUE(step(reference));
    return {std::move(before), all_of(reference)};
  }
  return {all_of(reference), all_of(reference)};
}

TEST(JournalPower, rule_2_a_cut_loses_nothing_that_was_taken_and_leaves_nothing_half) {
  Tally tally;
  for (std::uint64_t seed = 1; seed <= cuts; ++seed) {
    const test::TempDir folder;
    test::FaultyVfs disk;
    Life life{seed};
    const auto [before, after] = work(folder, disk, life);
    tally.during_work += static_cast<int>(disk.is_off());
    disk.restore_power(life.random());
    expect_whole(folder, before, after, seed, tally);
  }
  fmt::print("seeds 1 to {}: {} power cuts during a step or a checkpoint, {} found undone, {} done\n", cuts,
             tally.during_work, tally.undone, tally.done);
  EXPECT_GT(tally.during_work, cuts / 2);
  EXPECT_GT(tally.done, 0);
}

TEST(JournalPower, a_cut_while_memory_is_taken_over_leaves_all_or_nothing_of_it) {
  Tally tally;
  for (std::uint64_t seed = 1; seed <= cuts; ++seed) {
    const test::TempDir folder;
    test::FaultyVfs disk;
    Life life{seed};
    auto memory = std::move(Journal::in_memory(moment()).value());
    std::string before;
    {
      auto journal = opened(folder);
      for (int step = 0; step < 20; ++step) EXPECT_TRUE(life.next()(journal));
      EXPECT_TRUE(memory.take_over(journal));
      before = all_of(journal);
      const auto learned = journal.load_state("part", 1, 2);
      if (learned) memory.save_states(std::vector<LearnedState>{{"part", 1, 2, *learned}}).value();
      for (int step = 0; step < 20; ++step) EXPECT_TRUE(life.next()(memory));
      disk.cut_power_at(1 + life.pick(160));
      static_cast<void>(journal.take_over(memory));
    }
    tally.during_work += static_cast<int>(disk.is_off());
    disk.restore_power(life.random());
    expect_whole(folder, before, all_of(memory), seed, tally);
  }
  fmt::print("seeds 1 to {}: {} power cuts, {} found undone, {} done\n", cuts, tally.during_work, tally.undone,
             tally.done);
  EXPECT_GT(tally.undone, 0);
  EXPECT_GT(tally.done, 0);
}

}  // namespace
}  // namespace fettle::store
