#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace fettle::settings {

/// Something in a file that no YAML text may hold, and where it stands (0-based).
struct BadText {
  std::string text;
  std::size_t position = 0;
};

/// The first byte that is not UTF-8 or is a control character; nothing if the text is clean.
std::optional<BadText> bad_text(std::string_view text);

}  // namespace fettle::settings
