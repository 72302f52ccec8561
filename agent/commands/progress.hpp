#pragma once

#include <string_view>

namespace fettle::commands {

/// True if somebody looks at the standard error.
bool progress_is_seen();

/// One line that changes while a command takes its time; an empty text takes it away. A pipe sees nothing of this.
void show_progress(std::string_view text);

/// A line that stays, above the one that changes.
void show_news(std::string_view text);

}  // namespace fettle::commands
