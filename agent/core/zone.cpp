#include "core/zone.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <optional>
#include <string_view>

namespace fettle {
namespace {

using std::chrono::seconds;
using std::chrono::sys_seconds;

constexpr std::size_t header_size = 44;
constexpr std::size_t most_transitions = 10'000;
/// Until then the long kind of table lists each change.
constexpr sys_seconds end_of_long_tables{std::chrono::sys_days{std::chrono::year{2037} / 1 / 1}};

/// Numbers of a TZif file, high byte first.
class Cursor {
 public:
  explicit Cursor(std::string_view bytes) : rest_{bytes} {}

  std::int64_t take(std::size_t width) {
    if (rest_.size() < width) {
      ok_ = false;
      rest_ = {};
      return 0;
    }
    std::uint64_t value = (static_cast<unsigned char>(rest_.front()) & 0x80U) != 0 && width > 1 ? ~std::uint64_t{0} : 0;
    for (const char byte : rest_.substr(0, width)) value = value << 8U | static_cast<unsigned char>(byte);
    rest_.remove_prefix(width);
    return static_cast<std::int64_t>(value);
  }
  void skip(std::size_t count) {
    ok_ = ok_ && count <= rest_.size();
    rest_.remove_prefix(std::min(count, rest_.size()));
  }
  std::string_view rest() const { return rest_; }
  bool ok() const { return ok_; }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

/// How many of each a block has, in the order of its header.
struct Counts {
  std::size_t utc = 0, standard = 0, leaps = 0, transitions = 0, types = 0, letters = 0;
};

std::optional<Counts> take_header(Cursor& cursor) {
  if (!cursor.rest().starts_with("TZif")) return std::nullopt;
  cursor.skip(header_size - 6 * sizeof(std::uint32_t));
  std::array<std::size_t, 6> numbers{};
  for (auto& number : numbers) {
    const auto value = cursor.take(sizeof(std::uint32_t));
    if (value < 0 || static_cast<std::size_t>(value) > most_transitions) return std::nullopt;
    number = static_cast<std::size_t>(value);
  }
  if (!cursor.ok()) return std::nullopt;
  return Counts{numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5]};
}

/// What a block takes behind its header, with times of so many bytes.
std::size_t size_of(const Counts& counts, std::size_t time) {
  return counts.transitions * (time + 1) + counts.types * 6 + counts.letters + counts.leaps * (time + 4) +
         counts.standard + counts.utc;
}

/// "+01:00", "-0530", "+1"
std::optional<seconds> parse_offset(std::string_view text) {
  if (text.size() < 2 || (text.front() != '+' && text.front() != '-')) return std::nullopt;
  std::string digits{text.substr(1)};
  if (digits.size() > 3 && digits[digits.size() - 3] == ':') digits.erase(digits.size() - 3, 1);
  if (digits.find_first_not_of("0123456789") != std::string::npos) return std::nullopt;
  if (digits.size() <= 2) digits += "00";
  if (digits.size() == 3) digits.insert(0, "0");
  if (digits.size() != 4) return std::nullopt;
  const int hours = (digits[0] - '0') * 10 + digits[1] - '0';
  const int minutes = (digits[2] - '0') * 10 + digits[3] - '0';
  if (hours > 14 || minutes > 59) return std::nullopt;
  const auto offset = std::chrono::hours{hours} + std::chrono::minutes{minutes};
  return text.front() == '-' ? -offset : offset;
}

Error unknown(const std::string& name, std::string_view why) {
  return failure(Fault::unsupported,
                 fmt::format("\"{}\" is no time zone ({}; try UTC, +01:00 or Europe/Berlin)", name, why));
}

}  // namespace

Result<Zone> Zone::named(const std::string& name, const std::filesystem::path& folder) {
  Zone zone;
  if (name == "UTC" || name == "Z") return zone;
  if (const auto offset = parse_offset(name)) {
    zone.before_ = *offset;
    return zone;
  }
  if (name.empty() || name.front() == '/' || name.find("..") != std::string::npos) return unknown(name, "no such name");
  std::ifstream file{folder / name, std::ios::binary};
  const std::string bytes{std::istreambuf_iterator<char>{file}, {}};
  if (bytes.empty()) return unknown(name, fmt::format("not in {}; is tzdata installed?", folder.string()));
  return from_table(bytes, name);
}

Result<Zone> Zone::from_table(const std::string& bytes, const std::string& name) {
  Cursor cursor{bytes};
  const auto old = take_header(cursor);
  if (!old) return unknown(name, "its file is no TZif");
  cursor.skip(size_of(*old, sizeof(std::int32_t)));
  const auto counts = take_header(cursor);
  if (!counts || counts->types == 0) return unknown(name, "its file has no table of 64 bits");
  Cursor types{cursor.rest()};
  types.skip(counts->transitions * sizeof(std::int64_t));
  const auto places = types.rest();
  types.skip(counts->transitions);
  std::vector<seconds> offsets;
  for (std::size_t type = 0; type < counts->types; ++type) {
    offsets.emplace_back(types.take(sizeof(std::int32_t)));
    types.skip(2);
  }
  Zone zone;
  zone.before_ = offsets.front();
  for (std::size_t place = 0; types.ok() && place < counts->transitions; ++place) {
    const sys_seconds from{seconds{cursor.take(sizeof(std::int64_t))}};
    const auto type = static_cast<unsigned char>(places[place]);
    if (type >= offsets.size()) return unknown(name, "its file is damaged");
    zone.spans_.push_back({from, offsets[type]});
  }
  cursor.skip(size_of(*counts, sizeof(std::int64_t)) - counts->transitions * sizeof(std::int64_t));
  if (!types.ok() || !cursor.ok()) return unknown(name, "its file is damaged");
  // A table of the short kind ends with a rule for summer time, which is not read here: it must not be forgotten silently.
  const bool has_rule = cursor.rest().find(',') != std::string_view::npos;
  if (has_rule && (zone.spans_.empty() || zone.spans_.back().from < end_of_long_tables))
    return unknown(name, "its table is of the short kind; install Debian's tzdata");
  return zone;
}

std::chrono::seconds Zone::offset_at(Time moment) const {
  const auto after =
      std::upper_bound(spans_.begin(), spans_.end(), moment, [](Time at, const Span& span) { return at < span.from; });
  return after == spans_.begin() ? before_ : std::prev(after)->offset;
}

std::int64_t Zone::wall_second(Time moment) const {
  return std::chrono::floor<seconds>(moment + offset_at(moment)).time_since_epoch().count();
}

bool Zone::is_near_switch(Time moment) const {
  constexpr std::chrono::hours near{1};
  return offset_at(moment - near) != offset_at(moment + near);
}

Moments Zone::moments(WallTime wall) const {
  const Time as_utc{wall.time_since_epoch()};
  const auto earlier = offset_at(as_utc - Days{1});
  const auto later = offset_at(as_utc + Days{1});
  const Time by_earlier = as_utc - earlier;
  const Time by_later = as_utc - later;
  const bool earlier_fits = offset_at(by_earlier) == earlier;
  const bool later_fits = offset_at(by_later) == later;
  if (earlier_fits && later_fits) return {std::min(by_earlier, by_later), std::max(by_earlier, by_later)};
  const auto only = later_fits ? by_later : by_earlier;
  return {only, only};
}

}  // namespace fettle
