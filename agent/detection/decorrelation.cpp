#include "detection/decorrelation.hpp"

#include <algorithm>
#include <cmath>

namespace fettle::detection {
namespace {

constexpr double slowest = 0.002;
constexpr double little = 0.2;  // of correlation

}  // namespace

void Decorrelation::learn(double value) {
  if (!std::isfinite(value)) return;
  auto& [ring, products, mean, square, seen, since] = state_;
  const double share = std::max(slowest, 1.0 / static_cast<double>(seen + 1));
  mean += share * (value - mean);
  const double away = value - mean;
  square += share * (away * away - square);
  for (std::size_t lag = 0; lag < lags; ++lag) {
    const std::uint64_t distance = 1U << lag;
    if (seen < distance) break;
    products[lag] += share * (away * (ring[(seen - distance) % memory] - mean) - products[lag]);
  }
  ring[seen % memory] = value;
  ++seen;
}

bool Decorrelation::pick() {
  if (++state_.since < stride()) return false;
  state_.since = 0;
  return true;
}

std::size_t Decorrelation::stride() const {
  const auto independent = std::find_if(state_.products.begin(), state_.products.end(),
                                        [this](double product) { return std::abs(product) <= little * state_.square; });
  return std::size_t{1} << static_cast<std::size_t>(independent - state_.products.begin());
}

void Decorrelation::save(StateWriter& writer) const { writer.put(state_); }

bool Decorrelation::restore(StateReader& reader) {
  State state;
  reader.get(state);
  const auto finite = [](double value) { return std::isfinite(value); };
  if (!reader.ok() || !std::all_of(state.ring.begin(), state.ring.end(), finite) || !finite(state.mean) ||
      !std::all_of(state.products.begin(), state.products.end(), finite) || !(state.square >= 0)) {
    return false;
  }
  state_ = state;
  return true;
}

}  // namespace fettle::detection
