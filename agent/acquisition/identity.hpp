#pragma once

#include "acquisition/registers.hpp"
#include "settings/node.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace fettle::acquisition {

/// Raw numbers from lowest to highest, both included.
struct NumberRange {
  std::uint64_t lowest = 0, highest = 0;
};

/// A question that tells which device it is. Only ever read.
struct Probe {
  RegisterTable table = RegisterTable::holding;
  std::uint16_t address = 0;
  std::size_t count = 1;             ///< registers
  std::optional<RegisterType> type;  ///< of a number; without one the registers hold text, two characters each
  WordOrder order = WordOrder::big;
  std::vector<std::string> texts;    ///< one of which the text begins with, whatever its case
  std::vector<NumberRange> numbers;  ///< in one of which the raw number lies
  std::string meaning;               ///< "serial number"

  /// True if an answer can be the wrong one. Any other probe only tells more about a device that is known.
  bool tells() const { return !texts.empty() || !numbers.empty(); }
};

/// Whether a device that answers so can be the one that the probe is from. False for a probe that does not tell, and for too few words.
bool matches(const Probe& probe, std::span<const std::uint16_t> words);

/// What the answer says, for people: "iEM3155", "1648".
std::string shown(const Probe& probe, std::span<const std::uint16_t> words);

/// Characters two to a register, the high byte first, without the blanks and zeros at both ends; what cannot be printed is "?".
std::string text_in(std::span<const std::uint16_t> words);

enum class LinkParity : std::uint8_t { none, even, odd };

/// How a device comes out of its box, so that a scan knows where to look first.
struct LinkDefaults {
  std::vector<long> baud;  ///< the maker's default first; empty: it has no serial line
  LinkParity parity = LinkParity::even;
  int stop_bits = 1;
  std::vector<long> units;            ///< likewise; empty: nobody can know
  std::optional<std::uint16_t> port;  ///< of Modbus TCP; none: it has no Ethernet
};

/// `link:` of a profile.
LinkDefaults read_link(const settings::Node& node, settings::Mistakes& mistakes);

/// One entry of `identify:` of a profile.
Probe read_probe(const settings::Node& node, RegisterTable table, WordOrder order, settings::Mistakes& mistakes);

}  // namespace fettle::acquisition
