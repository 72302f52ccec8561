#include "settings/site.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

/// Any text is a settings file: it is read, or its mistakes are listed; nothing else may happen.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text{data, data + size};
  fettle::settings::Mistakes mistakes;
  const auto root = fettle::settings::load_text(text, "fuzz.yaml", mistakes);
  static_cast<void>(fettle::settings::read_site(root, mistakes));
  mistakes.sort();
  for (const auto& each : mistakes.all()) static_cast<void>(to_text(each));
  return 0;
}
