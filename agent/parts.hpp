#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fettle {

/// One line of `fettle list`.
struct PartLine {
  std::string name, summary;
};

/// What parts_of knows: "drivers", "detectors", ...
std::vector<std::string> kinds_of_parts();

/// The registered parts of a kind, or the device profiles or equipment models that are found (those beside `site_file` first).
std::vector<PartLine> parts_of(std::string_view kind, const std::string& site_file);

}  // namespace fettle
