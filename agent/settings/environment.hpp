#pragma once

#include <string>
#include <string_view>

namespace fettle::settings {

/// Letters, digits and underscores, no digit first.
bool is_environment_name(std::string_view text);

/// A text with its variables filled in, or why that cannot be done.
struct FilledIn {
  std::string text;
  std::string mistake;  ///< empty if all went well
};

/// Replaces ${NAME} and ${NAME:-default} by the environment's values; a variable that is set but empty counts as absent.
FilledIn fill_in(std::string_view text);

}  // namespace fettle::settings
