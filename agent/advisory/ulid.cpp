#include "advisory/ulid.hpp"

#include "core/state.hpp"

#include <array>

namespace fettle::advisory {
namespace {

constexpr std::string_view alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Appends the lowest `digits` base-32 digits of a number, the highest first.
void append(std::string& text, std::uint64_t number, int digits) {
  for (int digit = digits - 1; digit >= 0; --digit) text += alphabet[(number >> (5 * digit)) & 31U];
}

}  // namespace

std::string make_ulid(Time time, std::string_view subject) {
  std::string text;
  append(text, static_cast<std::uint64_t>(time.time_since_epoch().count()) & 0xffffffffffffU, 10);
  append(text, hash_of(subject), 8);
  append(text, hash_of(subject, hash_of(text)), 8);
  return text;
}

std::optional<Time> time_of_ulid(std::string_view ulid) {
  constexpr std::size_t letters = 26, of_time = 10;
  if (ulid.size() != letters) return std::nullopt;
  std::int64_t milliseconds = 0;
  for (const char letter : ulid.substr(0, of_time)) {
    const auto digit = alphabet.find(letter);
    if (digit == std::string_view::npos) return std::nullopt;
    milliseconds = milliseconds * 32 + static_cast<std::int64_t>(digit);
  }
  return Time{std::chrono::milliseconds{milliseconds}};
}

}  // namespace fettle::advisory
