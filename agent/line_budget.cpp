#include "line_budget.hpp"

#include "buses.hpp"

#include "acquisition/poll_plan.hpp"
#include "acquisition/wire_time.hpp"
#include "field.hpp"

#include <array>

namespace fettle {
namespace {

using acquisition::ClassSet;

/// Classes that are due together are asked for together.
std::optional<double> share_of(const acquisition::WireTime& device, const acquisition::Paces& every) {
  double share = 0;
  ClassSet done;
  for (std::size_t first = 0; first < every.size(); ++first) {
    if (done.test(first)) continue;
    ClassSet together;
    for (std::size_t other = first; other < every.size(); ++other) {
      if (every.at(other) == every.at(first)) together.set(other);
    }
    done |= together;
    const auto time = device.wire_time(together);
    if (!time) return std::nullopt;
    share += std::chrono::duration<double>{*time} / std::chrono::duration<double>{every.at(first)};
  }
  return share;
}

}  // namespace

std::optional<LineBudget> line_budget(const Installation& installation, const settings::BusSettings& bus) {
  const auto line = make_line(bus);
  if (!line) return std::nullopt;
  LineBudget budget;
  budget.bus = bus.key;
  for (const auto& device : installation.devices) {
    if (device.settings.bus != bus.key) continue;
    const auto driver = attach(*line, device);
    const auto* const timed = dynamic_cast<const acquisition::WireTime*>(driver.get());
    const auto share = timed == nullptr ? std::nullopt : share_of(*timed, paces_of(device));
    if (!share) return std::nullopt;
    ++budget.devices;
    budget.share += *share;
    if (*share <= budget.greediest_share) continue;
    budget.greediest = device.settings.key;
    budget.greediest_share = *share;
  }
  if (budget.devices == 0) return std::nullopt;
  return budget;
}

}  // namespace fettle
