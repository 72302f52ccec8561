#include "keep_plan.hpp"

#include <algorithm>
#include <cmath>

namespace fettle {
namespace {

constexpr Duration shortest = std::chrono::hours{1}, longest = std::chrono::hours{6};
constexpr double small_budget = 2.5e6, large_budget = 4e6;  // bytes written a day
constexpr double writes_per_byte = 2;                     // into the write-ahead log, and from there into the journal
constexpr std::size_t large = 8'000;                      // bytes

store::LearnedState state_of(const Stateful& part) {
  StateWriter writer;
  part.save(writer);
  return {part.state_id(), part.state_version(), part.settings_hash(), writer.take()};
}

double days(Duration span) { return to_hours(span) / 24; }

}  // namespace

void KeepPlan::plan(std::size_t small_bytes) {
  const auto hours = 24 * writes_per_byte * static_cast<double>(small_bytes) / small_budget;
  period_ = std::clamp(Duration{std::llround(hours * 3'600'000)}, shortest, longest);
}

std::vector<store::LearnedState> KeepPlan::all(const std::vector<Stateful*>& parts) {
  std::vector<store::LearnedState> states;
  std::size_t small_bytes = 0;
  for (const auto* part : parts) {
    states.push_back(state_of(*part));
    const auto size = states.back().bytes.size();
    small_bytes += size < large ? size : 0;
  }
  plan(small_bytes);
  return states;
}

std::vector<store::LearnedState> KeepPlan::due(const std::vector<Stateful*>& parts, Duration since) {
  std::vector<store::LearnedState> states;
  std::vector<const Stateful*> later;
  std::size_t small_bytes = 0;
  for (const auto* part : parts) {
    auto state = state_of(*part);
    if (state.bytes.size() >= large) {
      later.push_back(part);
      continue;
    }
    small_bytes += state.bytes.size();
    states.push_back(std::move(state));
  }
  plan(small_bytes);
  auto room = std::min(1.0, days(since)) * large_budget / writes_per_byte;
  for (std::size_t kept = 0; kept < later.size() && room > 0; ++kept) {
    states.push_back(state_of(*later[turn_++ % later.size()]));
    room -= static_cast<double>(states.back().bytes.size());
  }
  return states;
}

}  // namespace fettle
