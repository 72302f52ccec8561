#include "commands/mistakes.hpp"

#include <fmt/format.h>
#include <cstdio>
#include <set>

namespace fettle::commands {
namespace {

std::string counted(std::size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

}  // namespace

void print(const settings::Mistakes& mistakes) {
  std::set<std::string> files;
  for (const auto& mistake : mistakes.all()) {
    fmt::print(stderr, "{}\n", settings::to_text(mistake));
    files.insert(mistake.at.file);
  }
  fmt::print(stderr, "{} in {}\n", counted(mistakes.size(), "mistake"), counted(files.size(), "file"));
}

}  // namespace fettle::commands
