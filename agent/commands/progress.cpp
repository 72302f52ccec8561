#include "commands/progress.hpp"

#include "commands/table.hpp"

#include <fmt/format.h>
#include <unistd.h>
#include <cstdio>

namespace fettle::commands {
namespace {

constexpr std::string_view begin_anew = "\r\x1b[K";

}  // namespace

bool progress_is_seen() {
  static const bool is_seen = ::isatty(STDERR_FILENO) == 1;
  return is_seen;
}

void show_progress(std::string_view text) {
  if (!progress_is_seen()) return;
  // A line that is full would go on in the next one, which nobody clears.
  const auto columns = terminal_columns(STDERR_FILENO).value_or(80) - 1;
  fmt::print(stderr, "{}{}", begin_anew, clipped(text, columns));
}

void show_news(std::string_view text) {
  if (progress_is_seen()) fmt::print(stderr, "{}{}\n", begin_anew, text);
}

}  // namespace fettle::commands
