#pragma once

#include "core/verdicts.hpp"

#include <functional>

namespace fettle::health {

/// The limits of one indicator, as functions of its baseline.
struct Limits {
  std::function<double(double)> warn;
  std::function<double(double)> limit;
  bool absolute = false;  ///< not learned: to be beyond them is certain, whatever the statistics say
};

/// Turns findings about one indicator into the health of its failure mode: how far from the healthy baseline towards the limit.
class Assessor {
 public:
  Assessor(AssetId asset, ModeId mode, Limits limits) : asset_{asset}, mode_{mode}, limits_{std::move(limits)} {}

  ModeHealth assess(const Finding& finding) const;

 private:
  AssetId asset_;
  ModeId mode_;
  Limits limits_;
};

}  // namespace fettle::health
