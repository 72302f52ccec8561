#include "csv/stamp.hpp"

#include "text/words.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace fettle::csv {
namespace {

constexpr std::string_view known = "YymdHIpMSbz%";
constexpr std::array<std::string_view, 12> months{"jan", "feb", "mar", "apr", "may", "jun",
                                                  "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::array<std::string_view, 16> common{"iso",
                                                  "%d.%m.%Y %H:%M",
                                                  "%d.%m.%Y %H:%M:%S",
                                                  "%d.%m.%y %H:%M",
                                                  "%m/%d/%Y %H:%M",
                                                  "%m/%d/%Y %H:%M:%S",
                                                  "%m/%d/%Y %I:%M %p",
                                                  "%m/%d/%Y %I:%M:%S %p",
                                                  "%d/%m/%Y %H:%M",
                                                  "%d/%m/%Y %H:%M:%S",
                                                  "%Y/%m/%d %H:%M",
                                                  "%Y/%m/%d %H:%M:%S",
                                                  "%d-%b-%Y %H:%M",
                                                  "%d-%b-%y %I:%M:%S %p",
                                                  "epoch",
                                                  "epoch_ms"};
constexpr double longest_epoch = 1e11;  // seconds; 3,000 years

/// Reads a text from left to right into the parts of a time.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_{text} {}

  bool take(char what) {
    switch (what) {
      case 'Y': return number(4, 4, year_);
      case 'y': return number(2, 2, year_) && (year_ += year_ < 70 ? 2000 : 1900) > 0;
      case 'm': return number(1, 2, month_);
      case 'd': return number(1, 2, day_);
      case 'H':
      case 'I': return number(1, 2, hour_);
      case 'M': return number(1, 2, minute_);
      case 'S': return number(1, 2, second_) && fraction();
      case 'p': return half_of_day();
      case 'b': return month();
      case 'z': return offset();
      default: return literal(what);
    }
  }
  bool literal(char expected) {
    if (rest_.empty() || rest_.front() != expected) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void blanks() { rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t"), rest_.size())); }
  bool at_end() const { return rest_.empty(); }
  char next() const { return rest_.empty() ? '\0' : rest_.front(); }

  std::optional<Stamp> stamp() const {
    using namespace std::chrono;
    const year_month_day date{year{year_}, std::chrono::month{static_cast<unsigned>(month_)},
                              day{static_cast<unsigned>(day_)}};
    int hour = hour_;
    if (half_ && (hour < 1 || hour > 12)) return std::nullopt;
    if (half_) hour = hour % 12 + *half_;
    // 24:00 is the end of a day, and a leap second the beginning of the next.
    if (!date.ok() || hour > 24 || (hour == 24 && minute_ + second_ > 0) || minute_ > 59 || second_ > 60)
      return std::nullopt;
    const Duration clock = hours{hour} + minutes{minute_} + seconds{second_} + milliseconds{millisecond_};
    return Stamp{WallTime{sys_days{date}.time_since_epoch() + clock}, offset_};
  }

 private:
  bool number(std::size_t fewest, std::size_t most, int& into) {
    std::size_t digits = 0;
    into = 0;
    while (digits < most && digits < rest_.size() && rest_[digits] >= '0' && rest_[digits] <= '9')
      into = into * 10 + (rest_[digits++] - '0');
    rest_.remove_prefix(digits);
    return digits >= fewest;
  }

  bool fraction() {
    if (rest_.size() < 2 || (rest_.front() != '.' && rest_.front() != ',') || rest_[1] < '0' || rest_[1] > '9')
      return true;
    rest_.remove_prefix(1);
    for (int place = 100; !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9'; place /= 10) {
      millisecond_ += (rest_.front() - '0') * place;
      rest_.remove_prefix(1);
    }
    return true;
  }

  std::string small(std::size_t count) const {
    std::string text{rest_.substr(0, count)};
    for (auto& letter : text) letter = letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
    return text;
  }

  bool half_of_day() {
    const auto text = small(2);
    if (text != "am" && text != "pm") return false;
    half_ = text == "pm" ? 12 : 0;
    rest_.remove_prefix(2);
    return true;
  }

  bool month() {
    const auto* const found = std::find(months.begin(), months.end(), small(3));
    if (found == months.end()) return false;
    month_ = static_cast<int>(found - months.begin()) + 1;
    while (!rest_.empty() && ((rest_.front() | 0x20) >= 'a' && (rest_.front() | 0x20) <= 'z')) rest_.remove_prefix(1);
    return true;
  }

  bool offset() {
    if (literal('Z') || literal('z')) {
      offset_ = Duration{0};
      return true;
    }
    const bool west = next() == '-';
    if (!literal('+') && !literal('-')) return false;
    int hours = 0;
    int minutes = 0;
    if (!number(2, 2, hours)) return false;
    literal(':');
    if (!at_end() && next() >= '0' && next() <= '9' && !number(2, 2, minutes)) return false;
    const Duration size = std::chrono::hours{hours} + std::chrono::minutes{minutes};
    offset_ = west ? -size : size;
    return true;
  }

  std::string_view rest_;
  int year_ = 1970, month_ = 1, day_ = 1, hour_ = 0, minute_ = 0, second_ = 0, millisecond_ = 0;
  std::optional<int> half_;
  std::optional<Duration> offset_;
};

std::optional<Stamp> read_iso(std::string_view text) {
  Reader reader{text};
  if (!(reader.take('Y') && reader.literal('-') && reader.take('m') && reader.literal('-') && reader.take('d')))
    return std::nullopt;
  if (reader.at_end()) return reader.stamp();
  if (!reader.literal('T') && !reader.literal('t') && !reader.literal(' ')) return std::nullopt;
  if (!(reader.take('H') && reader.literal(':') && reader.take('M'))) return std::nullopt;
  if (reader.literal(':') && !reader.take('S')) return std::nullopt;
  reader.blanks();
  if (!reader.at_end() && !reader.take('z')) return std::nullopt;
  return reader.at_end() ? reader.stamp() : std::nullopt;
}

std::optional<Stamp> read_epoch(std::string_view text, double per_second) {
  const auto number = text::parse_number(text);
  if (!number || std::abs(*number / per_second) > longest_epoch) return std::nullopt;
  return Stamp{WallTime{Duration{std::llround(*number / per_second * 1000)}}, Duration{0}};
}

}  // namespace

std::optional<StampFormat> StampFormat::parse(std::string_view text) {
  for (std::size_t place = text.find('%'); place != std::string_view::npos; place = text.find('%', place + 2)) {
    if (place + 1 >= text.size() || known.find(text[place + 1]) == std::string_view::npos) return std::nullopt;
  }
  const bool is_word = text == "iso" || text == "epoch" || text == "epoch_ms";
  if (!is_word && text.find('%') == std::string_view::npos) return std::nullopt;
  StampFormat format;
  format.pattern_ = text;
  return format;
}

std::optional<Stamp> StampFormat::read(std::string_view text) const {
  text = text::trimmed(text);
  if (pattern_ == "iso") return read_iso(text);
  if (pattern_ == "epoch") return read_epoch(text, 1);
  if (pattern_ == "epoch_ms") return read_epoch(text, 1000);
  Reader reader{text};
  for (std::size_t place = 0; place < pattern_.size(); ++place) {
    const char each = pattern_[place];
    if (each == ' ') {
      reader.blanks();
    } else if (!(each == '%' ? reader.take(pattern_[++place]) : reader.literal(each))) {
      return std::nullopt;
    }
  }
  return reader.at_end() ? reader.stamp() : std::nullopt;
}

std::string_view likely_format(std::string_view text) {
  using namespace std::chrono;
  static constexpr WallTime earliest{sys_days{year{1980} / 1 / 1}.time_since_epoch()};
  static constexpr WallTime latest{sys_days{year{2100} / 1 / 1}.time_since_epoch()};
  const auto* const found = std::find_if(common.begin(), common.end(), [text](std::string_view format) {
    const auto stamp = StampFormat::parse(format)->read(text);
    return stamp && stamp->wall >= earliest && stamp->wall < latest;
  });
  return found == common.end() ? std::string_view{} : *found;
}

}  // namespace fettle::csv
