// The durable rate of the journal: one alert a call, against one INSERT of the same bytes a transaction into a plain SQLite table with
// the same durability, in alternating blocks of one run; and what both write. Usage: outbox_rate [seconds, default 20] [folder]
#include "store/journal.hpp"
#include "support/temp_dir.hpp"

#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/statfs.h>
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <vector>

namespace fettle::test {
namespace {

using Clock = std::chrono::steady_clock;

/// Short, so that what else the machine does strikes both sides of a pair alike.
constexpr int calls_a_block = 20;
constexpr int slots = 50;
constexpr std::size_t document_size = 3'000;

std::string document(std::uint64_t number) {
  auto result = fmt::format("{{\"sequence\": {}, \"text\": \"", number);
  while (result.size() < document_size) result += static_cast<char>('a' + (number * 7 + result.size()) % 26);
  return result;
}

/// What this process has caused to be written to the disk.
std::uint64_t bytes_written() {
  std::ifstream io{"/proc/self/io"};
  for (std::string word; io >> word;) {
    std::uint64_t value = 0;
    if (word == "write_bytes:" && io >> value) return value;
  }
  throw std::runtime_error{"/proc/self/io tells nothing"};
}

/// One table, no index but the key, prepared once.
class PlainTable {
 public:
  explicit PlainTable(const std::string& file) {
    sqlite3_open(file.c_str(), &connection_);
    sqlite3_exec(connection_,
                 "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; "
                 "CREATE TABLE outbox(id INTEGER PRIMARY KEY, document TEXT NOT NULL)",
                 nullptr, nullptr, nullptr);
    sqlite3_prepare_v2(connection_, "INSERT INTO outbox(document) VALUES (?1)", -1, &insert_, nullptr);
  }
  PlainTable(const PlainTable&) = delete;
  PlainTable& operator=(const PlainTable&) = delete;
  ~PlainTable() {
    sqlite3_finalize(insert_);
    sqlite3_close(connection_);
  }
  void write(const std::string& text) {
    sqlite3_bind_text64(insert_, 1, text.data(), text.size(), nullptr, SQLITE_UTF8);
    if (sqlite3_step(insert_) != SQLITE_DONE) throw std::runtime_error{sqlite3_errmsg(connection_)};
    sqlite3_reset(insert_);
  }

 private:
  sqlite3* connection_ = nullptr;
  sqlite3_stmt* insert_ = nullptr;
};

/// Alerts that are raised, revised three times and closed, on fifty slots, as a site's are.
class Alerts {
 public:
  Alert next() {
    const auto number = count_++;
    const auto slot = number % slots;
    const auto round = number / slots;
    Alert alert;
    alert.asset = "AHU-07";
    alert.mode = fmt::format("mode-{}", slot);
    alert.id = fmt::format("01JD8Q4Z7T3V9XK2M5{:08}", round / revisions * slots + slot);
    alert.rev = 1 + static_cast<int>(round % revisions);
    if (alert.rev == revisions) alert.state = AlertState::closed;
    alert.changed_at = Time{std::chrono::minutes{number}};
    return alert;
  }

 private:
  static constexpr std::uint64_t revisions = 5;
  std::uint64_t count_ = 0;
};

struct Side {
  std::vector<double> rates;
  std::uint64_t calls = 0, bytes = 0;

  template <class Call>
  void run_block(const Call& call) {
    const auto bytes_before = bytes_written();
    const auto begin = Clock::now();
    for (int number = 0; number < calls_a_block; ++number) call();
    rates.push_back(calls_a_block / std::chrono::duration<double>{Clock::now() - begin}.count());
    bytes += bytes_written() - bytes_before;
    calls += calls_a_block;
  }
  double median() const {
    auto sorted = rates;
    std::ranges::sort(sorted);
    return sorted.at(sorted.size() / 2);
  }
  double bytes_a_call() const { return static_cast<double>(bytes) / static_cast<double>(calls); }
};

int run(std::chrono::seconds duration, const std::string& folder) {
  PlainTable plain{folder + "/plain.db"};
  auto journal = store::Journal::open(folder, Time{}).value();
  Alerts alerts;
  Side ours, marks, theirs;
  std::vector<Alert> recorded;
  std::uint64_t number = 0;
  for (const auto end = Clock::now() + duration; Clock::now() < end;) {
    theirs.run_block([&] { plain.write(document(++number)); });
    recorded.clear();
    ours.run_block([&] {
      recorded.push_back(alerts.next());
      journal.record(std::span{&recorded.back(), 1}, [](const Alert&, std::uint64_t at) { return document(at); })
          .value();
    });
    std::size_t marked = 0;
    marks.run_block([&] {
      const auto& alert = recorded.at(marked++);
      journal.mark_sent(alert.id, alert.rev).value();
    });
  }
  struct statfs disk {};
  statfs(folder.c_str(), &disk);
  fmt::print("{} blocks of {} calls each, alternating; documents of {} bytes; file system type {:#x}; SQLite {}\n",
             ours.rates.size(), calls_a_block, document_size, disk.f_type, sqlite3_libversion());
  fmt::print("journal, one alert a call      {:>8.0f} a second  {:>8.0f} bytes written a call\n", ours.median(),
             ours.bytes_a_call());
  fmt::print("journal, one mark_sent a call  {:>8.0f} a second  {:>8.0f} bytes written a call\n", marks.median(),
             marks.bytes_a_call());
  fmt::print("plain SQLite, one INSERT       {:>8.0f} a second  {:>8.0f} bytes written a call\n", theirs.median(),
             theirs.bytes_a_call());
  Side pairs;
  for (std::size_t block = 0; block < ours.rates.size(); ++block) {
    pairs.rates.push_back(ours.rates.at(block) / theirs.rates.at(block));
  }
  const double ratio = pairs.median();
  fmt::print("median of the ratios of neighbouring blocks {:.2f} (target: at least 0.8)\n", ratio);
  return ratio >= 0.8 ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace
}  // namespace fettle::test

int main(int argc, char** argv) {
  const fettle::test::TempDir folder;
  const std::chrono::seconds duration{argc > 1 ? std::atoi(argv[1]) : 20};
  return fettle::test::run(duration, argc > 2 ? argv[2] : folder.path().string());
}
