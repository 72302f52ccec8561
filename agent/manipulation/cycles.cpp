#include "manipulation/cycles.hpp"

namespace fettle::manipulation {
namespace {

constexpr int gap_periods = 3;  ///< without a reading: nobody knows what happened meanwhile

}  // namespace

CycleStep Cycles::take(const Reading& state) {
  CycleStep step;
  // A bad reading is a missing one.
  if (!state.is_good()) return step;
  const bool on = state.value != 0;
  if (!seen_) {
    seen_ = true;
    on_ = on;
    last_ = since_ = state.time;
    return step;
  }
  const Duration passed = state.time - last_;
  const bool followed = passed >= Duration{0} && passed <= gap_periods * every_;
  if (!followed) whole_ = false;
  if (on == on_) {
    if (followed) (on ? step.on : step.off) = passed;
  } else {
    const Duration before = followed ? passed / 2 : Duration{0};
    const Duration after = followed ? passed - before : Duration{0};
    step.on = on ? after : before;
    step.off = on ? before : after;
    change(step, state.time - after, followed);
  }
  last_ = state.time;
  return step;
}

void Cycles::change(CycleStep& step, Time at, bool seen) {
  if (whole_) step.finished = Spell{on_, at - since_};
  on_ = !on_;
  step.started = on_;
  since_ = at;
  whole_ = seen;
}

void Cycles::save(StateWriter& writer) const {
  writer.put(last_);
  writer.put(since_);
  writer.put(seen_);
  writer.put(on_);
  writer.put(whole_);
}

void Cycles::restore(StateReader& reader) {
  // A bool has two values, a byte of a damaged blob has more.
  std::uint8_t seen = 0, on = 0, whole = 0;
  reader.get(last_);
  reader.get(since_);
  reader.get(seen);
  reader.get(on);
  reader.get(whole);
  seen_ = seen != 0;
  on_ = on != 0;
  whole_ = whole != 0;
}

}  // namespace fettle::manipulation
