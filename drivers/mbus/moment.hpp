#pragma once

#include "mbus/bytes.hpp"

#include <string>

namespace fettle::mbus {

/// A date or a time of EN 13757-3 by its length: two bytes are a date (type G), three a time (J), four a date with minutes (F), six with
/// seconds (I); other lengths come as bytes. In the form of ISO 8601, local time of the meter; empty for what the meter marks as
/// invalid or is no date.
std::string decode_moment(ByteSpan data);

}  // namespace fettle::mbus
