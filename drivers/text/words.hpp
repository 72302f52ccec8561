#pragma once

#include "acquisition/profile.hpp"
#include "settings/fields.hpp"

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

/// What drivers share whose values come as text.
namespace fettle::text {

/// Words that stand for numbers: `states: {ON: 1, OFF: 0}`.
using States = std::map<std::string, double, std::less<>>;

States read_states(settings::Fields& fields);

/// The whole text as a decimal number.
std::optional<double> parse_number(std::string_view text);

/// Without blanks at both ends.
std::string_view trimmed(std::string_view text);

/// What a text means: a number, one of the states, true or false, or nothing at all ("", null, NaN, unavailable ...: Reason::no_value);
/// anything else is Reason::malformed.
acquisition::Decoded number_of(std::string_view text, const States& states);

/// Compares what an example of a profile promises under `readings:` with what came out of it; each difference is a mistake.
/// A point without a value in `decoded` was not in the example.
void compare_example(const acquisition::DeviceProfile& profile, settings::Fields& example,
                     std::span<const std::optional<acquisition::Decoded>> decoded);

}  // namespace fettle::text
