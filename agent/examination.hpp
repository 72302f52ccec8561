#pragma once

#include "doctor/check.hpp"

#include <functional>
#include <string>
#include <vector>

namespace fettle {

/// What one check has found.
struct Examined {
  std::string check;
  std::vector<doctor::Diagnosis> found;
};

/// Every check there is, in alphabetical order; `progress` hears of each before it is made.
std::vector<Examined> examine(
    const Patient& patient, const std::function<void(const std::string& check)>& progress = [](const std::string&) {});

}  // namespace fettle
