#include "core/state.hpp"

namespace fettle {

std::uint64_t hash_of(std::string_view text, std::uint64_t seed) {
  constexpr std::uint64_t prime = 0x100000001b3;
  for (const char letter : text) {
    seed ^= static_cast<unsigned char>(letter);
    seed *= prime;
  }
  return seed;
}

}  // namespace fettle
