#pragma once

#include "core/clock.hpp"
#include "store/journal.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace fettle {

/// The journal, whatever the disk does. While the disk refuses to write (full, read-only, broken), a journal in memory stands in for it:
/// alerts go on from there, and everything is written to the disk as soon as it takes it again. Lives on home.
class Ledger {
 public:
  /// An Error only if another agent holds the journal; any other trouble begins in memory.
  static Result<std::unique_ptr<Ledger>> open(const std::string& folder, const DomainClock& clock);

  /// The one to work with at this moment; not to be kept.
  store::Journal& journal() { return memory_ ? *memory_ : *disk_; }

  /// Runs something that writes. When the disk refuses, it is done in memory instead.
  template <class Write>
  auto write(Write&& write) {
    auto result = std::invoke(write, journal());
    if (result || memory_) return result;
    fall_back(result.error());
    return std::invoke(write, journal());
  }
  /// Runs something that only reads; the value's default, logged once, when it cannot be read.
  template <class Read>
  auto read(Read&& read) {
    auto result = std::invoke(read, journal());
    using Value = typename decltype(result)::value_type;
    if (!result) {
      tell(result.error().detail);
      return Value{};
    }
    return std::move(*result);
  }

  /// What a part has learned, from the disk even while it cannot be written.
  std::optional<Bytes> load_state(const Stateful& part);

  /// Tries the disk again, if it is time to. True if it has just come back.
  bool retry();
  /// True if the disk came only after the start: what lies on it was never recalled.
  bool came_late() const { return came_late_; }
  /// Why the disk cannot be written to; empty while all is well.
  const std::string& trouble() const { return trouble_; }
  /// Marks a clean end.
  void close();

 private:
  Ledger(std::string folder, const DomainClock& clock) : folder_{std::move(folder)}, clock_{clock} {}
  void fall_back(const Error& error);
  void tell(const std::string& trouble);
  Result<void> bring_back();

  std::string folder_;
  DomainClock clock_;
  std::optional<store::Journal> disk_, memory_;
  std::string trouble_, told_;
  bool came_late_ = false;
  std::chrono::steady_clock::time_point next_try_{};
};

}  // namespace fettle
