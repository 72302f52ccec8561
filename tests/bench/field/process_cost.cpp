#include "field/process_cost.hpp"

#include <fmt/format.h>
#include <unistd.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

namespace fettle::bench {
namespace {

/// The process, its children, and theirs.
std::vector<pid_t> family(pid_t process) {
  std::vector<pid_t> found{process};
  std::error_code gone;
  for (const auto& task : std::filesystem::directory_iterator{fmt::format("/proc/{}/task", process), gone}) {
    std::ifstream children{task.path() / "children"};
    for (pid_t child = 0; children >> child;) {
      const auto further = family(child);
      found.insert(found.end(), further.begin(), further.end());
    }
  }
  return found;
}

/// User and system time, its own and that of children that have ended (fields 14 to 17 of proc(5)).
double cpu_of(pid_t process) {
  std::ifstream file{fmt::format("/proc/{}/stat", process)};
  const std::string text{std::istreambuf_iterator<char>{file}, {}};
  const auto name_ends = text.rfind(')');
  if (name_ends == std::string::npos) return 0;
  std::istringstream fields{text.substr(name_ends + 1)};
  std::string skipped;
  for (int number = 3; number < 14; ++number) fields >> skipped;
  double ticks = 0;
  for (int number = 14; number <= 17; ++number) {
    double each = 0;
    fields >> each;
    ticks += each;
  }
  return ticks / static_cast<double>(sysconf(_SC_CLK_TCK));
}

}  // namespace

ProcessCost cost_of(pid_t process) {
  ProcessCost cost;
  for (const auto each : family(process)) {
    cost.cpu += cpu_of(each);
    std::ifstream memory{fmt::format("/proc/{}/smaps_rollup", each)};
    for (std::string line; std::getline(memory, line);) {
      std::istringstream words{line};
      std::string name;
      double kilobytes = 0;
      words >> name >> kilobytes;
      if (name == "Rss:") cost.rss += kilobytes / 1024;
      if (name == "Pss:") cost.pss += kilobytes / 1024;
      if (name == "Anonymous:") cost.anonymous += kilobytes / 1024;
    }
    std::error_code gone;
    using Tasks = std::filesystem::directory_iterator;
    cost.threads += static_cast<int>(std::distance(Tasks{fmt::format("/proc/{}/task", each), gone}, Tasks{}));
  }
  return cost;
}

}  // namespace fettle::bench
