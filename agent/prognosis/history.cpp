#include "prognosis/history.hpp"

#include <algorithm>

namespace fettle::prognosis {
namespace {

constexpr std::size_t per_block = 4;

}  // namespace

void History::add(std::int32_t seconds, double value) {
  Stored sample{seconds, static_cast<float>(value)};
  for (auto& ring : rings_) {
    ring.push(sample);
    if (ring.total % per_block != 0) return;
    sample = median_of_newest(ring);
  }
}

Samples History::samples(std::size_t scale) const { return newest_of(rings_.at(scale), history_depth); }

Samples History::newest(std::size_t count) const { return newest_of(rings_.front(), count); }

void History::save(StateWriter& writer) const {
  for (const auto& ring : rings_) writer.put(ring);
}

void History::restore(StateReader& reader) {
  for (auto& ring : rings_) reader.get(ring);
}

History::Stored History::median_of_newest(const Ring& ring) {
  std::array<float, per_block> values{};
  std::int64_t seconds = 0;
  for (std::size_t age = 0; age < per_block; ++age) {
    values.at(age) = ring.back(age).value;
    seconds += ring.back(age).seconds;
  }
  std::ranges::sort(values);
  return {static_cast<std::int32_t>(seconds / static_cast<std::int64_t>(per_block)), (values[1] + values[2]) / 2};
}

Samples History::newest_of(const Ring& ring, std::size_t count) {
  constexpr double seconds_per_hour = 3600;
  Samples result;
  for (std::size_t age = std::min(count, ring.size()); age-- > 0;) {
    const auto& stored = ring.back(age);
    result.add({stored.seconds / seconds_per_hour, static_cast<double>(stored.value)});
  }
  return result;
}

}  // namespace fettle::prognosis
