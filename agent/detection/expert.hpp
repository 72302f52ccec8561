#pragma once

#include "core/registry.hpp"
#include "core/state.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace fettle::detection {

/// What an expert is shown of a stream: one good reading.
struct Sample {
  std::uint64_t number = 0;  ///< how many came before
  std::int64_t second = 0;   ///< local time, in seconds since 1970: hours and days of the week as people live by them
  double value = 0;          ///< finite
};

/// One way of looking at a stream of readings, each of which has its own idea of what is strange.
class Expert {
 public:
  using Factory = std::unique_ptr<Expert>();

  Expert() = default;
  Expert(const Expert&) = delete;
  Expert& operator=(const Expert&) = delete;
  virtual ~Expert() = default;

  /// How strange the sample is by all that came before, as -log10 p, 0 or more; then learns it. Never allocates after warm-up.
  virtual double judge(const Sample& sample) = 0;
  /// In words, what the expert found in the latest sample: "higher than ever before: 21.4 to 29.0".
  virtual std::string explain() const = 0;

  virtual void save(StateWriter& writer) const = 0;
  /// False if what is read cannot be this expert's.
  virtual bool restore(StateReader& reader) = 0;
};

}  // namespace fettle::detection
