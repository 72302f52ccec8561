#pragma once

#include "core/result.hpp"

#include <cstddef>
#include <cstdio>
#include <string>
#include <vector>

namespace fettle {

/// What a scoring left behind beside its table.
struct ScoreSummary {
  std::size_t rows = 0;
  std::vector<std::string> notes;  ///< what was strange about the table
};

/// Writes a table of readings (CSV: a time, then one or more values) with what the detectors think of each row.
/// One value: `anomaly_score` in [0, 1] of the generic detector. Several: of the detector of a whole machine, which learns from the
/// first `fit` rows; above 0.5 `pred` is 1, and where it changes `cp` is 1. A row's scores depend on it and on rows before it only.
/// The error names file, line and remedy.
Result<ScoreSummary> score(const std::string& file, std::size_t fit, std::FILE* out);

}  // namespace fettle
