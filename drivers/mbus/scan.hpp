#pragma once

#include "mbus/master.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace fettle::mbus {

/// One value of a meter that was found, for people and for a draft of its profile.
struct Preview {
  std::string selector;  ///< "energy", "volume.s1"; what Selector::to_text() gives
  Record record;
};

/// A meter that a scan found.
struct FoundMeter {
  std::optional<std::uint8_t> address;        ///< by which it was found, or that it says it has
  std::optional<SecondaryAddress> secondary;  ///< as it says itself; none for a meter that only confirms
  std::vector<Preview> records;               ///< of its first telegram; empty if it gave none that can be read
  bool more_follow = false;                   ///< it has more telegrams
  std::string trouble;                        ///< why it has no records
};

/// Where several meters answer at once, and cannot be told apart by this scan.
struct Collision {
  std::string at;  ///< "address 5", "12345678"
};

/// What a scan says while it goes on.
struct ScanProgress {
  std::size_t asked = 0;              ///< addresses or selections so far
  std::size_t expected = 0;           ///< altogether, as far as can be said; grows in a secondary scan
  std::string at;                     ///< "address 17", "123FFFFF"
  const FoundMeter* found = nullptr;  ///< just now
};

/// Called before each question and after each find; false ends the scan.
using ScanWatch = std::function<bool(const ScanProgress&)>;

struct ScanOutcome {
  std::vector<FoundMeter> meters;
  std::vector<Collision> collisions;
  std::vector<std::string> hints;  ///< what is wrong with the line rather than with a meter
  bool was_cancelled = false;
  std::optional<Error> failure;  ///< the wire itself is gone
  std::size_t asked = 0;
};

/// Greets the addresses from `first` to `last`, once each, and reads who confirms. A meter that answers two greetings of three is found by
/// `tries` of 3. About 65 s for 0 to 250 at 2400 baud.
struct PrimaryRange {
  std::uint8_t first = 0, last = link_address::highest_meter;
  int tries = 1;
};
ScanOutcome scan_primary(Master& master, const PrimaryRange& range, const ScanWatch& watch);

/// Selects by wildcards and goes into detail wherever several meters answer, digit by digit: from the first digit on, and from the last one on
/// as soon as the first digits turn out to be the same everywhere, as in a delivery of consecutive numbers. Meters that share their whole number
/// are told apart by their media, their versions not. `within` narrows the search.
ScanOutcome scan_secondary(Master& master, const SecondaryAddress& within, const ScanWatch& watch);

}  // namespace fettle::mbus
