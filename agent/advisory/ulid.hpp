#pragma once

#include "core/time.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace fettle::advisory {

/// A ULID (48 bits of Unix milliseconds, 80 further bits, Crockford's base 32: 26 letters). The further bits are a hash of `subject`
/// instead of chance, so that the same history replayed gives the same identifiers.
std::string make_ulid(Time time, std::string_view subject);

/// The time that a ULID was made for; none if the text is no ULID.
std::optional<Time> time_of_ulid(std::string_view ulid);

}  // namespace fettle::advisory
