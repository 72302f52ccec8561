#include "csv/number.hpp"

#include <algorithm>
#include <string>

namespace fettle::csv {
namespace {

bool is_digit(char each) { return each >= '0' && each <= '9'; }

/// "1,234,567" with ',' -> true: a group of one to three digits, and then groups of three.
bool is_grouped(std::string_view whole, char separator) {
  if (!whole.empty() && (whole.front() == '-' || whole.front() == '+')) whole.remove_prefix(1);
  auto end = whole.find(separator);
  if (end == std::string_view::npos || end == 0 || end > 3) return false;
  while (end != std::string_view::npos) {
    if (!std::all_of(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(end), is_digit)) return false;
    whole.remove_prefix(end + 1);
    end = whole.find(separator);
    if (std::min(end, whole.size()) != 3) return false;
  }
  return std::all_of(whole.begin(), whole.end(), is_digit);
}

/// Brings a number into the form with a decimal point and no groups; left alone if it is not of that form.
std::string plain(std::string_view text, char decimal, char separator) {
  const auto point = text.rfind(decimal);
  const auto whole = text.substr(0, point);
  if (whole.find(separator) != std::string_view::npos && !is_grouped(whole, separator)) return std::string{text};
  std::string result{whole};
  std::erase(result, separator);
  if (point != std::string_view::npos) result += "." + std::string{text.substr(point + 1)};
  return result;
}

char guessed(std::string_view text, char delimiter) {
  const auto comma = text.rfind(',');
  const auto point = text.rfind('.');
  if (comma == std::string_view::npos) return '.';
  if (point != std::string_view::npos) return comma > point ? ',' : '.';
  const bool single = text.find(',') == comma;
  return single && delimiter != ',' ? ',' : '.';
}

}  // namespace

acquisition::Decoded number_in(std::string_view cell, char delimiter, Decimal decimal, const text::States& states) {
  cell = text::trimmed(cell);
  if (decimal != Decimal::comma || states.contains(cell)) {
    const auto found = text::number_of(cell, states);
    if (found.reason != Reason::malformed) return found;
  }
  const char point = decimal == Decimal::guess ? guessed(cell, delimiter) : (decimal == Decimal::comma ? ',' : '.');
  return text::number_of(plain(cell, point, point == ',' ? '.' : ','), states);
}

}  // namespace fettle::csv
