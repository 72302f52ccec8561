#include "core/time.hpp"

#include <fmt/format.h>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>

namespace fettle {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

struct Unit {
  std::string_view suffix;
  Duration length;
};

/// The longest first.
constexpr std::array<Unit, 5> units{{
    {"d", hours{24}},
    {"h", hours{1}},
    {"m", minutes{1}},
    {"s", seconds{1}},
    {"ms", milliseconds{1}},
}};

/// Reads exactly `digits` decimal digits from the front of `text` and takes them off.
std::optional<int> take_digits(std::string_view& text, std::size_t digits) {
  if (text.size() < digits) return std::nullopt;
  int value = 0;
  const auto* end = text.data() + digits;
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end || text.front() == '-') return std::nullopt;
  text.remove_prefix(digits);
  return value;
}

bool take(std::string_view& text, char expected) {
  if (text.empty() || text.front() != expected) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<Time> take_date(std::string_view& text) {
  const auto year = take_digits(text, 4);
  if (!year || !take(text, '-')) return std::nullopt;
  const auto month = take_digits(text, 2);
  if (!month || !take(text, '-')) return std::nullopt;
  const auto day = take_digits(text, 2);
  if (!day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{*year}, std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok()) return std::nullopt;
  return Time{std::chrono::sys_days{date}};
}

std::optional<Duration> take_time_of_day(std::string_view& text) {
  const auto hour = take_digits(text, 2);
  if (!hour || *hour > 23 || !take(text, ':')) return std::nullopt;
  const auto minute = take_digits(text, 2);
  if (!minute || *minute > 59 || !take(text, ':')) return std::nullopt;
  const auto second = take_digits(text, 2);
  if (!second || *second > 60) return std::nullopt;
  Duration result = hours{*hour} + minutes{*minute} + seconds{*second};
  if (!take(text, '.')) return result;
  int place = 100;
  bool any = false;
  while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
    result += milliseconds{(text.front() - '0') * place};
    place /= 10;
    any = true;
    text.remove_prefix(1);
  }
  if (!any) return std::nullopt;
  return result;
}

std::optional<Duration> take_offset(std::string_view& text) {
  if (take(text, 'Z') || take(text, 'z')) return Duration{0};
  const bool west = !text.empty() && text.front() == '-';
  if (!west && (text.empty() || text.front() != '+')) return std::nullopt;
  text.remove_prefix(1);
  const auto hour = take_digits(text, 2);
  if (!hour || *hour > 23 || !take(text, ':')) return std::nullopt;
  const auto minute = take_digits(text, 2);
  if (!minute || *minute > 59) return std::nullopt;
  const Duration offset = hours{*hour} + minutes{*minute};
  return west ? -offset : offset;
}

std::string count_of(std::int64_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

}  // namespace

std::string to_rfc3339(Time time) {
  const auto day = std::chrono::floor<Days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{time - day};
  auto text = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(date.year()),
                          static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                          clock.minutes().count(), clock.seconds().count());
  if (clock.subseconds().count() != 0) text += fmt::format(".{:03}", clock.subseconds().count());
  return text + "Z";
}

std::optional<Time> parse_rfc3339(std::string_view text) {
  const auto date = take_date(text);
  if (!date || !(take(text, 'T') || take(text, 't') || take(text, ' '))) return std::nullopt;
  const auto time_of_day = take_time_of_day(text);
  if (!time_of_day) return std::nullopt;
  const auto offset = take_offset(text);
  if (!offset || !text.empty()) return std::nullopt;
  return *date + *time_of_day - *offset;
}

std::optional<Duration> parse_duration(std::string_view text) {
  double number = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || !std::isfinite(number) || number < 0) return std::nullopt;
  const auto suffix = text.substr(static_cast<std::size_t>(stop - text.data()));
  for (const auto& unit : units) {
    if (suffix != unit.suffix) continue;
    const double count = number * static_cast<double>(unit.length.count());
    if (count > 3e14) return std::nullopt;
    return Duration{std::llround(count)};
  }
  return std::nullopt;
}

std::string to_text(Duration duration) {
  for (const auto& unit : units) {
    if (duration.count() != 0 && duration.count() % unit.length.count() == 0) {
      return fmt::format("{}{}", duration.count() / unit.length.count(), unit.suffix);
    }
  }
  return "0s";
}

std::string to_iso8601(Duration duration) {
  const auto whole = std::chrono::duration_cast<seconds>(duration).count();
  if (whole != 0 && whole % 86'400 == 0) return fmt::format("P{}D", whole / 86'400);
  if (whole != 0 && whole % 3'600 == 0) return fmt::format("PT{}H", whole / 3'600);
  if (whole != 0 && whole % 60 == 0) return fmt::format("PT{}M", whole / 60);
  return fmt::format("PT{}S", whole);
}

std::string to_words(Duration duration) {
  if (duration >= hours{48}) return count_of(std::llround(to_hours(duration) / 24), "day");
  if (duration >= minutes{90}) return count_of(std::llround(to_hours(duration)), "hour");
  return count_of(std::chrono::round<minutes>(duration).count(), "minute");
}

double to_hours(Duration duration) { return std::chrono::duration<double, std::ratio<3600>>{duration}.count(); }

}  // namespace fettle
