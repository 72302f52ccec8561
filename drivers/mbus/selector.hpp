#pragma once

#include "mbus/telegram.hpp"
#include "settings/node.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace fettle::mbus {

/// Which of a meter's records a point is. Never by its place: the same meter orders its records differently with another module.
struct Selector {
  std::string kind;
  std::optional<std::string> label;  ///< of kind "text"
  Function function = Function::instantaneous;
  std::uint64_t storage = 0;
  std::uint32_t tariff = 0, subunit = 0;
  Bytes extension;   ///< the further fields that it must have, all of them
  unsigned nth = 1;  ///< of several that are the same in all of this

  bool matches(const Record& record) const;
  /// The shortest form that says it all: "energy", "energy.s1.t2.max".
  std::string to_text() const;
};

Selector selector_of(const Record& record);

/// A readout's record that a point means, and the telegram it is in.
struct FoundRecord {
  const Record* record = nullptr;
  const Telegram* telegram = nullptr;
};

/// Nothing if the meter did not send it.
FoundRecord find_record(const std::vector<Telegram>& readout, const Selector& selector);

/// Reads `record:`, which is a kind or a mapping.
Selector read_selector(const settings::Node& node, settings::Mistakes& mistakes);

}  // namespace fettle::mbus
