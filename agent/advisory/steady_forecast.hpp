#pragma once

#include "core/state.hpp"
#include "core/verdicts.hpp"

#include <optional>

namespace fettle::advisory {

/// A forecast that does not swing with the machine's load. Each update's moments of failure are averaged over the last day, or over a
/// fifth of the time that is left if that is less; people plan by them.
class SteadyForecast {
 public:
  /// The steadied form of this update's forecast; a missing one ends the series.
  std::optional<Prognosis> take(const std::optional<Prognosis>& fresh);

  void save(StateWriter& writer) const;
  void restore(StateReader& reader);

 private:
  bool begun_ = false;
  Time made_{}, low_{}, mid_{}, high_{};
};

}  // namespace fettle::advisory
