#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fettle::settings {

/// The one of `words` that `word` was probably meant to be: close by edit distance, nothing if none is.
std::optional<std::string> nearest(std::string_view word, const std::vector<std::string>& words);

/// " (did you mean \"unit\"?)", or " (" + `otherwise` + " a, b, c)" if none is close; empty without words.
std::string hint(std::string_view word, const std::vector<std::string>& words, std::string_view otherwise);

}  // namespace fettle::settings
