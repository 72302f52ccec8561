#include "acquisition/backoff.hpp"

#include <algorithm>

namespace fettle::acquisition {

void Backoff::failed(Moment now) {
  if (failures_ < rule_.tolerated) {
    ++failures_;
    return;
  }
  pause_ = pause_ == Pause{0} ? rule_.first : std::min(2 * pause_, rule_.longest);
  until_ = now + pause_;
}

void Backoff::succeeded() { *this = Backoff{rule_}; }

}  // namespace fettle::acquisition
