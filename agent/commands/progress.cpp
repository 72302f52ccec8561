#include "commands/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>
#include <cstdio>

namespace fettle::commands {

bool progress_is_seen() {
  static const bool is_seen = ::isatty(STDERR_FILENO) == 1;
  return is_seen;
}

void show_progress(std::string_view text) {
  if (progress_is_seen()) fmt::print(stderr, "\r{:<100}\r{}", "", text);
}

}  // namespace fettle::commands
