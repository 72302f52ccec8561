#pragma once

#include "field/targets.hpp"

#include <chrono>

namespace fettle::bench {

/// How long each figure is watched, and how long each program may warm up before.
struct Spans {
  std::chrono::seconds warm_up{20}, measured{60}, line{20};
};

/// How much of a serial line's time goes into values.
void measure_line(const Spans& spans, Targets& targets);
/// What dead units behind a connection cost the healthy one.
void measure_harness(const Spans& spans, Targets& targets);
/// The same registers by this agent and by others.
void measure_peers(const Spans& spans, Targets& targets);
/// Whether costs grow with the points, and not faster.
void measure_growth(const Spans& spans, Targets& targets);

}  // namespace fettle::bench
