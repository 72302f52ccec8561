#pragma once

#include "acquisition/scanner.hpp"
#include "mbus/telegram.hpp"

#include <vector>

namespace fettle::mbus {

/// Every record of a readout as a value that a profile may name: no two of them have one name.
std::vector<acquisition::OfferedValue> offer_of(const std::vector<Telegram>& readout);

/// "Kamstrup (KAM) 12345678, heat, version 1B"
std::string description_of(const SecondaryAddress& meter);

/// Whether a meter of that kind mostly lives on a battery: all but those of electricity, which have what they need.
bool is_on_battery(const SecondaryAddress& meter);

}  // namespace fettle::mbus
