#pragma once

#include "core/verdicts.hpp"

#include <string>
#include <vector>

namespace fettle {

/// Alerts as a list of documents tells them.
struct AlertList {
  std::vector<Alert> alerts;
  std::size_t unreadable = 0;  ///< documents that this version does not understand
};

/// Reads `[document, document]`.
AlertList parse_alert_list(const std::string& json);

/// The gravest first, then the most urgent, then the oldest.
void sort_by_urgency(std::vector<Alert>& alerts);

}  // namespace fettle
