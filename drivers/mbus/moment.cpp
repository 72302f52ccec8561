#include "mbus/moment.hpp"

#include <fmt/format.h>

namespace fettle::mbus {
namespace {

constexpr unsigned day_mask = 0x1F, month_mask = 0x0F, hour_mask = 0x1F, minute_mask = 0x3F;
constexpr unsigned invalid_bit = 0x80;

struct Date {
  unsigned year = 0, month = 0, day = 0;
};

/// Day and the low bits of the year share a byte, month and its high bits the next.
Date date_of(unsigned first, unsigned second) {
  return {(first & 0xE0U) >> 5U | (second & 0xF0U) >> 1U, second & month_mask, first & day_mask};
}

/// Two digits are meant from 1981 to 2080; `centuries` after 1900 where the type has room for them.
unsigned full_year(unsigned year, unsigned centuries) {
  if (centuries > 0) return 1900 + 100 * centuries + year;
  return year <= 80 ? 2000 + year : 1900 + year;
}

std::string to_text(const Date& date, unsigned centuries) {
  if (date.year > 99 || date.month < 1 || date.month > 12 || date.day < 1) return {};
  return fmt::format("{:04}-{:02}-{:02}", full_year(date.year, centuries), date.month, date.day);
}

std::string date_and_minutes(ByteSpan data) {
  const auto minute = data[0] & minute_mask, hour = data[1] & hour_mask;
  const auto centuries = (data[1] & 0x60U) >> 5U;
  const auto date = to_text(date_of(data[2], data[3]), centuries);
  if ((data[0] & invalid_bit) != 0 || date.empty() || hour > 23 || minute > 59) return {};
  return fmt::format("{}T{:02}:{:02}", date, hour, minute);
}

std::string time_of_day(ByteSpan data) {
  const auto second = data[0] & minute_mask, minute = data[1] & minute_mask, hour = data[2] & hour_mask;
  if (hour > 23 || minute > 59 || second > 59) return {};
  return fmt::format("{:02}:{:02}:{:02}", hour, minute, second);
}

std::string date_and_seconds(ByteSpan data) {
  const auto date = to_text(date_of(data[3], data[4]), 0);
  const auto time = time_of_day(data.first(3));
  if ((data[1] & invalid_bit) != 0 || date.empty() || time.empty()) return {};
  return date + "T" + time;
}

}  // namespace

std::string decode_moment(ByteSpan data) {
  switch (data.size()) {
    case 2: return to_text(date_of(data[0], data[1]), 0);
    case 3: return time_of_day(data);
    case 4: return date_and_minutes(data);
    case 6: return date_and_seconds(data);
    default: return to_hex(data);
  }
}

}  // namespace fettle::mbus
