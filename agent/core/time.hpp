#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace fettle {

/// Whole milliseconds: fine enough for a field bus, and it survives JSON and SQLite unrounded.
using Duration = std::chrono::milliseconds;

/// A moment in UTC. Local time exists only where a person reads it.
using Time = std::chrono::sys_time<Duration>;

using Days = std::chrono::days;

/// RFC 3339 in UTC, as the contract wants it: "2026-11-21T09:14:58.120Z"; whole seconds carry no fraction.
std::string to_rfc3339(Time time);

/// Reads RFC 3339 with "Z" or an offset ("+01:00"); fractions beyond milliseconds are cut off.
std::optional<Time> parse_rfc3339(std::string_view text);

/// Reads what people write into a settings file: "500ms", "5s", "15m", "24h", "7d". Never negative.
std::optional<Duration> parse_duration(std::string_view text);

/// The shortest of the forms parse_duration reads: "90s", "15m", "7d".
std::string to_text(Duration duration);

/// ISO 8601 duration for documents: "PT10M", "PT1H", "P3D".
std::string to_iso8601(Duration duration);

/// For people: "9 days", "31 hours", "50 minutes".
std::string to_words(Duration duration);

/// Hours as a fraction, the unit of every time to failure that is published.
double to_hours(Duration duration);

}  // namespace fettle
