// Whatever registers hold, decoding them gives a finite value within the field's range, or a reason.

#include "acquisition/registers.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>

namespace {

using namespace fettle::acquisition;

RegisterField field_from(std::span<const std::uint8_t> head) {
  RegisterField field;
  field.type = static_cast<RegisterType>(head[0] % 10);
  field.order = static_cast<WordOrder>(head[1] % 4);
  const auto bits = static_cast<unsigned>(16 * words_of(field.type));
  if (head[2] % 2 == 1) field.bits = BitField{head[3] % bits, head[3] % bits + head[4] % (bits - head[3] % bits)};
  field.scaling.conversion = {std::ldexp(1.0, head[5] - 128), head[6] - 128.0};
  field.invalid = {head[7]};
  field.address = head[8];
  if (head[9] % 2 == 1) field.exponent = static_cast<std::uint16_t>(head[9]);
  for (auto term = head[10] % 4; term > 0; --term)
    field.terms.push_back({static_cast<std::uint16_t>(head[8] + 4 * term), term % 2 == 0 ? 1.0 : -1.0});
  field.coding = static_cast<Coding>(head[11] % 2);
  field.scaling.lowest = -1e9;
  field.scaling.highest = 1e9;
  return field;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  constexpr std::size_t head = 12;
  const std::span<const std::uint8_t> input{bytes, size};
  if (size < head) return 0;
  const auto field = field_from(input.first(head));
  std::vector<std::uint16_t> words;
  for (auto rest = input.subspan(head); rest.size() >= 2; rest = rest.subspan(2)) {
    words.push_back(static_cast<std::uint16_t>(rest[0] << 8U | rest[1]));
  }
  const auto [value, reason] = decode(field, words);
  const bool is_value = std::isfinite(value) && value >= field.scaling.lowest && value <= field.scaling.highest;
  if (is_value != (reason == fettle::Reason::none)) std::abort();
  return 0;
}
