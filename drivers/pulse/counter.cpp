#include "pulse/counter.hpp"

#include <algorithm>

namespace fettle::pulse {
namespace {

double seconds(std::chrono::nanoseconds span) { return std::chrono::duration<double>{span}.count(); }

}  // namespace

void PulseCounter::begin(Moment now) {
  opened_ = now;
  last_number_ = 0;
  last_.reset();
  reference_.reset();
  since_reference_ = 0;
  rate_.reset();
}

void PulseCounter::count(const Edge& edge) {
  const std::uint32_t step = edge.number - last_number_;  // numbers wrap
  if (step == 0) return;
  last_number_ = edge.number;
  total_ += step;
  unseen_ += step - 1;
  if (reference_) {
    since_reference_ += step;
  } else {
    reference_ = edge.time;
  }
  last_ = edge.time;
}

std::optional<double> PulseCounter::take_rate(Moment now) {
  if (since_reference_ > 0 && *last_ > *reference_) {
    rate_ = static_cast<double>(since_reference_) / seconds(*last_ - *reference_);
    reference_ = last_;
    since_reference_ = 0;
  }
  const auto silence = now - std::max(last_.value_or(Moment::min()), opened_.value_or(now));
  if (silence >= quiet_) {
    rate_ = 0;
  } else if (rate_ && silence > std::chrono::nanoseconds{0}) {
    rate_ = std::min(*rate_, 1 / seconds(silence));
  }
  return rate_;
}

}  // namespace fettle::pulse
