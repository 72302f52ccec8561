#include "advisory/episode.hpp"

namespace fettle::advisory {

std::optional<Alert> Episode::mark_test(Time now, bool test) {
  facts_.test = test;
  if (!is_open() || alert_->test == test) return std::nullopt;
  alert_->test = test;
  return revise(now, AlertEvent::updated, test ? "commissioning" : "operational");
}

}  // namespace fettle::advisory
