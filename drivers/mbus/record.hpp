#pragma once

#include "mbus/meaning.hpp"
#include "mbus/value.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fettle::mbus {

/// Of what a meter says it is.
enum class Function : std::uint8_t { instantaneous, maximum, minimum, during_error };

/// One value of a meter with all that tells it from its others.
struct Record {
  Function function = Function::instantaneous;
  std::uint64_t storage = 0;
  std::uint32_t tariff = 0, subunit = 0;
  std::string_view kind = kind::reserved;
  std::string_view
      unit;  ///< of a number; as manuals write it, always the same for a kind except that an energy may be in Wh or J
  std::string label;  ///< of kind "text": what the meter calls it
  Bytes
      extension;  ///< further fields that change the meaning, such as 22 "per hour" and 3C "backward flow", without their extension bits
  Value value;
  bool is_rejected = false;         ///< the meter says of this record that it has an error
  std::size_t begin = 0, size = 0;  ///< where it stands in the payload
};

/// In which order a telegram's bytes come.
enum class ByteOrder : std::uint8_t { least_first, most_first };

/// What the records of a telegram end in.
struct Records {
  std::vector<Record> all;
  bool more_follow = false;  ///< in another telegram
  std::string mistake;       ///< why reading ended early; empty if it did not
};

/// Reads records until the payload ends. Never fails: what cannot be read ends the reading.
Records read_records(ByteSpan payload, std::size_t begin, ByteOrder order);

std::string_view name_of(Function function);

}  // namespace fettle::mbus
