#include "redating.hpp"

#include "core/earliest.hpp"

#include <algorithm>
#include <array>

namespace fettle {
namespace {

/// Time daemons need seconds to minutes after a boot; what is not there by then may never come.
constexpr Duration sync_patience = std::chrono::minutes{10};
constexpr Duration least_step = std::chrono::minutes{1};

Duration whole(std::chrono::steady_clock::duration span) { return std::chrono::round<Duration>(span); }

}  // namespace

Redating::Redating(Time known_past, bool new_journal, std::size_t capacity)
    : known_past_{std::max(known_past, earliest_possible)}, new_journal_{new_journal}, capacity_{capacity} {}

bool Redating::is_settled(Time now, SteadyMoment steady, bool synchronised) {
  if (!began_) began_ = steady;
  const bool possible = now >= known_past_;
  const bool waited = !new_journal_ || steady - *began_ >= sync_patience;
  settled_ = settled_ || synchronised || (possible && waited);
  return settled_;
}

void Redating::hold(std::span<const Reading> readings, SteadyMoment steady) {
  for (const auto& reading : readings) {
    held_.push_back({reading, steady});
    if (held_.size() <= capacity_) continue;
    held_.pop_front();
    ++dropped_;
  }
}

std::vector<Reading> Redating::release(Time now, SteadyMoment steady) {
  std::vector<Reading> readings;
  readings.reserve(held_.size());
  for (const auto& [reading, taken] : held_) {
    readings.push_back(reading);
    readings.back().time = now - whole(steady - taken);
  }
  std::deque<Held>{}.swap(held_);
  return readings;
}

Duration ClockStep::look(Time now, SteadyMoment steady) {
  const auto offset = now.time_since_epoch() - whole(steady.time_since_epoch());
  const auto step = offset_ ? offset - *offset_ : Duration{0};
  offset_ = offset;
  return std::chrono::abs(step) < least_step ? Duration{0} : step;
}

void redate(Alert& alert, Duration step) {
  alert.raised_at += step;
  alert.changed_at += step;
  for (auto* time : {&alert.cleared_at, &alert.closed_at, &alert.dispatch_by}) {
    if (*time) **time += step;
  }
  if (alert.evidence) {
    alert.evidence->from += step;
    alert.evidence->to += step;
  }
  if (alert.energy) alert.energy->since += step;
  for (auto& entry : alert.log) {
    if (entry.by.empty()) entry.at += step;
  }
}

}  // namespace fettle
