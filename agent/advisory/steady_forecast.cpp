#include "advisory/steady_forecast.hpp"

#include <algorithm>
#include <cmath>

namespace fettle::advisory {
namespace {

constexpr Time open_end = Time::max();  ///< of an interval without an upper end
constexpr Duration longest_memory = std::chrono::hours{24};

Time between(Time old, Time fresh, double share) {
  return old + Duration{std::llround(share * static_cast<double>((fresh - old).count()))};
}

}  // namespace

std::optional<Prognosis> SteadyForecast::take(const std::optional<Prognosis>& fresh) {
  if (!fresh) {
    begun_ = false;
    return fresh;
  }
  auto steady = *fresh;
  const auto memory = std::min(longest_memory, (fresh->mid - fresh->made) / 5);
  if (begun_ && memory > Duration{0} && fresh->made > made_) {
    const double share = 1 - std::exp(-to_hours(fresh->made - made_) / to_hours(memory));
    steady.low = std::max(fresh->made, between(low_, fresh->low, share));
    steady.mid = std::max(steady.low, between(mid_, fresh->mid, share));
    if (fresh->high && high_ != open_end) steady.high = std::max(steady.mid, between(high_, *fresh->high, share));
  }
  begun_ = true;
  made_ = steady.made;
  low_ = steady.low;
  mid_ = steady.mid;
  high_ = steady.high.value_or(open_end);
  return steady;
}

void SteadyForecast::save(StateWriter& writer) const {
  writer.put(begun_);
  for (const auto time : {made_, low_, mid_, high_}) writer.put(time);
}

void SteadyForecast::restore(StateReader& reader) {
  reader.get(begun_);
  for (auto* time : {&made_, &low_, &mid_, &high_}) reader.get(*time);
}

}  // namespace fettle::advisory
