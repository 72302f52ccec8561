#include "delivery/rate_limit.hpp"

#include <algorithm>

namespace fettle::delivery {
namespace {

constexpr std::chrono::minutes window{1};

/// What lies ahead of `now` does not count: the clock was set back, and nobody shall wait for it to come round again.
bool is_past(Time passed, Time now) { return passed <= now - window || passed > now; }

}  // namespace

RateLimit::Passed* RateLimit::place_of(const std::string& name, Time now) {
  if (const auto known = expected_.find(name); known != expected_.end()) return &known->second;
  if (const auto known = others_.find(name); known != others_.end()) return &known->second;
  if (others_.size() >= most_names_) {
    std::erase_if(others_, [now](const auto& each) {
      return std::all_of(each.second.begin(), each.second.end(), [now](Time one) { return is_past(one, now); });
    });
  }
  return others_.size() < most_names_ ? &others_[name] : nullptr;
}

std::optional<Duration> RateLimit::delay(const std::string& name, Time now) {
  auto* const passed = place_of(name, now);
  if (passed == nullptr) return window;
  std::erase_if(*passed, [now](Time each) { return is_past(each, now); });
  if (passed->size() >= per_minute_) return passed->front() + window - now;
  passed->push_back(now);
  return std::nullopt;
}

}  // namespace fettle::delivery
