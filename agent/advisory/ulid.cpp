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

}  // namespace fettle::advisory
