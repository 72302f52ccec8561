#include "modbus/master.hpp"

#include <algorithm>

namespace fettle::modbus {

std::vector<Result<Words>> Master::ask_all(const Station& station, std::span<const Request> requests) {
  std::vector<Result<Words>> answers;
  answers.reserve(requests.size());
  for (const auto& request : requests) {
    const bool silent = !answers.empty() && !answers.back() && is_silence(answers.back().error().fault);
    answers.push_back(silent ? answers.back() : ask(station, request));
  }
  return answers;
}

acquisition::LineQuality Master::quality(std::uint8_t unit) const {
  const auto* known = known_statistics(unit);
  return known == nullptr ? acquisition::LineQuality{} : known->quality();
}

const Statistics* Master::known_statistics(std::uint8_t unit) const {
  const auto found = statistics_.find(unit);
  return found == statistics_.end() ? nullptr : &found->second;
}

Span Master::slowest_latency() const {
  Span slowest{};
  for (const auto& [unit, each] : statistics_) slowest = std::max(slowest, each.latency(0.95));
  return slowest;
}

}  // namespace fettle::modbus
