// What the generic detector costs: the fastest of several runs over a day-night cycle with noise, and the bytes of its state, as JSON.
//
// usage: panel_cost [SAMPLES [RUNS]]
#include "detection/panel.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <random>
#include <vector>

int main(int argc, char** argv) {
  using fettle::detection::Panel;
  const int samples = argc > 1 ? std::max(1, std::atoi(argv[1])) : 100'000, runs = argc > 2 ? std::atoi(argv[2]) : 20;
  std::mt19937 random{1};
  std::normal_distribution<double> noise{0, 0.5};
  std::vector<double> values;
  for (int sample = 0; sample < samples; ++sample) values.push_back(20 + 5 * std::sin(sample / 45.8) + noise(random));
  double fastest = 1e9, sum = 0;
  std::size_t state = 0;
  for (int run = 0; run < runs; ++run) {
    Panel panel;
    const auto begin = std::chrono::steady_clock::now();
    for (int sample = 0; sample < samples; ++sample)
      sum += panel.judge(sample * 300, values[static_cast<std::size_t>(sample)]);
    const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - begin;
    fastest = std::min(fastest, took.count() / samples);
    fettle::StateWriter writer;
    panel.save(writer);
    state = writer.take().size();
  }
  fmt::print("{{\"microseconds\": {:.3f}, \"state\": {}, \"samples\": {}, \"checksum\": {:.6g}}}\n", fastest, state,
             samples, sum);
}
